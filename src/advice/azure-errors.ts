import type { Advice } from './advice.ts';

const pool = 'agentPoolProfiles[0].vmSize';
const wait = 'wait a few minutes and run it again';
const stumbled = 'run it again; where it stays, https://azure.status.microsoft says what is wrong';

/** By Azure's error code; https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors and those of the services. */
export const azureErrors: Readonly<Record<string, Advice>> = {
  AADSTS700016: {
    meaning: 'the login names an application that the directory does not know',
    advice: 'check ARM_CLIENT_ID and ARM_TENANT_ID',
  },
  AADSTS70021: {
    meaning: 'no federated credential fits the token of this run',
    advice: 'the subject of the credential must be that of the repository and its environment, letter by letter',
  },
  AllocationFailed: {
    meaning: 'Azure has no machine of this size free there now',
    advice: 'try again later, or take another size or zone',
    input: pool,
    again: true,
  },
  AlreadyInUse: {
    meaning: 'the name of the registry belongs to somebody else',
    advice: 'choose another registry.name, and the image with it',
    input: 'registryName',
  },
  AnotherOperationInProgress: {
    meaning: 'another operation on it is under way',
    advice: wait,
    again: true,
  },
  AuthorizationFailed: {
    meaning: 'whoever deploys may not do this',
    advice: 'it takes Contributor, and for grants "Role Based Access Control Administrator", on the resource group',
  },
  AvailabilityZoneNotSupported: {
    meaning: 'the size or the region has no such zone',
    advice: 'choose another zone, or leave cluster.nodePool.zone out',
    input: 'agentPoolProfiles[0].availabilityZones',
  },
  ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity: {
    meaning: 'two credentials of one identity were written at once',
    advice: 'run it again',
    again: true,
  },
  ConflictError: {
    meaning: 'a deleted vault or secret of this name is still kept',
    advice: '"perpetual up" brings back a vault; a secret takes "az keyvault secret recover"',
    input: 'vaultName',
  },
  DnsServiceIpOutOfServiceCidr: {
    meaning: 'the address of the cluster DNS is outside the range of its Services',
    advice: 'this is a fault of the plan: report it',
    input: 'networkProfile.dnsServiceIP',
  },
  ExpiredAuthenticationToken: { meaning: 'the login has expired', advice: 'log in again ("az login")', again: true },
  InUseSubnetCannotBeUpdated: {
    meaning: 'a subnet that machines stand in keeps its range',
    advice: 'put network.subnet back',
    input: 'addressPrefix',
  },
  InsufficientSubnetSize: {
    meaning: 'the subnet has too few addresses for the nodes',
    advice: 'a larger network.subnet, before the cluster exists',
    input: 'addressPrefix',
  },
  InternalServerError: { meaning: 'Azure failed by itself', advice: stumbled, again: true },
  InvalidAuthenticationToken: {
    meaning: 'the login is for another directory, or broken',
    advice: 'log in again ("az login --tenant ...")',
  },
  InvalidTemplateDeployment: {
    meaning: 'Azure refused it before it began; the reason follows in its message',
    advice: 'read the inner error, often a quota or a policy of the organisation',
  },
  K8sVersionNotSupported: {
    meaning: 'AKS does not offer this Kubernetes version in the region',
    advice: '"az aks get-versions --location REGION" lists those it offers',
    input: 'kubernetesVersion',
  },
  LinkedAuthorizationFailed: {
    meaning: "the cluster's identity may not join the subnet or use the address",
    advice: 'its grant may not have arrived yet: run it again',
    again: true,
  },
  LocationNotAvailableForResourceType: {
    meaning: 'the service is not in this region',
    advice: 'choose another azure.region',
    input: 'location',
  },
  ManagedClusterCountExceedsQuotaLimit: {
    meaning: 'the subscription has as many clusters there as it may have',
    advice: 'delete one, or ask for more',
  },
  MissingSubscriptionRegistration: {
    meaning: 'the subscription has never used this service',
    advice: '"az provider register --namespace ..." with the namespace that the message names, once',
  },
  NetworkAclsValidationFailure: {
    meaning: 'the firewall names a subnet without the service endpoint',
    advice: 'this is a fault of the plan: report it',
  },
  NodePoolMcVersionIncompatible: {
    meaning: 'the pool is newer than the cluster, or more than three minor versions older',
    advice: 'upgrade one minor version at a time',
    input: 'kubernetesVersion',
  },
  NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged: {
    meaning: 'the cluster was moved to another version meanwhile',
    advice: 'refresh the stack and run it again',
    input: 'kubernetesVersion',
    again: true,
  },
  OperationNotAllowed: {
    meaning: 'another operation on the cluster is under way, or a quota is used up',
    advice: 'if the message names a quota ask for more, else wait and run it again',
    input: pool,
    again: true,
  },
  OverconstrainedAllocationRequest: {
    meaning: 'no machine fits size, zone and disk together',
    advice: 'take another size, or leave the zone out',
    input: pool,
  },
  PrincipalNotFound: {
    meaning: 'the principal is not in the directory, or not yet',
    advice: 'check its object id (not the client id); a new identity takes some minutes: run it again',
    input: 'principalId',
    again: true,
  },
  PrincipalTypeNotSupported: {
    meaning: 'the principal is of another kind than the grant says',
    advice: 'set principalType to User, Group or ServicePrincipal',
    input: 'principalType',
  },
  PublicIPCountLimitReached: {
    meaning: 'the subscription has as many public addresses there as it may have',
    advice: 'delete one that nothing uses, or ask for more',
  },
  QuotaExceeded: {
    meaning: 'the subscription has not enough vCPUs of this family in the region, one node more for upgrades included',
    advice: 'ask for more in the portal under "Quotas", or take a size of another family',
    input: pool,
  },
  RequestDisallowedByPolicy: {
    meaning: 'an Azure Policy of the organisation forbids it',
    advice: 'the message names the policy: ask its owner, often a tag or a region is missing',
  },
  ReferencedResourceNotProvisioned: {
    meaning: 'something it needs is not ready yet',
    advice: 'run it again',
    again: true,
  },
  ResourceGroupBeingDeleted: { meaning: 'the resource group is being deleted', advice: wait, again: true },
  ResourceGroupNotFound: {
    meaning: 'the resource group does not exist',
    advice: 'check network.dns.resourceGroup and registry.resourceGroup; what the spec makes is made first',
    input: 'resourceGroupName',
  },
  RoleAssignmentExists: {
    meaning: 'somebody has given this right by hand',
    advice: 'remove the assignment by hand, or import it into the stack',
  },
  RoleAssignmentUpdateNotPermitted: {
    meaning: "a grant can't be changed, only made anew",
    advice: 'delete it and run it again',
  },
  ScopeLocked: { meaning: 'a lock protects it', advice: 'whoever set the lock may remove it' },
  SecurityRuleConflict: {
    meaning: 'two rules have the same priority and direction',
    advice: 'another priority under network.rules',
    input: 'securityRules',
  },
  ServiceUnavailable: { meaning: 'the service of Azure does not answer now', advice: stumbled, again: true },
  ServiceCidrOverlapExistingSubnetsCidr: {
    meaning: 'the range of the Services is that of a network nearby',
    advice: 'choose another network.addressSpace: the ranges of the cluster follow from it',
    input: 'networkProfile.serviceCidr',
  },
  SkuNotAvailable: {
    meaning: 'the size is not offered to this subscription in the region or zone',
    advice: 'take another size; "az vm list-skus --location REGION --size SIZE" says why',
    input: pool,
  },
  SoftDeletedVaultDoesNotExist: {
    meaning: 'no deleted vault of this name can be brought back there',
    advice: 'it was in another region or subscription: put azure back, or choose another metadata.name',
    input: 'vaultName',
  },
  StorageAccountAlreadyTaken: {
    meaning: 'the name of the storage account belongs to somebody else',
    advice: 'another metadata.name or environment gives another name',
    input: 'accountName',
  },
  SubnetIsFull: {
    meaning: 'no address is left for the node that an upgrade adds',
    advice: 'fewer nodes, or a new cluster in a larger subnet',
    input: 'addressPrefix',
  },
  SubnetsHaveNoServiceEndpointsConfigured: {
    meaning: 'the firewall names a subnet without the service endpoint',
    advice: 'this is a fault of the plan: report it',
  },
  SubscriptionNotFound: {
    meaning: 'the login does not see this subscription',
    advice: 'check azure.subscription, or log in to its directory',
  },
  SystemPoolSkuTooLow: {
    meaning: 'the size is too small for a system pool',
    advice: 'at least 2 vCPU and 4 GiB',
    input: pool,
  },
  TooManyRequests: { meaning: 'too many requests at once', advice: wait, again: true },
  UnsatisfiablePDB: {
    meaning: 'a PodDisruptionBudget in the cluster lets no pod go',
    advice: 'one replica needs maxUnavailable 1',
  },
  UserErrorNotEnoughPermissionOnDisk: {
    meaning: "the backup vault's right to read the disk has not arrived yet",
    advice: 'it takes up to 30 minutes: run it again then',
    again: true,
  },
  UserErrorNotEnoughPermissionOnSnapshotRG: {
    meaning: "the backup vault's right to write snapshots has not arrived yet",
    advice: 'it takes up to 30 minutes: run it again then',
    again: true,
  },
  VaultAlreadyExists: {
    meaning: 'a vault of this name exists, or is kept as deleted',
    advice: '"az keyvault list-deleted" shows it; recover it, or choose another metadata.name',
    input: 'vaultName',
  },
  ZonalAllocationFailed: {
    meaning: 'Azure has no machine of this size free in the zone now',
    advice: 'another zone or size; the disk lives in the zone, so choose before it exists',
    input: 'agentPoolProfiles[0].availabilityZones',
  },
};
