import { region } from '../catalog/regions.ts';
import { writing } from '../edit/mend.ts';
import { storageMaxGiB } from '../resources/node-settings.ts';
import { restoreSource } from '../resources/storage.ts';
import type { Check } from './check.ts';

// What the limit does not count: blocks that arrive while garbage is collected, and the index of all.
const margin = 1.2;

/** https://github.com/ipfs/kubo/blob/master/docs/config.md#datastorestoragemax: a soft limit, at which cleaning up begins. */
export const storageMaxFitsDisk: Check = function* (spec) {
  const limit = storageMaxGiB(spec);
  const { sizeGiB } = spec.storage.data;
  if (spec.node.ipfs.storageMaxGiB === undefined || limit * margin <= sizeGiB) return;
  const common = {
    path: 'node.ipfs.storageMaxGiB',
    help: `at most ${Math.max(1, Math.floor(sizeGiB / margin))} GiB leaves room for what the limit does not count`,
    related: { path: 'storage.data.sizeGiB', message: 'the disk' },
    mends: [writing('node.ipfs.storageMaxGiB', Math.max(1, Math.floor(sizeGiB / 1.2)))],
  };
  if (limit >= sizeGiB)
    yield {
      code: 'spec/conflict',
      message: `a disk of ${sizeGiB} GiB is full before garbage collection starts at ${limit} GiB`,
      ...common,
    };
  else
    yield {
      code: 'plan/tight-disk',
      severity: 'info',
      message: `${sizeGiB - limit} GiB of the disk are left when garbage collection starts at ${limit} of ${sizeGiB} GiB`,
      ...common,
    };
};

export const restorable: Check = function* ({ storage: { data } }) {
  if (data.restoreFrom === undefined || restoreSource(data.restoreFrom)) return;
  const isBackup = /\/providers\/Microsoft\.DataProtection\//i.test(data.restoreFrom);
  yield {
    code: 'spec/invalid-value',
    path: 'storage.data.restoreFrom',
    message: isBackup
      ? 'a disk is filled from the snapshot that a recovery point of Azure Backup stands for, not from the point'
      : 'a disk can be filled from a snapshot, another disk or a restore point of a disk, and this is none of them',
    help: isBackup
      ? 'name the snapshot of that time in the resource group of the backups: .../providers/Microsoft.Compute/snapshots/<name>'
      : 'an id with /providers/Microsoft.Compute/snapshots/<name> at the end',
  };
};

/** https://learn.microsoft.com/azure/backup/disk-backup-support-matrix: 450 scheduled snapshots of a disk, and slow schedules for its newest kinds. */
export const backupLimits: Check = function* ({ storage: { data, backups } }) {
  if (!backups?.enabled) return;
  const { everyHours, keepDays } = backups;
  const kept = (24 / everyHours) * keepDays;
  if (kept > 450)
    yield {
      code: 'spec/out-of-range',
      path: 'storage.backups.keepDays',
      message: `${kept} backups would be kept, and Azure keeps 450 of a disk`,
      help: `at most ${Math.floor((450 * everyHours) / 24)} days at one backup every ${everyHours} hours`,
      related: { path: 'storage.backups.everyHours', message: 'the interval' },
      mends: [writing('storage.backups.keepDays', Math.floor((450 * everyHours) / 24))],
    };
  if (data.sku === 'PremiumV2_LRS' && everyHours < 12)
    yield {
      code: 'spec/conflict',
      path: 'storage.backups.everyHours',
      message: `a ${data.sku} disk is backed up every 12 or 24 hours, not every ${everyHours}`,
      related: { path: 'storage.data.sku', message: 'the kind of disk' },
      mends: [writing('storage.backups.everyHours', 12)],
    };
};

/** https://learn.microsoft.com/azure/virtual-machines/disks-types: the nodes of a region with zones are in one, and so is the disk. */
export const diskHasZone: Check = function* ({ azure, cluster: { nodePool }, storage: { data } }) {
  if (data.sku !== 'PremiumV2_LRS' || nodePool.zone !== undefined) return;
  const [zone] = region(azure.region)?.zones ?? [];
  yield {
    code: 'spec/conflict',
    path: 'storage.data.sku',
    message: 'a PremiumV2_LRS disk lives in a zone: set cluster.nodePool.zone',
    mends: zone === undefined ? [] : [writing('cluster.nodePool.zone', Number(zone))],
  };
};
