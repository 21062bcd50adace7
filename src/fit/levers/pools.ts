import { diskTierFor, diskTiers, linuxVm, managedDisk } from '../../catalog/prices.ts';
import { type VmSize, vmSize } from '../../catalog/vm-sizes.ts';
import { hoursPerMonth } from '../../cost/item.ts';
import { mebibytes } from '../../resources/pods.ts';
import type { Spec } from '../../spec/schema.ts';
import { frontier, halvings, type Lever, type Option, type Premises, type Sacrifice, thinned } from '../lever.ts';
import { type Candidate, candidates, roomForNode } from './sizes.ts';

type Pool = Spec['cluster']['nodePool'] & { mode?: 'System' | 'User'; name?: string };

const replaced = 'a deployed pool is replaced: neither its size nor its disks change in place';
/** Below it an IPFS daemon spends its time collecting garbage and is killed under load. */
const leastMemoryMiB = 1024;

/** What is looked at of all further pools together: each option is compiled. */
const mostOfPools = 100;

export function poolLevers(premises: Premises): Lever[] {
  const { nodePool, pools } = premises.spec.cluster;
  const most = Math.max(2, Math.floor(mostOfPools / pools.length));
  return [
    nodeOptions(premises, nodePool, 'cluster.nodePool', 'System'),
    ...pools.map((pool, index) => {
      const path = `cluster.pools[${index}]`;
      const loses = `no pool "${pool.name}": what runs there must run on the others`;
      const without: Option = { changes: [{ path, to: undefined, loses, weight: 5 }] };
      return thinned([...nodeOptions(premises, pool, path, pool.mode), without], most);
    }),
  ];
}

/** Other sizes, fewer nodes and smaller disks, and all at once: what one of them saves depends on the others. */
export function nodeOptions(
  premises: Premises,
  pool: Pool,
  path: string,
  mode: 'System' | 'User',
  maySpendMore = false,
): Option[] {
  const { region } = premises.spec.azure;
  const count = pool.autoscale?.max ?? pool.count;
  const usdPerHour = linuxVm(region, pool.vmSize)?.usd ?? Number.POSITIVE_INFINITY;
  const sizes = [
    { changes: [] as Sacrifice[], usdPerHour, burstable: false },
    ...otherSizes(premises, pool, path, mode),
  ];
  const counts = [{ changes: [] as Sacrifice[], nodes: count }, ...fewer(pool, path, count)];
  const disks = [
    { changes: [] as Sacrifice[], usd: osDiskUsd(region, pool.osDiskGiB) },
    ...smallerDisks(pool, path, region),
  ];
  const options = sizes.flatMap((size) =>
    counts.flatMap(({ changes, nodes }) =>
      disks.map((disk) => ({
        changes: [...size.changes, ...changes, ...disk.changes],
        usd: nodes * (size.usdPerHour * hoursPerMonth + disk.usd),
        burstable: size.burstable,
      })),
    ),
  );
  const mostUsd = maySpendMore
    ? Number.POSITIVE_INFINITY
    : count * (usdPerHour * hoursPerMonth + osDiskUsd(region, pool.osDiskGiB));
  // Apart, because whether a burstable size may stand there is for the policies to say.
  const best = (burstable: boolean, most: number): Option[] => {
    const kind = options.filter(
      ({ changes, usd, ...option }) => changes.length > 0 && usd < mostUsd && option.burstable === burstable,
    );
    return thinned(
      frontier(kind, ({ usd }) => usd),
      most,
    );
  };
  return [...best(false, pool.name === undefined ? 12 : 6), ...best(true, 3)];
}

type Size = { changes: Sacrifice[]; usdPerHour: number; burstable: boolean };

function otherSizes({ spec, today }: Premises, pool: Pool, path: string, mode: 'System' | 'User'): Size[] {
  const now = vmSize(pool.vmSize);
  if (!now) return [];
  return candidates(spec.azure.region, now, mode, today).flatMap((candidate) => {
    const changes = candidate.size.name === now.name ? undefined : sizeChanges(spec, pool, path, now, candidate);
    return changes ? [{ changes, usdPerHour: candidate.usdPerHour, burstable: candidate.size.burstable }] : [];
  });
}

