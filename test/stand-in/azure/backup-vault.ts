import type { BackupVaultArgs } from '@pulumi/azure-native/dataprotection/index.js';
import { region } from '../../../src/catalog/regions.ts';
import type { Resolved } from '../provider.ts';
import { isUnder } from './arm-path.ts';
import { type AzureError, badRequest, invalidInput } from './error.ts';
import { checkIdentities, identityOf, identityShown } from './identity.ts';
import { names } from './names.ts';
import { define } from './resource-type.ts';
import { normalLocation, type World } from './world.ts';

type VaultProperties = Resolved<BackupVaultArgs>['properties'];

/** https://learn.microsoft.com/azure/backup/backup-vault-overview and `…/create-manage-backup-vault` */
export const backupVault = define<BackupVaultArgs>({
  path: '{group}/Microsoft.DataProtection/backupVaults/{vaultName}',
  name: names.backupVault,
  check({ world, id, inputs, before }) {
    const { properties, identity } = inputs;
    if (!kinds.test(identity?.type ?? 'None'))
      throw invalidInput(`The identity type '${identity?.type}' is not one of SystemAssigned, UserAssigned, None.`);
    const hasIds = (identity?.userAssignedIdentities ?? []).length > 0;
    if (hasIds !== /userassigned/i.test(identity?.type ?? ''))
      throw invalidInput(`User assigned identities go with the type UserAssigned, and not with '${identity?.type}'.`);
    checkIdentities(world, id, identity);
    checkStorage(properties, normalLocation(inputs.location ?? ''), before?.inputs.properties);
    checkSecurity(properties, before?.inputs.properties);
  },
  outputs: ({ world, id, inputs }) => ({
    identity: identityShown(world, id, inputs.identity),
    properties: {
      ...inputs.properties,
      provisioningState: 'Succeeded',
      resourceMoveState: 'Unknown',
      isVaultProtectedByResourceGuard: false,
      secureScore: 'Adequate',
    },
  }),
  deletable: (world, held) => checkEmpty(world, held.id),
});

const kinds = /^(None|SystemAssigned|UserAssigned|SystemAssigned, ?UserAssigned)$/i;

/** Redundancy is chosen once: https://learn.microsoft.com/azure/backup/backup-vault-overview#storage-settings-in-the-backup-vault */
function checkStorage(properties: VaultProperties, location: string, before: VaultProperties | undefined): void {
  const { storageSettings, featureSettings } = properties;
  if (storageSettings.length !== 1) throw invalidInput('Exactly one storage setting is needed.');
  const kind = storageSettings[0]?.type?.toLowerCase();
  if (!kind || !storageSettings[0]?.datastoreType)
    throw invalidInput('A storage setting needs a datastoreType and a type.');
  const place = region(location);
  if (kind === 'zoneredundant' && place?.zones.length === 0)
    throw invalidInput(`Zone-redundant storage needs availability zones, and ${location} has none.`);
  if (kind === 'georedundant' && !place?.pairedRegion)
    throw invalidInput(`Geo-redundant storage needs a paired region, and ${location} has none.`);
  if (featureSettings?.crossRegionRestoreSettings?.state === 'Enabled' && kind !== 'georedundant')
    throw invalidInput('Cross-region restore needs geo-redundant storage.');
  if (before && before.storageSettings[0]?.type?.toLowerCase() !== kind)
    throw invalidInput('The storage redundancy of a backup vault cannot be changed.');
}

/** https://learn.microsoft.com/azure/backup/backup-azure-enhanced-soft-delete-about and `…/backup-azure-immutable-vault-concept` */
function checkSecurity({ securitySettings }: VaultProperties, before: VaultProperties | undefined): void {
  const { state, retentionDurationInDays: days } = securitySettings?.softDeleteSettings ?? {};
  if (days !== undefined && (!Number.isInteger(days) || days < 14 || days > 180))
    throw invalidInput(`The soft delete retention of ${days} days is not between 14 and 180.`);
  const was = before?.securitySettings;
  if (was?.softDeleteSettings?.state === 'AlwaysOn' && state !== 'AlwaysOn')
    throw invalidInput('Soft delete that is always on cannot be switched off.');
  if (was?.immutabilitySettings?.state === 'Locked' && securitySettings?.immutabilitySettings?.state !== 'Locked')
    throw invalidInput('Immutability that is locked cannot be switched off.');
}

/** The principals that back up for a vault. */
export function vaultPrincipals(world: World, vaultId: string): string[] {
  const { identity } = (world.get(vaultId)?.inputs ?? {}) as Resolved<BackupVaultArgs>;
  const given = (identity?.userAssignedIdentities ?? []).map((id) => world.get(id)?.outputs.principalId as string);
  return /system/i.test(identity?.type ?? '') ? [identityOf(world, vaultId).principalId, ...given] : given;
}

/** How many days what is deleted stays; 0 if soft delete is off. */
export function softDeleteDays(world: World, vaultId: string): number {
  const { properties } = (world.get(vaultId)?.inputs ?? {}) as Resolved<BackupVaultArgs>;
  const { state = 'On', retentionDurationInDays = 14 } = properties?.securitySettings?.softDeleteSettings ?? {};
  return state.toLowerCase() === 'off' ? 0 : retentionDurationInDays;
}

/**
 * A vault goes when nothing is in it, soft-deleted backups included: https://learn.microsoft.com/azure/backup/create-manage-backup-vault#delete-a-backup-vault,
 * https://github.com/hashicorp/terraform-provider-azurerm/issues/33289
 */
export function checkEmpty(world: World, vaultId: string, kinds = ['BackupInstance', 'BackupPolicy']): void {
  const left = world.below(vaultId).find(({ type }) => kinds.some((kind) => type.endsWith(`:${kind}`)));
  if (left)
    throw notEmpty(
      `there are existing backup instances or backup policies in the vault, such as ${left.id}. Delete all backup instances and backup policies that are present in the vault and then try deleting the vault.`,
    );
  const kept = Object.entries(world.state.deletedBackups).find(
    ([id, until]) => isUnder(id, vaultId) && until > world.account.today,
  );
  if (kept)
    throw notEmpty(`there are backup instances in soft deleted state in the vault: ${kept[0]} until ${kept[1]}.`);
}

const notEmpty = (why: string): AzureError =>
  badRequest('UserErrorBackupVaultNotEmpty', `Cannot delete the Backup vault as ${why}`);
