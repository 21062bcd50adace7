import type { Explanation } from './explanation.ts';

const learn = 'https://learn.microsoft.com/azure/';
const errors = 'https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/';

/** Of what "perpetual preflight" asks Azure. */
export const preflightCodes: Readonly<Record<string, Explanation>> = {
  'preflight/not-asked': {
    cause: 'Azure gave no answer to a question: most often whoever is logged in may not ask it',
    consequence: 'what it would have said is not known, and may keep the deployment from going on',
    fix: 'ask with the right that the finding names; the role Reader has nearly all of them',
    source: `${learn}role-based-access-control/built-in-roles#reader`,
  },
  'preflight/subscription': {
    cause: 'the subscription is disabled, about to be, or not seen by whoever is logged in',
    consequence: 'nothing can be made in it, or what is made stops with it',
    fix: 'have it enabled by whoever pays for it, or log in to its tenant',
    source: `${learn}cost-management-billing/manage/subscription-states`,
  },
  'preflight/region-closed': {
    cause: 'the region is none of those that the subscription may use',
    consequence: 'Azure refuses everything there',
    fix: 'ask for access to the region, or choose another one',
    source: `${learn}reliability/regions-overview`,
  },
  'preflight/provider-unregistered': {
    cause: 'the subscription has never used a service that the plan needs',
    consequence: 'Azure refuses what the service makes (MissingSubscriptionRegistration)',
    fix: 'register its provider once; "perpetual setup azure" does it for all that are needed',
    source: `${learn}azure-resource-manager/troubleshooting/error-register-resource-provider`,
  },
  'preflight/right-missing': {
    cause: 'none of the roles of whoever is logged in allows what the deployment does',
    consequence: 'Azure refuses it in the middle (AuthorizationFailed)',
    fix: 'give the role that "perpetual preflight --role" prints; deny assignments and conditions were not asked about',
    source: `${learn}role-based-access-control/permissions-reference`,
  },
  'preflight/size-unavailable': {
    cause: 'the size is not offered in the region or the zone, or not to this subscription',
    consequence: 'Azure refuses the pool after the network exists (SkuNotAvailable)',
    fix: 'choose another size, zone or region, or ask for access',
    source: `${errors}availabilityzonenotsupported-error`,
  },
  'preflight/disk-unavailable': {
    cause: 'the kind of disk is not offered in the region or the zone, or not to this subscription',
    consequence: 'Azure refuses the disk',
    fix: 'choose another kind, zone or region',
    source: `${learn}virtual-machines/disks-types`,
  },
  'preflight/quota-exceeded': {
    cause: 'the subscription has less left of something than the deployment takes',
    consequence:
      'Azure refuses it in the middle (QuotaExceeded); as a warning: a later upgrade or the autoscaler stops',
    fix: 'ask for more, which is free and takes minutes to days, or take less',
    source: `${errors}quota-exceeded-error`,
  },
  'preflight/version-unavailable': {
    cause: 'AKS does not offer this version of Kubernetes in the region today',
    consequence: 'Azure refuses the cluster',
    fix: 'choose one of the versions that the finding names',
    source: `${learn}aks/supported-kubernetes-versions`,
  },
  'preflight/name-taken': {
    cause: 'a name that must be unique in all of Azure belongs to somebody, or to a vault deleted in another region',
    consequence: 'Azure refuses what was to have the name',
    fix: 'change what the name is made of',
    source: `${learn}azure-resource-manager/management/resource-name-rules`,
  },
  'preflight/vault-deleted': {
    cause: 'Azure keeps a deleted vault of this name',
    consequence:
      'one of this environment comes back with "perpetual up"; one of another group keeps the name until it is purged',
    fix: 'nothing for the first; purge the other one, or take another name',
    source: `${learn}key-vault/general/soft-delete-overview`,
  },
  'preflight/group-foreign': {
    cause: 'a resource group that the deployment would make is there, and is not one of this environment',
    consequence: 'Azure refuses it, or what others have in the group is mixed with ours and goes with it',
    fix: 'name another group with azure.resourceGroup',
    source: `${learn}aks/faq`,
  },
};
