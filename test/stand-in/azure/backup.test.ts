import { beforeEach, describe, expect, it } from 'vitest';
import { roleGuid } from '../../../src/catalog/roles.ts';
import { Bed, groupId, groupName, idIn } from '../fixture/bed.ts';
import { edited } from '../fixture/fixture.ts';
import type { Properties } from '../provider.ts';

const vault: Properties = {
  resourceGroupName: groupName,
  location: 'eastus',
  vaultName: 'perpetual-backup',
  identity: { type: 'SystemAssigned' },
  properties: {
    storageSettings: [{ datastoreType: 'VaultStore', type: 'LocallyRedundant' }],
    securitySettings: { softDeleteSettings: { state: 'On', retentionDurationInDays: 14 } },
  },
};
const operational = { dataStoreType: 'OperationalStore', objectType: 'DataStoreInfoBase' };
const policy: Properties = {
  resourceGroupName: groupName,
  vaultName: 'perpetual-backup',
  backupPolicyName: 'daily',
  properties: {
    objectType: 'BackupPolicy',
    datasourceTypes: ['Microsoft.Compute/disks'],
    policyRules: [
      {
        objectType: 'AzureBackupRule',
        name: 'BackupDaily',
        backupParameters: { objectType: 'AzureBackupParams', backupType: 'Incremental' },
        dataStore: operational,
        trigger: {
          objectType: 'ScheduleBasedTriggerContext',
          schedule: { repeatingTimeIntervals: ['R/2026-01-01T02:00:00+00:00/PT24H'], timeZone: 'UTC' },
          taggingCriteria: [{ isDefault: true, tagInfo: { tagName: 'Default' }, taggingPriority: 99 }],
        },
      },
      {
        objectType: 'AzureRetentionRule',
        name: 'Default',
        isDefault: true,
        lifecycles: [
          { deleteAfter: { objectType: 'AbsoluteDeleteOption', duration: 'P7D' }, sourceDataStore: operational },
        ],
      },
    ],
  },
};
const diskId = idIn('Microsoft.Compute/disks/data');
const instance: Properties = {
  resourceGroupName: groupName,
  vaultName: 'perpetual-backup',
  backupInstanceName: 'data',
  properties: {
    objectType: 'BackupInstance',
    friendlyName: 'data',
    dataSourceInfo: {
      objectType: 'Datasource',
      datasourceType: 'Microsoft.Compute/disks',
      resourceID: diskId,
      resourceLocation: 'eastus',
      resourceType: 'Microsoft.Compute/disks',
      resourceName: 'data',
      resourceUri: diskId,
    },
    policyInfo: {
      policyId: idIn('Microsoft.DataProtection/backupVaults/perpetual-backup/backupPolicies/daily'),
      policyParameters: {
        dataStoreParametersList: [
          {
            objectType: 'AzureOperationalStoreParameters',
            dataStoreType: 'OperationalStore',
            resourceGroupId: groupId,
          },
        ],
      },
    },
  },
};
const disk: Properties = {
  resourceGroupName: groupName,
  location: 'eastus',
  diskName: 'data',
  creationData: { createOption: 'Empty' },
  diskSizeGB: 8,
};

const schedule = (interval: string): Properties => ({
  'properties.policyRules.0.trigger.schedule.repeatingTimeIntervals.0': interval,
});
const source = (changes: Properties): Properties =>
  Object.fromEntries(Object.entries(changes).map(([key, value]) => [`properties.dataSourceInfo.${key}`, value]));

