import type { BackupInstanceArgs } from '@pulumi/azure-native/dataprotection/index.js';
import type { Held } from '../cloud.ts';
import type { Resolved } from '../provider.ts';
import { isUnder, subscriptionOf } from './arm-path.ts';
import { diskType } from './backup-policy.ts';
import { softDeleteDays, vaultPrincipals } from './backup-vault.ts';
import { badRequest, forbidden, invalidInput, notFound } from './error.ts';
import { names } from './names.ts';
import { define, type Write } from './resource-type.ts';
import { locationOf, normalLocation, type World } from './world.ts';

type Instance = NonNullable<Resolved<BackupInstanceArgs>['properties']>;

const instanceType = 'azure-native:dataprotection:BackupInstance';
const vaultOf = (id: string): string => id.slice(0, id.search(/\/backup(Instances|Policies)\//i));

/**
 * A disk under backup. Codes, and what is wrong: https://learn.microsoft.com/azure/backup/disk-backup-troubleshoot;
 * limits: https://learn.microsoft.com/azure/backup/disk-backup-support-matrix.
 */
export const backupInstance = define<BackupInstanceArgs>({
  path: '{group}/Microsoft.DataProtection/backupVaults/{vaultName}/backupInstances/{backupInstanceName}',
  name: names.backupInstance,
  check(write) {
    const { world, id, inputs, before } = write;
    const { properties } = inputs;
    if (!properties) throw invalidInput('The properties of the backup instance are missing.');
    if (properties.objectType !== 'BackupInstance') throw invalidInput("The object type is 'BackupInstance'.");
    const disk = checkDisk(write, properties);
    const { policyId } = properties.policyInfo;
    if (!world.get(policyId) || !isUnder(policyId, vaultOf(id)))
      throw badRequest('UserErrorDppPolicyNotFound', `The policy '${policyId}' was not found in the vault.`);
    const group = checkSnapshotGroup(world, properties, disk);
    checkRights(world, vaultOf(id), disk, group);
    const was = before?.inputs.properties;
    if (was && snapshotGroup(was)?.toLowerCase() !== group.toLowerCase())
      throw invalidInput('The snapshot resource group of a backup instance cannot be changed.');
    if (was && was.dataSourceInfo.resourceID.toLowerCase() !== disk.id.toLowerCase())
      throw invalidInput('The data source of a backup instance cannot be changed.');
  },
  outputs: ({ world, inputs }) => ({
    properties: {
      ...inputs.properties,
      provisioningState: 'Succeeded',
      currentProtectionState: 'ProtectionConfigured',
      protectionStatus: { status: 'ProtectionConfigured' },
    },
    systemData: { createdAt: `${world.account.today}T00:00:00Z` },
  }),
  /** From the day after its creation there is something to keep: https://learn.microsoft.com/azure/backup/backup-azure-enhanced-soft-delete-about */
  deleted(world, held) {
    const { createdAt } = (held.outputs.systemData ?? {}) as { createdAt?: string };
    const days = softDeleteDays(world, vaultOf(held.id));
    const { today } = world.account;
    if (days === 0 || !createdAt || createdAt.slice(0, 10) >= today) return;
    world.state.deletedBackups[held.id.toLowerCase()] = new Date(Date.parse(today) + days * 86_400_000)
      .toISOString()
      .slice(0, 10);
  },
});

function checkDisk({ world, id }: Write<BackupInstanceArgs>, { dataSourceInfo: source }: Instance): Held {
  if (source.datasourceType !== diskType || (source.objectType ?? 'Datasource') !== 'Datasource')
    throw invalidInput(`The data source is a 'Datasource' of type ${diskType}, not ${source.datasourceType}.`);
  const disk = world.get(source.resourceID);
  if (disk?.type !== 'azure-native:compute:Disk')
    throw badRequest(
      'UserErrorManagedDiskNotFound',
      'Could not perform the operation as Managed Disk no longer exists.',
    );
  const { sku } = disk.inputs as { sku?: { name?: string } };
  if (/^ultrassd/i.test(sku?.name ?? ''))
    throw badRequest('UserErrorDiskBackupDiskTypeNotSupported', 'Unsupported disk type');
  const vault = world.get(vaultOf(id));
  const places = [locationOf(disk), normalLocation(source.resourceLocation ?? String(disk.inputs.location))];
  if (places.some((place) => place !== locationOf(vault)))
    throw invalidInput(`The disk is in ${places.join(' or ')} and the vault in ${locationOf(vault)}.`);
  const twin = world
    .all(instanceType)
    .filter((held) => held.id.toLowerCase() !== id.toLowerCase())
    .find(({ inputs }) => {
      const other = (inputs as Resolved<BackupInstanceArgs>).properties?.dataSourceInfo.resourceID;
      return other?.toLowerCase() === disk.id.toLowerCase();
    });
  if (twin)
    throw badRequest(
      'UserErrorDppDatasourceAlreadyProtected',
      `Datasource is already protected under the Backup vault ${vaultOf(twin.id)}.`,
    );
  return disk;
}

const snapshotGroup = ({ policyInfo }: Instance): string | undefined =>
  policyInfo.policyParameters?.dataStoreParametersList?.find(
    ({ dataStoreType }) => dataStoreType === 'OperationalStore',
  )?.resourceGroupId;

function checkSnapshotGroup(world: World, properties: Instance, disk: Held): string {
  const group = snapshotGroup(properties);
  if (!group)
    throw badRequest(
      'UserErrorOperationalStoreParametersNotProvided',
      'Could not perform the operation as Snapshot Data store Resource Group parameter is not provided',
    );
  if (subscriptionOf(group) !== subscriptionOf(disk.id))
    throw badRequest(
      'UserErrorSnapshotRGSubscriptionMismatch',
      'Invalid subscription selected for Snapshot Data store',
    );
  if (!/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i.test(group))
    throw badRequest(
      'UserErrorInvalidOperationalStoreResourceGroup',
      'Snapshot Data store Resource Group provided is invalid',
    );
  if (!world.get(group))
    throw notFound(
      'UserErrorSnapshotRGNotFound',
      'Could not perform the operation as Snapshot Data store Resource Group does not exist.',
    );
  return group;
}

/** Only these roles count, not Contributor or Owner: the support matrix says so. */
function checkRights(world: World, vaultId: string, disk: Held, group: string): void {
  const principals = vaultPrincipals(world, vaultId);
  if (principals.length === 0)
    throw forbidden(
      'UserErrorDiskBackupAuthorizationFailed',
      'Backup Vault managed identity is missing the necessary permissions to do this operation.',
    );
  const holds = (role: string, scope: string): boolean =>
    principals.some((principal) => world.holds(principal, [role], scope));
  if (!holds('Disk Backup Reader', disk.id))
    throw forbidden(
      'UserErrorNotEnoughPermissionOnDisk',
      `Azure Backup Service requires additional permissions on the Disk ${disk.id} to do this operation.`,
    );
  if (!holds('Disk Snapshot Contributor', group))
    throw forbidden(
      'UserErrorNotEnoughPermissionOnSnapshotRG',
      `Azure Backup Service requires additional permissions on the Snapshot Data store Resource Group ${group} to do this operation.`,
    );
}
