import type { Handle, Perhaps } from '../builder.ts';
import type { Spec } from '../spec/schema.ts';
import { type Context, tags } from './context.ts';

// What the operator puts there; Azure makes a container for each kind of log that it writes.
const containers = ['logs', 'backups'] as const;

/** The storage account for logs and backups: closed to the internet and to keys, and emptied of what is old. */
export function logStorage(context: Context, group: Handle, subnet: Handle): Perhaps<Handle> {
  const { spec, plan, names } = context;
  const origin = 'storage.logs';
  return plan.when(
    () => spec.storage.logs !== undefined,
    () => {
      const declared = () => spec.storage.logs as NonNullable<Spec['storage']['logs']>;
      const account = plan.resource(
        'azure-native:storage:StorageAccount',
        'log-storage',
        origin,
        () => ({
          resourceGroupName: group.output('name'),
          location: () => spec.azure.region,
          accountName: names.storageAccount,
          kind: 'StorageV2',
          sku: { name: () => declared().redundancy },
          accessTier: 'Hot' as const,
          enableHttpsTrafficOnly: true,
          minimumTlsVersion: 'TLS1_2',
          allowBlobPublicAccess: false,
          allowCrossTenantReplication: false,
          // Keys know no user; whoever reads or writes has a role.
          allowSharedKeyAccess: false,
          publicNetworkAccess: 'Enabled',
          networkRuleSet: {
            // Azure's own logging service is among those let by.
            bypass: 'AzureServices',
            defaultAction: 'Deny' as const,
            virtualNetworkRules: [{ virtualNetworkResourceId: subnet.id, action: 'Allow' as const }],
          },
          tags: () => tags(context),
        }),
        () => ({ protect: spec.metadata.stage === 'production' || undefined }),
      );
      for (const name of containers)
        plan.resource('azure-native:storage:BlobContainer', `log-storage-${name}`, origin, () => ({
          resourceGroupName: group.output('name'),
          accountName: account.output('name'),
          containerName: name,
          publicAccess: 'None' as const,
        }));
      plan.resource('azure-native:storage:ManagementPolicy', 'log-storage-lifecycle', origin, () => ({
        resourceGroupName: group.output('name'),
        accountName: account.output('name'),
        managementPolicyName: 'default',
        policy: {
          rules: [
            {
              name: 'delete-old',
              enabled: true,
              type: 'Lifecycle',
              definition: {
                // Logs are append blobs.
                filters: { blobTypes: ['blockBlob', 'appendBlob'] },
                actions: {
                  baseBlob: { delete: { daysAfterModificationGreaterThan: () => declared().keepDays } },
                },
              },
            },
          ],
        },
      }));
      return account;
    },
  );
}