function sizeChanges(spec: Spec, pool: Pool, path: string, now: VmSize, { size }: Candidate): Sacrifice[] | undefined {
  const lessMemory = halvings(now.memoryGiB, size.memoryGiB);
  const lessCpu = halvings(now.vcpuAvailable, size.vcpuAvailable);
  const isThrottled = size.burstable && !now.burstable;
  const losses = [
    ...(lessMemory > 0 ? [`less memory on each node${of(pool)} (${now.memoryGiB} -> ${size.memoryGiB} GiB)`] : []),
    ...(lessCpu > 0 ? [`fewer vCPU on each node${of(pool)} (${now.vcpuAvailable} -> ${size.vcpuAvailable})`] : []),
    ...(isThrottled ? [`a burstable size${of(pool)}: throttled when its credits are spent`] : []),
  ];
  const gained =
    size.memoryGiB > now.memoryGiB || size.vcpuAvailable > now.vcpuAvailable
      ? `a larger size (${size.vcpuAvailable} vCPU and ${size.memoryGiB} GiB in place of ${now.vcpuAvailable} and ${now.memoryGiB})`
      : 'as much memory and vCPU, of another series';
  const change: Sacrifice = {
    path: `${path}.vmSize`,
    to: size.name,
    loses: losses.join(', ') || gained,
    weight: 0.3 + 1.5 * (lessMemory + lessCpu + (isThrottled ? 1 : 0)),
    condition: replaced,
  };
  if (path !== 'cluster.nodePool') return [change];
  if (!size.premiumStorage && spec.storage.data.sku.startsWith('Premium')) return undefined;
  const room = roomForNode(spec, size, pool.maxPods);
  const { memory } = spec.node.resources;
  if (mebibytes(memory) <= room) return [change];
  const least = Math.floor(room / 512) * 512;
  if (least < leastMemoryMiB) return undefined;
  const to = least % 1024 === 0 ? `${least / 1024}Gi` : `${least}Mi`;
  const weight = 2 * halvings(mebibytes(memory), least);
  return [
    change,
    { path: 'node.resources.memory', to, loses: `less memory for the node itself (${memory} -> ${to})`, weight },
  ];
}

/** Down to one node, by steps; with an autoscaler by its bounds, because the most it may start is what is billed. */
function fewer(pool: Pool, path: string, now: number): { changes: Sacrifice[]; nodes: number }[] {
  const steps = new Set([now - 1, Math.ceil(now / 2), 2, 1].filter((count) => count >= 1 && count < now));
  return [...steps].map((nodes) => {
    // Headroom that is rarely used is missed less than nodes that always run.
    const isHeadroom = pool.autoscale !== undefined && nodes >= pool.autoscale.min;
    const loses = `fewer nodes${isHeadroom ? ' at most' : ''}${of(pool, 'in')} (${now} -> ${nodes})`;
    const weight = 0.5 + (isHeadroom ? 0.8 : 1.5) * halvings(now, nodes);
    if (!pool.autoscale) return { nodes, changes: [{ path: `${path}.count`, to: nodes, loses, weight }] };
    const along = [
      ...(pool.autoscale.min > nodes ? [{ path: `${path}.autoscale.min`, to: nodes }] : []),
      ...(pool.count > nodes ? [{ path: `${path}.count`, to: nodes }] : []),
    ];
    return { nodes, changes: [{ path: `${path}.autoscale.max`, to: nodes, loses, weight }, ...along] };
  });
}

/** By the steps Azure bills; below the smallest it takes there is nothing to save. */
const smallerDisks = (pool: Pool, path: string, region: string): { changes: Sacrifice[]; usd: number }[] =>
  diskTiers('Premium_LRS')
    .filter(({ gib }) => gib >= 30 && gib < pool.osDiskGiB)
    .map(({ gib }) => {
      const loses = `smaller OS disks${of(pool)} (${pool.osDiskGiB} -> ${gib} GiB): less room for images and logs`;
      const weight = 0.3 + 0.4 * halvings(pool.osDiskGiB, gib);
      return {
        changes: [{ path: `${path}.osDiskGiB`, to: gib, loses, weight, condition: replaced }],
        usd: osDiskUsd(region, gib),
      };
    });

/** Only to compare: the compiler says what it really comes to. */
function osDiskUsd(region: string, gib: number): number {
  const step = diskTierFor('Premium_LRS', gib);
  return (step && managedDisk(region, 'Premium_LRS', step.tier)?.usd) ?? 0;
}

const of = ({ name }: Pool, word = 'of'): string => (name === undefined ? '' : ` ${word} the pool "${name}"`);
