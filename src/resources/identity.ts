import type { Handle, Perhaps } from '../builder.ts';
import type { Cluster } from './cluster.ts';
import { type Context, tags } from './context.ts';

/** A pod that acts in Azure: what its resources are called, and the service account it runs under. */
export type Actor = {
  key: 'workload' | 'gateway';
  /** The part of the spec that needs it. */
  origin: string;
  serviceAccount: () => string;
  isNeeded: () => boolean;
};

/** The identity a pod has in Azure; made when the pod needs one, because an unused identity is only a risk. */
export const podIdentity = (context: Context, group: Handle, { key, origin, isNeeded }: Actor): Perhaps<Handle> =>
  context.plan.when(isNeeded, () =>
    context.plan.resource('azure-native:managedidentity:UserAssignedIdentity', `${key}-identity`, origin, () => ({
      resourceGroupName: group.output('name'),
      location: () => context.spec.azure.region,
      resourceName: key === 'workload' ? context.names.workloadIdentity : context.names.gatewayIdentity,
      tags: () => tags(context),
    })),
  );

/** Lets the pod's service account act as the identity. */
export const federation = (
  { plan, names }: Context,
  group: Handle,
  { cluster }: Cluster,
  { key, origin, serviceAccount }: Actor,
  identity: Perhaps<Handle>,
): Perhaps<Handle> =>
  plan.when(
    () => identity() !== undefined,
    () =>
      plan.resource('azure-native:managedidentity:FederatedIdentityCredential', `${key}-federation`, origin, () => ({
        resourceGroupName: group.output('name'),
        resourceName: (identity() as Handle).output('name'),
        federatedIdentityCredentialResourceName: 'kubernetes',
        issuer: cluster.output('oidcIssuerProfile.issuerURL'),
        subject: () => `system:serviceaccount:${names.kubernetes()}:${serviceAccount()}`,
        audiences: ['api://AzureADTokenExchange'],
      })),
  );