let bed: Bed;
const grant = (name: string, role: string, scope: string) =>
  bed.make('authorization:RoleAssignment', name, {
    scope,
    principalId: { $: { ref: 'vault', output: 'identity.principalId' } },
    principalType: 'ServicePrincipal',
    roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleGuid(role)}`,
  });

beforeEach(async () => {
  bed = await Bed.made();
  await bed.make('compute:Disk', 'disk', disk);
  await bed.make('dataprotection:BackupVault', 'vault', vault);
});

describe('backup vaults', () => {
  it.each<[string, Properties, string]>([
    ['a name with a dot', { vaultName: 'my.vault' }, 'InvalidResourceName'],
    ['an unknown identity', { 'identity.type': 'Managed' }, 'BMSUserErrorInvalidInput'],
    ['an identity that is not there', userAssigned('none'), 'FailedIdentityOperation'],
    ['no storage', { 'properties.storageSettings': [] }, 'Exactly one storage setting'],
    ['an unknown redundancy', { 'properties.storageSettings.0.type': 'Locally' }, 'InvalidParameter'],
    ['zones where there are none', { ...storage('ZoneRedundant'), location: 'westus' }, 'needs availability zones'],
    ['restores across regions without copies', crossRegion, 'needs geo-redundant storage'],
    ['too short a soft delete', softDelete({ retentionDurationInDays: 7 }), 'not between 14 and 180'],
    ['a third way of soft delete', softDelete({ state: 'Maybe' }), 'InvalidParameter'],
  ])('refuses %s', async (_what, changes, code) => {
    const inputs = edited({ ...vault, vaultName: 'other' }, changes);
    await expect(bed.make('dataprotection:BackupVault', 'other', inputs)).rejects.toThrow(code);
  });

  it('shows the principal, and keeps its redundancy and its region', async () => {
    expect(bed.resources.get('vault')?.outputs).toMatchObject({
      identity: { type: 'SystemAssigned', principalId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      properties: { provisioningState: 'Succeeded' },
    });
    expect(await bed.undeclared('vault')).toEqual([]);
    await expect(bed.change('vault', storage('GeoRedundant'))).rejects.toThrow('cannot be changed');
    await expect(bed.change('vault', { location: 'westus' })).rejects.toThrow('InvalidResourceLocation');
    expect((await bed.change('vault', softDelete({ state: 'AlwaysOn' }))).replaces).toEqual([]);
    const { inputs } = bed.resources.get('vault') ?? { inputs: {} };
    await expect(bed.update('vault', inputs)).rejects.toThrow('cannot be switched off');
  });
});

function userAssigned(name: string): Properties {
  const id = idIn(`Microsoft.ManagedIdentity/userAssignedIdentities/${name}`);
  return { identity: { type: 'UserAssigned', userAssignedIdentities: [id] } };
}
function storage(type: string): Properties {
  return { 'properties.storageSettings.0.type': type };
}
function softDelete(settings: Properties): Properties {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`properties.securitySettings.softDeleteSettings.${key}`, value]),
  );
}
const crossRegion: Properties = { 'properties.featureSettings.crossRegionRestoreSettings.state': 'Enabled' };

describe('backup policies', () => {
  it.each<[string, Properties, string]>([
    ['in no vault', { vaultName: 'none' }, 'ParentResourceNotFound'],
    [
      'for blobs',
      { 'properties.datasourceTypes': ['Microsoft.Storage/storageAccounts/blobServices'] },
      'are not Micro',
    ],
    ['with full backups', { 'properties.policyRules.0.backupParameters.backupType': 'Full' }, "as 'Incremental'"],
    ['in the vault store', { 'properties.policyRules.0.dataStore.dataStoreType': 'VaultStore' }, 'OperationalStore'],
    ['every five hours', schedule('R/2026-01-01T02:00:00+00:00/PT5H'), 'does not repeat'],
    ['from no moment', schedule('R/2026-13-01T02:00:00+00:00/PT24H'), 'does not repeat'],
    ['without a time zone', schedule('R/2026-01-01T02:00:00/PT24H'), 'does not repeat'],
    ['with a cron line', schedule('0 2 * * *'), 'BMSUserErrorInvalidPolicyInput'],
    ['without a retention', { 'properties.policyRules.1': undefined }, 'BMSUserErrorInvalidPolicyInput'],
    [
      'with a retention of no time',
      { 'properties.policyRules.1.lifecycles.0.deleteAfter.duration': '7 days' },
      'is no duration in days',
    ],
    [
      'that keeps too many',
      { 'properties.policyRules.1.lifecycles.0.deleteAfter.duration': 'P3Y' },
      'more than 450 backups',
    ],
    [
      'with a tag that keeps nothing',
      { 'properties.policyRules.0.trigger.taggingCriteria.0.tagInfo.tagName': 'Weekly' },
      "its name is 'Default'",
    ],
  ])('refuses those %s', async (_what, changes, code) => {
    const inputs = edited(policy, changes);
    const rules = (inputs.properties as { policyRules: unknown[] }).policyRules.filter(Boolean);
    await expect(
      bed.make('dataprotection:BackupPolicy', 'policy', {
        ...inputs,
        properties: { ...(inputs.properties as object), policyRules: rules },
      }),
    ).rejects.toThrow(code);
  });

  it('takes the usual periods, and never changes', async () => {
    for (const period of ['PT4H', 'PT12H', 'P1D', 'P1W']) {
      const inputs = edited(
        { ...policy, backupPolicyName: `every-${period}` },
        schedule(`R/2026-01-01T02:00:00Z/${period}`),
      );
      await bed.make('dataprotection:BackupPolicy', period, inputs);
    }
    await bed.make('dataprotection:BackupPolicy', 'policy', policy);
    expect(await bed.undeclared('policy')).toEqual([]);
    await expect(bed.change('policy', schedule('R/2026-01-01T04:00:00Z/PT24H'))).rejects.toThrow(
      'UserErrorBMSUpdatePolicyNotSupported',
    );
    expect((await bed.change('policy', { backupPolicyName: 'other' })).replaces).toEqual(['backupPolicyName']);
  });
});

describe('backup instances', () => {
  beforeEach(async () => {
    await bed.make('dataprotection:BackupPolicy', 'policy', policy);
    await grant('reader', 'Disk Backup Reader', diskId);
    await grant('snapshots', 'Disk Snapshot Contributor', groupId);
  });
  const make = (changes: Properties = {}) =>
    bed.make('dataprotection:BackupInstance', 'instance', edited(instance, changes));

  it.each<[string, Properties, string]>([
    ['of a disk that is not there', source({ resourceID: `${diskId}2` }), 'UserErrorManagedDiskNotFound'],
    ['of a vault', source({ datasourceType: 'Microsoft.KeyVault/vaults' }), 'BMSUserErrorInvalidInput'],
    ['of another region', source({ resourceLocation: 'westus' }), 'BMSUserErrorInvalidInput'],
    ['under no policy', { 'properties.policyInfo.policyId': `${diskId}/x` }, 'UserErrorDppPolicyNotFound'],
    [
      'with no place for snapshots',
      { 'properties.policyInfo.policyParameters': undefined },
      'UserErrorOperationalStoreParametersNotProvided',
    ],
    ['with a place that is not there', snapshotsIn(`${groupId}2`), 'UserErrorSnapshotRGNotFound'],
    ['with a place that is no group', snapshotsIn(diskId), 'UserErrorInvalidOperationalStoreResourceGroup'],
    ['with a place elsewhere', snapshotsIn('/subscriptions/x/resourceGroups/y'), 'UserErrorSnapshotRGSubscription'],
  ])('refuses those %s', async (_what, changes, code) => {
    await expect(make(changes)).rejects.toThrow(code);
  });

  it.each([
    ['reader', 'UserErrorNotEnoughPermissionOnDisk'],
    ['snapshots', 'UserErrorNotEnoughPermissionOnSnapshotRG'],
  ])('needs both roles: without %s, %s', async (name, code) => {
    await bed.delete(name);
    await grant('owner', 'Owner', groupId); // which is no help here
    await expect(make()).rejects.toThrow(code);
  });

  it('needs an identity', async () => {
    await bed.change('vault', { identity: undefined });
    await expect(make()).rejects.toThrow('UserErrorDiskBackupAuthorizationFailed');
  });

  it('protects a disk once, and holds policy and vault', async () => {
    await make();
    expect(await bed.undeclared('instance')).toEqual([]);
    await expect(make({ backupInstanceName: 'again' })).rejects.toThrow('UserErrorDppDatasourceAlreadyProtected');
    await expect(bed.delete('policy')).rejects.toThrow('UserErrorDppPolicyObjectInUse');
    await expect(bed.delete('vault')).rejects.toThrow('existing backup instances or backup policies');
    await expect(bed.delete('group')).rejects.toThrow('existing backup instances');
    await bed.make('resources:ResourceGroup', 'other', { resourceGroupName: 'snapshots', location: 'eastus' });
    await grant('more', 'Disk Snapshot Contributor', `${groupId.slice(0, -2)}snapshots`);
    await expect(bed.change('instance', snapshotsIn(`${groupId.slice(0, -2)}snapshots`))).rejects.toThrow(
      'cannot be changed',
    );
    for (const name of ['instance', 'policy', 'vault']) await bed.delete(name);
  });

  it('leaves backups behind from the second day, as long as soft delete says', async () => {
    await make();
    const next = bed.on('2026-11-23');
    await next.delete('instance');
    await next.delete('policy');
    await expect(next.delete('vault')).rejects.toThrow('in soft deleted state in the vault');
    await next.on('2026-12-07').delete('vault');
  });

  it('leaves none behind without soft delete', async () => {
    await bed.change('vault', softDelete({ state: 'Off' }));
    await make();
    const next = bed.on('2026-11-23');
    for (const name of ['instance', 'policy', 'vault']) await next.delete(name);
  });
});

function snapshotsIn(id: string): Properties {
  return { 'properties.policyInfo.policyParameters.dataStoreParametersList.0.resourceGroupId': id };
}
