import { diskTiers, managedDisk } from '../../catalog/prices.ts';
import type { Spec } from '../../spec/schema.ts';
import type { Change } from '../change.ts';
import { type Companion, frontier, halvings, type Lever, type Option, type Premises } from '../lever.ts';

type Data = Spec['storage']['data'];
type Priced = Option & { sku: Data['sku']; gib: number };

export function storageLevers({ spec }: Premises): Lever[] {
  return [
    { name: 'storage.data', options: dataDisk(spec) },
    { name: 'storage.backups', options: [...backups(spec)] },
    { name: 'storage.logs', options: [...logAccount(spec)] },
  ];
}

/** A slower or less redundant kind, a smaller step of size, and both at once. */
function dataDisk(spec: Spec): Option[] {
  const { data } = spec.storage;
  const sizes = [
    { gib: data.sizeGiB, changes: [] as (Change | Companion)[], losses: [] as string[], weight: 0 },
    ...smaller(spec),
  ];
  const skus = [{ sku: data.sku, losses: [] as string[], weight: 0 }, ...lesser(data.sku)];
  const options = skus.flatMap(({ sku, losses, weight }) =>
    sizes.flatMap((size): Priced[] => {
      const changes = [...(sku === data.sku ? [] : [{ path: 'storage.data.sku', to: sku }]), ...size.changes];
      if (changes.length === 0) return [];
      const condition = size.gib < data.sizeGiB ? shrinks : sku.slice(-3) === data.sku.slice(-3) ? undefined : moves;
      return [
        {
          changes,
          loses: [...losses, ...size.losses].join('; '),
          weight: weight + size.weight,
          ...(condition && { condition }),
          sku,
          gib: size.gib,
        },
      ];
    }),
  );
  return frontier(options, ({ sku, gib }) => {
    const step = diskTiers(sku).find((tier) => gib <= tier.gib);
    return step && managedDisk(spec.azure.region, sku, step.tier)?.usd;
  });
}

const shrinks =
  'a deployed disk cannot shrink: only before the first deployment, or with a new disk that the data is moved to';
const moves = 'a deployed disk keeps its redundancy: the data moves to a new one, through a snapshot';

/** What Azure takes for a step below costs less only there; a disk filled from another is at least as large as that. */
function* smaller({ storage: { data }, node }: Spec) {
  if (data.restoreFrom !== undefined) return;
  for (const { gib } of diskTiers(data.sku)) {
    if (gib >= data.sizeGiB) return;
    const changes: (Change | Companion)[] = [{ path: 'storage.data.sizeGiB', to: gib }];
    const losses = [`a smaller data disk (${data.sizeGiB} -> ${gib} GiB)`];
    const limit = node.ipfs.storageMaxGiB;
    // The check wants it below the disk; a sixth is for what the limit does not count.
    const lower = Math.max(1, Math.floor(gib / 1.2));
    if (limit !== undefined && limit >= gib) {
      const loses = `the node keeps ${lower} GiB in place of ${limit}`;
      changes.push({ path: 'node.ipfs.storageMaxGiB', to: lower, loses });
    }
    yield { gib, changes, losses, weight: 0.8 + 1.2 * halvings(data.sizeGiB, gib) };
  }
}

function* lesser(sku: Data['sku']): Generator<{ sku: Data['sku']; losses: string[]; weight: number }> {
  const [kind = '', redundancy] = sku.split('_');
  const slower = { losses: ['a slower data disk (standard SSD)'], weight: 1.2 };
  const local = { losses: ['the data lies in one zone only'], weight: 1.8 };
  if (kind === 'Premium') yield { sku: `StandardSSD_${redundancy}` as Data['sku'], ...slower };
  if (kind === 'PremiumV2') yield { sku: 'StandardSSD_LRS', ...slower };
  if (redundancy === 'ZRS') {
    yield { sku: `${kind}_LRS` as Data['sku'], ...local };
    if (kind === 'Premium')
      yield {
        sku: 'StandardSSD_LRS',
        losses: [...slower.losses, ...local.losses],
        weight: slower.weight + local.weight,
      };
  }
  if (sku !== 'Standard_LRS')
    yield {
      sku: 'Standard_LRS',
      losses: ['a much slower data disk (hard disk)', ...(redundancy === 'ZRS' ? local.losses : [])],
      weight: 3 + (redundancy === 'ZRS' ? local.weight : 0),
    };
}

function* backups({ storage, metadata }: Spec): Generator<Option> {
  if (storage.backups?.enabled !== true) return;
  const { everyHours, keepDays } = storage.backups;
  const daily: Change[] = everyHours < 24 ? [{ path: 'storage.backups.everyHours', to: 24 }] : [];
  const rarer = daily.length > 0 ? [`a backup every 24 hours in place of every ${everyHours}`] : [];
  const rarerWeight = 0.6 * halvings(24, everyHours);
  if (daily.length > 0) yield { changes: daily, loses: rarer.join(), weight: 0.3 + rarerWeight };
  for (const days of [30, 14, 7, 3].filter((each) => each < keepDays)) {
    const keeps: Change = { path: 'storage.backups.keepDays', to: days };
    const loses = `backups kept for ${days} days in place of ${keepDays}`;
    const weight = 0.3 + 0.6 * halvings(keepDays, days);
    yield { changes: [keeps], loses, weight };
    if (daily.length > 0)
      yield { changes: [...daily, keeps], loses: [...rarer, loses].join('; '), weight: weight + rarerWeight };
  }
  yield {
    changes: [{ path: 'storage.backups.enabled', to: false }],
    loses: 'no backups: what is deleted or damaged is lost',
    weight: metadata.stage === 'production' ? 5 : 3,
  };
}

function* logAccount({ storage }: Spec): Generator<Option> {
  if (!storage.logs) return;
  const { redundancy } = storage.logs;
  const ways = { Standard_LRS: 0, Standard_ZRS: 0.6, Standard_GRS: 0.9 } as const;
  for (const [to, weight] of Object.entries({ Standard_ZRS: 0.5, Standard_LRS: 0.8 }))
    if (to !== redundancy && (ways[redundancy as keyof typeof ways] ?? 1) > ways[to as keyof typeof ways])
      yield {
        changes: [{ path: 'storage.logs.redundancy', to }],
        loses: `fewer copies of stored logs (${redundancy} -> ${to})`,
        weight,
        condition: 'a storage account in use changes between zones only by a migration that Azure does on request',
      };
  yield {
    changes: [{ path: 'storage.logs', to: undefined }],
    loses: 'no storage account for logs and backups, and no record of who changed the cluster',
    weight: 3,
  };
}
