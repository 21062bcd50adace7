import type { Handle, Perhaps } from '../builder.ts';
import type { Spec } from '../spec/schema.ts';
import { type Context, tags } from './context.ts';
import type { DataDisk } from './storage.ts';

const diskType = 'Microsoft.Compute/disks';
const operationalStore = { dataStoreType: 'OperationalStore', objectType: 'DataStoreInfoBase' };

export const keepsBackups = (spec: Spec): boolean => spec.storage.backups?.enabled === true;

/**
 * Scheduled backups of the data disk by Azure's own service: incremental snapshots in a resource group of their own,
 * which the service may write to, and nowhere else. https://learn.microsoft.com/azure/backup/disk-backup-overview
 */
export function backups(context: Context, data: Perhaps<DataDisk>, node: Handle): void {
  const { spec, plan, names, access } = context;
  const origin = 'storage.backups';
  plan.when(
    () => keepsBackups(spec) && data() !== undefined,
    () => {
      const { disk, diskName } = data() as DataDisk;
      const declared = () => spec.storage.backups as NonNullable<Spec['storage']['backups']>;
      const protectedInProduction = () => ({ protect: spec.metadata.stage === 'production' || undefined });
      const group = plan.resource(
        'azure-native:resources:ResourceGroup',
        'backup-group',
        origin,
        () => ({
          resourceGroupName: names.snapshotGroup,
          location: () => spec.azure.region,
          tags: () => tags(context),
        }),
        protectedInProduction,
      );
      const vault = plan.resource(
        'azure-native:dataprotection:BackupVault',
        'backup-vault',
        origin,
        () => ({
          resourceGroupName: group.output('name'),
          location: () => spec.azure.region,
          vaultName: names.backupVault,
          identity: { type: 'SystemAssigned' },
          properties: {
            // Snapshots of disks stay beside the disk whatever is said here; the vault itself holds none.
            storageSettings: [{ datastoreType: 'VaultStore', type: 'LocallyRedundant' }],
            // What is soft-deleted keeps its vault from being removed for two weeks.
            securitySettings: {
              softDeleteSettings: () =>
                spec.metadata.stage === 'production' ? { state: 'On', retentionDurationInDays: 14 } : { state: 'Off' },
            },
          },
          tags: () => tags(context),
        }),
        protectedInProduction,
      );
      const grants = (
        [
          ['Disk Backup Reader', disk.name, disk.id],
          ['Disk Snapshot Contributor', 'backup-group', group.id],
        ] as const
      ).map(([role, where, scope]) =>
        access.grant({
          who: 'backup-vault',
          principalId: () => vault.output('identity.principalId'),
          principalType: () => 'ServicePrincipal',
          role: () => role,
          where,
          scope,
          origin,
        }),
      );
      const policy = plan.resource(
        'azure-native:dataprotection:BackupPolicy',
        'backup-policy',
        origin,
        () => ({
          resourceGroupName: group.output('name'),
          vaultName: vault.output('name'),
          // Azure changes no policy: the disk gets another one, and then the old one goes.
          backupPolicyName: () => `every-${declared().everyHours}-hours-keep-${declared().keepDays}-days`,
          properties: {
            objectType: 'BackupPolicy' as const,
            datasourceTypes: [diskType],
            policyRules: [
              {
                name: 'BackupSchedule',
                objectType: 'AzureBackupRule' as const,
                backupParameters: { backupType: 'Incremental', objectType: 'AzureBackupParams' as const },
                dataStore: operationalStore,
                trigger: {
                  objectType: 'ScheduleBasedTriggerContext' as const,
                  schedule: { repeatingTimeIntervals: [() => intervalOf(declared().everyHours)], timeZone: 'UTC' },
                  taggingCriteria: [{ isDefault: true, tagInfo: { tagName: 'Default' }, taggingPriority: 99 }],
                },
              },
              {
                name: 'Default',
                objectType: 'AzureRetentionRule' as const,
                isDefault: true,
                lifecycles: [
                  {
                    sourceDataStore: operationalStore,
                    deleteAfter: {
                      objectType: 'AbsoluteDeleteOption' as const,
                      duration: () => `P${declared().keepDays}D`,
                    },
                  },
                ],
              },
            ],
          },
        }),
        () => ({ deleteBeforeReplace: false }),
      );
      plan.resource(
        'azure-native:dataprotection:BackupInstance',
        'disk-backup',
        origin,
        () => ({
          resourceGroupName: group.output('name'),
          vaultName: vault.output('name'),
          backupInstanceName: diskName,
          properties: {
            objectType: 'BackupInstance',
            friendlyName: diskName,
            dataSourceInfo: {
              objectType: 'Datasource',
              datasourceType: diskType,
              resourceID: () => (data() as DataDisk).disk.id,
              resourceUri: () => (data() as DataDisk).disk.id,
              resourceName: diskName,
              resourceType: diskType,
              resourceLocation: () => spec.azure.region,
            },
            policyInfo: {
              policyId: policy.id,
              policyParameters: {
                dataStoreParametersList: [
                  {
                    objectType: 'AzureOperationalStoreParameters' as const,
                    dataStoreType: 'OperationalStore',
                    resourceGroupId: group.id,
                  },
                ],
              },
            },
          },
        }),
        // The service looks at once whether it may, and its rights take a while to arrive; before the node there is nothing to keep.
        () => ({ dependsOn: [...grants, node] }),
      );
    },
  );
}

/** An ISO 8601 interval from a fixed start, of which only the time of day matters: 02:00 UTC. */
const intervalOf = (hours: number): string => `R/2026-01-01T02:00:00+00:00/${hours === 24 ? 'P1D' : `PT${hours}H`}`;
