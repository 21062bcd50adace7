import { diskTiers, linuxVm } from '../../catalog/prices.ts';
import { type VmSize, vmSize } from '../../catalog/vm-sizes.ts';
import { hoursPerMonth } from '../../cost/item.ts';
import { mebibytes } from '../../resources/pods.ts';
import type { Spec } from '../../spec/schema.ts';
import type { Change } from '../change.ts';
import { type Companion, frontier, halvings, type Lever, type Option, type Premises, thinned } from '../lever.ts';
import { type Candidate, candidates, roomForNode } from './sizes.ts';

type Pool = Spec['cluster']['nodePool'] & { mode?: 'System' | 'User'; name?: string };
type Priced = Option & { usd: number };

const replaced = 'a deployed pool is replaced: neither its size nor its disks change in place';
/** Below it an IPFS daemon spends its time collecting garbage and is killed under load. */
const leastMemoryMiB = 1024;

export function poolLevers(premises: Premises): Lever[] {
  const { cluster } = premises.spec;
  return [
    ...leversOf(premises, cluster.nodePool, 'cluster.nodePool', 'System'),
    ...cluster.pools.flatMap((pool, index) => leversOf(premises, pool, `cluster.pools[${index}]`, pool.mode)),
  ];
}

function leversOf(premises: Premises, pool: Pool, path: string, mode: 'System' | 'User'): Lever[] {
  const nodes = { name: path, options: [...nodeOptions(premises, pool, path, mode), ...withoutPool(pool, path)] };
  return [nodes, { name: `${path}.osDiskGiB`, options: [...osDisks(pool, path)] }];
}

/** Other sizes, fewer nodes, and both at once: which of them is cheapest depends on the other. */
export function nodeOptions({ spec, today }: Premises, pool: Pool, path: string, mode: 'System' | 'User'): Option[] {
  const { region } = spec.azure;
  const now = vmSize(pool.vmSize);
  const count = pool.autoscale?.max ?? pool.count;
  const counts = [{ nodes: count, changes: [], loses: '', weight: 0 }, ...fewer(pool, path, count)];
  const known = linuxVm(region, pool.vmSize);
  const same = { changes: [] as Change[], loses: '', weight: 0, usdPerHour: known?.usd ?? Number.POSITIVE_INFINITY };
  const others = now
    ? candidates(region, now, mode, today).flatMap((each) => [...sizeOption(spec, pool, path, now, each)])
    : [];
  const options = [same, ...others].flatMap((size) =>
    counts.flatMap((each): Priced[] => {
      const changes = [...size.changes, ...each.changes];
      if (changes.length === 0) return [];
      const loses = [size.loses, each.loses].filter(Boolean).join('; ');
      const usd = size.usdPerHour * hoursPerMonth * each.nodes;
      return [
        {
          changes,
          loses,
          weight: size.weight + each.weight,
          usd,
          ...(size.changes.length > 0 && { condition: replaced }),
        },
      ];
    }),
  );
  const isBurstable = ({ changes }: Option): boolean =>
    changes.some(({ to }) => typeof to === 'string' && vmSize(to)?.burstable === true);
  const best = (kind: readonly Priced[], most: number): Option[] =>
    thinned(
      frontier(kind, ({ usd }) => usd),
      most,
    );
  // Apart, because whether a burstable size may stand there is for the policies to say.
  return [
    ...best(
      options.filter((option) => !isBurstable(option)),
      6,
    ),
    ...best(options.filter(isBurstable), 3),
  ];
}

