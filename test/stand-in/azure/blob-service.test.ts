import { beforeEach, describe, expect, it } from 'vitest';
import { Bed, groupName } from '../fixture/bed.ts';
import { edited } from '../fixture/fixture.ts';
import type { Properties } from '../provider.ts';

const account = { resourceGroupName: groupName, accountName: 'perpetual1' };
const policy: Properties = {
  ...account,
  managementPolicyName: 'default',
  policy: {
    rules: [
      {
        name: 'expire',
        enabled: true,
        type: 'Lifecycle',
        definition: {
          filters: { blobTypes: ['blockBlob'], prefixMatch: ['backups/'] },
          actions: {
            baseBlob: {
              tierToCool: { daysAfterModificationGreaterThan: 30 },
              delete: { daysAfterModificationGreaterThan: 365 },
            },
          },
        },
      },
    ],
  },
};
const service: Properties = {
  ...account,
  blobServicesName: 'default',
  isVersioningEnabled: true,
  deleteRetentionPolicy: { enabled: true, days: 7 },
  containerDeleteRetentionPolicy: { enabled: true, days: 7 },
};
const rule = (changes: Properties): Properties =>
  Object.fromEntries(Object.entries(changes).map(([key, value]) => [`policy.rules.0.definition.${key}`, value]));

let bed: Bed;
const made = async (changes: Properties = {}): Promise<void> => {
  bed = await Bed.made();
  await bed.make('storage:StorageAccount', 'account', {
    ...account,
    ...{ location: 'eastus', kind: 'StorageV2', sku: { name: 'Standard_LRS' }, ...changes },
  });
};
beforeEach(() => made());

describe('lifecycles of blobs', () => {
  it.each<[string, Properties, string]>([
    ['in no account', { accountName: 'perpetual2' }, 'ParentResourceNotFound'],
    ['with another name', { managementPolicyName: 'expire' }, "it is called 'default'"],
    ['without a name, which is then made from the logical one', { managementPolicyName: undefined }, "'default'"],
    ['with no rules', { 'policy.rules': [] }, 'InvalidValuesForRequestParameters'],
    ['of another type', { 'policy.rules.0.type': 'Cycle' }, 'InvalidParameter'],
    ['with no filter', rule({ filters: undefined }), 'blobTypes'],
    ['of page blobs', rule({ 'filters.blobTypes': ['pageBlob'] }), 'are not blockBlob or appendBlob'],
    [
      'of append blobs that cool down',
      rule({ 'filters.blobTypes': ['blockBlob', 'appendBlob'] }),
      'can just be deleted',
    ],
    ['with a prefix from the root', rule({ 'filters.prefixMatch': ['/backups'] }), "container's name"],
    ['with a prefix in capitals', rule({ 'filters.prefixMatch': ['Backups/x'] }), "container's name"],
    ['that do nothing', rule({ actions: {} }), 'at least one action'],
    [
      'after less than no days',
      rule({ 'actions.baseBlob.delete': { daysAfterModificationGreaterThan: -1 } }),
      'from 0',
    ],
    ['after half a day', rule({ 'actions.baseBlob.delete': { daysAfterModificationGreaterThan: 0.5 } }), 'from 0'],
    ['after no age', rule({ 'actions.baseBlob.delete': {} }), 'needs exactly one age'],
    [
      'by accesses nobody tracks',
      rule({ 'actions.baseBlob.delete': { daysAfterLastAccessTimeGreaterThan: 30 } }),
      'the tracking of access times',
    ],
  ])('refuses those %s', async (_what, changes, code) => {
    const make = bed.make('storage:ManagementPolicy', 'policy', edited(policy, changes));
    await expect(make).rejects.toThrow(code.replace('blobTypes', 'the blob types'));
  });

  it('has no archive where it is zone-redundant', async () => {
    await made({ sku: { name: 'Standard_ZRS' } });
    const archive = rule({ 'actions.baseBlob.tierToArchive': { daysAfterModificationGreaterThan: 90 } });
    await expect(bed.make('storage:ManagementPolicy', 'policy', edited(policy, archive))).rejects.toThrow(
      'Standard_ZRS',
    );
  });

  it('changes in place', async () => {
    await bed.make('storage:ManagementPolicy', 'policy', policy);
    expect(await bed.undeclared('policy')).toEqual([]);
    const append = rule({
      'filters.blobTypes': ['appendBlob'],
      'actions.baseBlob': { delete: { daysAfterModificationGreaterThan: 0 } },
    });
    expect((await bed.change('policy', append)).replaces).toEqual([]);
  });
});

describe('the blob service of an account', () => {
  it.each<[string, Properties, string]>([
    ['another name', { blobServicesName: 'blobs' }, "it is called 'default'"],
    ['soft delete for ever', { 'deleteRetentionPolicy.days': 366 }, 'deleteRetentionPolicy.days'],
    ['soft delete for no days', { 'deleteRetentionPolicy.days': undefined }, 'deleteRetentionPolicy.days'],
    ['days without soft delete', { 'containerDeleteRetentionPolicy.enabled': false }, 'containerDeleteRetention'],
    ['restores without a change feed', { restorePolicy: { enabled: true, days: 6 } }, 'the change feed'],
    [
      'restores of what is gone',
      { restorePolicy: { enabled: true, days: 7 }, changeFeed: { enabled: true } },
      'is not less than',
    ],
  ])('refuses %s', async (_what, changes, code) => {
    await expect(bed.make('storage:BlobServiceProperties', 'blobs', edited(service, changes))).rejects.toThrow(code);
  });

  it('changes in place, and leaves containers alone when it goes', async () => {
    await bed.make('storage:BlobServiceProperties', 'blobs', service);
    expect(await bed.undeclared('blobs')).toEqual([]);
    await bed.make('storage:BlobContainer', 'backups', { ...account, containerName: 'backups' });
    expect((await bed.change('blobs', { 'deleteRetentionPolicy.days': 30 })).replaces).toEqual([]);
    await bed.delete('blobs');
    const left = bed.cloud.look(({ resources }) => Object.keys(resources));
    expect(left.filter((id) => id.endsWith('/containers/backups'))).toHaveLength(1);
  });
});
