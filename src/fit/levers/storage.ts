import { diskTierFor, diskTiers, managedDisk } from '../../catalog/prices.ts';
import { diskSnapshot, premiumSsdV2Capacity } from '../../catalog/service-prices.ts';
import type { Spec } from '../../spec/schema.ts';
import { frontier, halvings, type Lever, type Option, type Premises, type Sacrifice, thinned } from '../lever.ts';

type Sku = Spec['storage']['data']['sku'];

const shrinks =
  'a deployed disk cannot shrink: only before the first deployment, or with a new disk that the data is moved to';
const moves = 'a deployed disk keeps its redundancy: the data moves to a new one, through a snapshot';

export const storageLevers = ({ spec }: Premises): Lever[] => [dataAndBackups(spec), logAccount(spec)];

/** A lesser kind of disk, a smaller one, fewer backups, and all at once: backups are paid by the size of the disk. */
function dataAndBackups(spec: Spec): Option[] {
  const { data } = spec.storage;
  const skus = [{ sku: data.sku, changes: [] as Sacrifice[] }, ...lesserKinds(data.sku)];
  const sizes = [{ gib: data.sizeGiB, changes: [] as Sacrifice[] }, ...smaller(spec)];
  const options = skus.flatMap(({ sku, changes: kind }) =>
    sizes.flatMap(({ gib, changes: size }) => {
      const diskUsd = usdOfDisk(spec.azure.region, sku, gib);
      return backups(spec).flatMap(({ kept, changes: backup }) => {
        const changes = [...kind, ...size, ...backup];
        if (changes.length === 0 || diskUsd === undefined) return [];
        return [{ changes, usd: diskUsd + usdOfBackups(spec, gib, kept) }];
      });
    }),
  );
  return thinned(
    frontier(options, ({ usd }) => usd),
    12,
  );
}

/** Only to compare, as is the next: the compiler says what it really comes to. */
function usdOfDisk(region: string, sku: Sku, gib: number): number | undefined {
  if (sku === 'PremiumV2_LRS') return (premiumSsdV2Capacity(region)?.usd ?? 0) * gib;
  const step = diskTierFor(sku, gib);
  return step && managedDisk(region, sku, step.tier)?.usd;
}

const usdOfBackups = ({ azure, usage }: Spec, gib: number, kept: number): number =>
  kept === 0 ? 0 : (diskSnapshot(azure.region)?.usd ?? 0) * gib * (1 + (usage.backupChurnPercent / 100) * (kept - 1));

/** Down by the steps Azure bills; a disk that is filled from another is at least as large as that. */
function smaller({ storage: { data }, node }: Spec): { gib: number; changes: Sacrifice[] }[] {
  if (data.restoreFrom !== undefined) return [];
  return diskTiers(data.sku === 'PremiumV2_LRS' ? 'Premium_LRS' : data.sku)
    .filter(({ gib }) => gib < data.sizeGiB)
    .map(({ gib }) => {
      const loses = `a smaller data disk (${data.sizeGiB} -> ${gib} GiB)`;
      const weight = 0.8 + 1.2 * halvings(data.sizeGiB, gib);
      const change = { path: 'storage.data.sizeGiB', to: gib, loses, weight, condition: shrinks };
      const limit = node.ipfs.storageMaxGiB;
      if (limit === undefined || limit < gib) return { gib, changes: [change] };
      // It must be below the disk; a sixth is for what the limit does not count.
      const to = Math.max(1, Math.floor(gib / 1.2));
      const along = { path: 'node.ipfs.storageMaxGiB', to, loses: `the node keeps ${to} GiB in place of ${limit}` };
      return { gib, changes: [change, along] };
    });
}

function lesserKinds(now: Sku): { sku: Sku; changes: Sacrifice[] }[] {
  const rank = { Standard: 0, StandardSSD: 1, Premium: 2, PremiumV2: 2 };
  const words = ['a much slower data disk (hard disk)', 'a slower data disk (standard SSD)', ''];
  const partsOf = (sku: Sku): [keyof typeof rank, string] => sku.split('_') as [keyof typeof rank, string];
  const [kind, redundancy] = partsOf(now);
  const all: Sku[] = ['Standard_LRS', 'StandardSSD_LRS', 'StandardSSD_ZRS', 'Premium_LRS'];
  return all.flatMap((sku) => {
    const [otherKind, otherRedundancy] = partsOf(sku);
    const isLocal = redundancy === 'ZRS' && otherRedundancy === 'LRS';
    const slower = rank[kind] - rank[otherKind];
    if (sku === now || slower < 0 || (redundancy === 'LRS' && otherRedundancy === 'ZRS')) return [];
    if (slower === 0 && !isLocal) return [];
    const losses = [
      ...(slower > 0 ? [words[rank[otherKind]]] : []),
      ...(isLocal ? ['the data lies in one zone only'] : []),
    ];
    const weight = (slower > 0 ? (rank[otherKind] === 0 ? 3 : 1.2) : 0) + (isLocal ? 1.8 : 0);
    const change = { path: 'storage.data.sku', to: sku, loses: losses.join('; '), weight };
    return [{ sku, changes: [isLocal || kind === 'PremiumV2' ? { ...change, condition: moves } : change] }];
  });
}

/** As they are, rarer, kept for a shorter time, and none. */
function backups({ storage, metadata }: Spec): { kept: number; changes: Sacrifice[] }[] {
  if (storage.backups?.enabled !== true) return [{ kept: 0, changes: [] }];
  const { everyHours, keepDays } = storage.backups;
  const intervals = [everyHours, ...(everyHours < 24 ? [24] : [])];
  const spans = [keepDays, ...[30, 14, 7, 3].filter((days) => days < keepDays)];
  const none: Sacrifice = {
    path: 'storage.backups.enabled',
    to: false,
    loses: 'no backups: what is deleted or damaged is lost',
    weight: metadata.stage === 'production' ? 5 : 3,
  };
  const fewer = intervals.flatMap((hours) =>
    spans.map((days) => {
      const rarer: Sacrifice = {
        path: 'storage.backups.everyHours',
        to: hours,
        loses: `a backup every ${hours} hours in place of every ${everyHours}`,
        weight: 0.3 + 0.6 * halvings(hours, everyHours),
      };
      const shorter: Sacrifice = {
        path: 'storage.backups.keepDays',
        to: days,
        loses: `backups kept for ${days} days in place of ${keepDays}`,
        weight: 0.3 + 0.6 * halvings(keepDays, days),
      };
      const changes = [...(hours === everyHours ? [] : [rarer]), ...(days === keepDays ? [] : [shorter])];
      return { kept: Math.max(1, Math.floor((days * 24) / hours)), changes };
    }),
  );
  return [...fewer, { kept: 0, changes: [none] }];
}

function logAccount({ storage }: Spec): Option[] {
  if (!storage.logs) return [];
  const { redundancy } = storage.logs;
  const lesser =
    redundancy === 'Standard_LRS' ? [] : ['Standard_LRS', ...(redundancy === 'Standard_ZRS' ? [] : ['Standard_ZRS'])];
  const loses = 'no storage account for logs and backups, and no record of who changed the cluster';
  return [
    ...lesser.map((to) => ({
      changes: [
        {
          path: 'storage.logs.redundancy',
          to,
          loses: `fewer copies of stored logs (${redundancy} -> ${to})`,
          weight: to === 'Standard_LRS' ? 0.8 : 0.5,
          condition: 'a storage account in use gains or loses zones only by a migration',
        },
      ],
    })),
    { changes: [{ path: 'storage.logs', to: undefined, loses, weight: 3 }] },
  ];
}
