import { beforeEach, describe, expect, it } from 'vitest';
import { Bed, groupName, idIn } from '../fixture/bed.ts';
import { edited } from '../fixture/fixture.ts';
import type { Properties } from '../provider.ts';

const snapshotId = idIn('Microsoft.Compute/snapshots/before');
const restorePoint = idIn(
  'Microsoft.Compute/restorePointCollections/data/restorePoints/monday/diskRestorePoints/data_1',
);
const copy: Properties = {
  resourceGroupName: groupName,
  location: 'eastus',
  diskName: 'data',
  creationData: { createOption: 'Copy', sourceResourceId: snapshotId },
};

let bed: Bed;
beforeEach(async () => {
  bed = await Bed.made();
  await bed.seed(
    {
      type: 'azure-native:compute:Snapshot',
      inputs: {
        resourceGroupName: groupName,
        location: 'eastus',
        snapshotName: 'before',
        creationData: { createOption: 'Empty' },
        diskSizeGB: 16,
      },
    },
    { id: restorePoint, outputs: { diskSizeGB: 8 } },
  );
});

describe('disks from what there is', () => {
  it.each<[string, Properties, string]>([
    ['no source', { 'creationData.sourceResourceId': undefined }, 'sourceResourceId'],
    ['a source that is gone', { 'creationData.sourceResourceId': `${snapshotId}2` }, 'Code="NotFound"'],
    [
      'a source of another kind',
      { 'creationData.sourceResourceId': idIn('Microsoft.Storage/storageAccounts/x') },
      'copies from',
    ],
    ['a source with an empty disk', { 'creationData.createOption': 'Empty', diskSizeGB: 16 }, 'not allowed'],
    ['a restore point as a copy', { 'creationData.sourceResourceId': restorePoint }, 'copies from'],
    ['a snapshot as a restore point', { 'creationData.createOption': 'Restore' }, 'copies from'],
    ['less room than the source', { diskSizeGB: 8 }, 'smaller than the 16 GB'],
    ['another region', { location: 'westus' }, 'not in westus'],
  ])('refuses %s', async (_what, changes, code) => {
    await expect(bed.make('compute:Disk', 'disk', edited(copy, changes))).rejects.toThrow(code);
  });

  it('is as large as its source or larger, grows in place, and stays what it was made from', async () => {
    await bed.make('compute:Disk', 'disk', copy);
    expect(bed.resources.get('disk')?.outputs).toMatchObject({ diskSizeGB: 16, diskSizeBytes: 16 * 2 ** 30 });
    expect(await bed.undeclared('disk')).toEqual([]);
    bed.cloud.change(({ resources }) => void delete resources[snapshotId.toLowerCase()]);
    expect((await bed.change('disk', { diskSizeGB: 32 })).replaces).toEqual([]);
    await expect(bed.change('disk', { diskSizeGB: 16 })).rejects.toThrow('ResizeDiskError');
    await expect(bed.change('disk', { creationData: { createOption: 'Empty' }, diskSizeGB: 32 })).rejects.toThrow(
      'PropertyChangeNotAllowed',
    );
  });

  it('comes from another disk, and from a restore point', async () => {
    await bed.make('compute:Disk', 'disk', { ...copy, diskSizeGB: 32 });
    const from = (id: string, createOption = 'Copy') => ({ creationData: { createOption, sourceResourceId: id } });
    await bed.make('compute:Disk', 'twin', {
      ...copy,
      ...from(idIn('Microsoft.Compute/disks/data')),
      diskName: 'twin',
    });
    expect(bed.resources.get('twin')?.outputs.diskSizeGB).toBe(32);
    await bed.make('compute:Disk', 'restored', { ...copy, ...from(restorePoint, 'Restore'), diskName: 'restored' });
    expect(bed.resources.get('restored')?.outputs.diskSizeGB).toBe(8);
  });
});