function* sizeOption(
  spec: Spec,
  pool: Pool,
  path: string,
  now: VmSize,
  { size, usdPerHour }: Candidate,
): Generator<{ changes: Option['changes']; loses: string; weight: number; usdPerHour: number }> {
  if (size.name === now.name) return;
  const changes: (Change | Companion)[] = [{ path: `${path}.vmSize`, to: size.name }];
  const losses: string[] = [];
  let weight = 0.3;
  const lessMemory = halvings(now.memoryGiB, size.memoryGiB);
  const lessCpu = halvings(now.vcpuAvailable, size.vcpuAvailable);
  const where = pool.name === undefined ? '' : ` of the pool "${pool.name}"`;
  if (lessMemory > 0) losses.push(`less memory on each node${where} (${now.memoryGiB} -> ${size.memoryGiB} GiB)`);
  if (lessCpu > 0) losses.push(`fewer vCPU on each node${where} (${now.vcpuAvailable} -> ${size.vcpuAvailable})`);
  if (size.burstable && !now.burstable) losses.push(`a burstable size${where}: throttled when its credits are spent`);
  weight += 1.5 * (lessMemory + lessCpu) + (size.burstable && !now.burstable ? 1.5 : 0);
  if (path === 'cluster.nodePool') {
    if (!size.premiumStorage && spec.storage.data.sku.startsWith('Premium')) return;
    const room = roomForNode(spec, size, pool.maxPods);
    const asked = mebibytes(spec.node.resources.memory);
    if (asked > room) {
      const least = Math.floor(room / 512) * 512;
      if (least < leastMemoryMiB) return;
      const memory = least % 1024 === 0 ? `${least / 1024}Gi` : `${least}Mi`;
      const loses = `less memory for the node itself (${spec.node.resources.memory} -> ${memory})`;
      changes.push({ path: 'node.resources.memory', to: memory, loses });
      weight += 2 * halvings(asked, least);
    }
  }
  const gained =
    size.memoryGiB > now.memoryGiB || size.vcpuAvailable > now.vcpuAvailable
      ? `a larger size (${size.vcpuAvailable} vCPU and ${size.memoryGiB} GiB in place of ${now.vcpuAvailable} and ${now.memoryGiB})`
      : 'as much memory and vCPU, of another series';
  yield { changes, loses: losses.join(', ') || gained, weight, usdPerHour };
}

/** Down to one node, by steps; with an autoscaler by its bounds, because the most it may start is what is billed. */
function* fewer(pool: Pool, path: string, now: number) {
  const steps = new Set([now - 1, Math.ceil(now / 2), 2, 1].filter((count) => count >= 1 && count < now));
  for (const nodes of steps) {
    const changes: Change[] = pool.autoscale
      ? [
          { path: `${path}.autoscale.max`, to: nodes },
          ...(pool.autoscale.min > nodes ? [{ path: `${path}.autoscale.min`, to: nodes }] : []),
          ...(pool.count > nodes ? [{ path: `${path}.count`, to: nodes }] : []),
        ]
      : [{ path: `${path}.count`, to: nodes }];
    const least = pool.autoscale ? Math.max(pool.autoscale.min, 1) : now;
    const spare = nodes >= least ? 'fewer nodes at most' : 'fewer nodes';
    // Headroom that is rarely used is missed less than nodes that always run.
    const weight = nodes >= least ? 0.8 * halvings(now, nodes) : 1.5 * halvings(now, nodes);
    const where = pool.name === undefined ? '' : ` in the pool "${pool.name}"`;
    yield { nodes, changes, loses: `${spare}${where} (${now} -> ${nodes})`, weight: 0.5 + weight };
  }
}

function* withoutPool(pool: Pool, path: string): Generator<Option> {
  if (pool.name === undefined) return;
  yield {
    changes: [{ path, to: undefined }],
    loses: `no pool "${pool.name}": what runs there must run on the others`,
    weight: 5,
  };
}

/** By the steps Azure bills; below the smallest it takes there is nothing to save. */
function* osDisks(pool: Pool, path: string): Generator<Option> {
  const least = 30;
  for (const { gib } of diskTiers('Premium_LRS')) {
    if (gib < least || gib >= pool.osDiskGiB) continue;
    yield {
      changes: [{ path: `${path}.osDiskGiB`, to: gib }],
      loses: `smaller OS disks${pool.name === undefined ? '' : ` of the pool "${pool.name}"`} (${pool.osDiskGiB} -> ${gib} GiB): less room for images and logs`,
      weight: 0.3 + 0.4 * halvings(pool.osDiskGiB, gib),
      condition: replaced,
    };
  }
}
