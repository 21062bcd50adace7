import type { Handle, Perhaps } from '../builder.ts';
import type { Cluster } from './cluster.ts';
import { type Context, tags } from './context.ts';
import { needsSecretsDriver } from './vault.ts';

/** The identity the node's pod has in Azure; made when the pod needs one, because an unused identity is only a risk. */
export const workloadIdentity = (context: Context, group: Handle): Perhaps<Handle> =>
  context.plan.when(
    () => needsSecretsDriver(context.spec),
    () =>
      context.plan.resource(
        'azure-native:managedidentity:UserAssignedIdentity',
        'workload-identity',
        'secrets',
        () => ({
          resourceGroupName: group.output('name'),
          location: () => context.spec.azure.region,
          resourceName: context.names.workloadIdentity,
          tags: () => tags(context),
        }),
      ),
  );

/** Lets the pod's service account act as the identity. */
export const federation = (
  { plan, names }: Context,
  group: Handle,
  { cluster }: Cluster,
  identity: Perhaps<Handle>,
): Perhaps<Handle> =>
  plan.when(
    () => identity() !== undefined,
    () =>
      plan.resource(
        'azure-native:managedidentity:FederatedIdentityCredential',
        'workload-federation',
        'secrets',
        () => ({
          resourceGroupName: group.output('name'),
          resourceName: (identity() as Handle).output('name'),
          federatedIdentityCredentialResourceName: 'kubernetes',
          issuer: cluster.output('oidcIssuerProfile.issuerURL'),
          subject: () => `system:serviceaccount:${names.kubernetes()}:${names.kubernetes()}`,
          audiences: ['api://AzureADTokenExchange'],
        }),
      ),
  );
