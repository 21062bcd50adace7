import { region } from '../catalog/regions.ts';
import { removing, writing } from '../edit/mend.ts';
import { systemPoolName } from '../resources/node-pools.ts';
import type { Spec } from '../spec/schema.ts';
import { type Check, type CheckFinding, each, repeats, runChecks } from './check.ts';
import { sizeAt } from './names.ts';

type Pool = Spec['cluster']['nodePool'] & { mode?: 'System' | 'User' };

/** A check of every pool, the system pool first; one with an unusable value does not silence the others. */
const ofEachPool = (check: (pool: Pool, path: string, spec: Spec) => Iterable<CheckFinding>): Check =>
  function* (spec, today) {
    yield* runChecks([() => check(spec.cluster.nodePool, 'cluster.nodePool', spec)], spec, today);
    for (const [pool, index] of each(spec.cluster.pools))
      yield* runChecks([() => check(pool, `cluster.pools[${index}]`, spec)], spec, today);
  };

// Only the pools beside the system pool say what they are.
const isSystem = (pool: Pool): boolean => (pool.mode ?? 'System') === 'System';

export const knownNodeSize = ofEachPool(({ vmSize }, path) => sizeAt(vmSize, `${path}.vmSize`));

/** https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning: each pool as a whole must have room for 30 pods. */
export const roomForPods = ofEachPool(function* (pool, path) {
  const count = pool.autoscale?.min ?? pool.count;
  if (count === 0 || pool.maxPods * count >= 30) return;
  yield {
    code: 'spec/conflict',
    path: `${path}.maxPods`,
    message: `${count} x ${pool.maxPods} pods are too few: a pool must have room for 30`,
    mends: [writing(`${path}.maxPods`, Math.ceil(30 / count))],
  };
});

export const zoneExists = ofEachPool(function* ({ zone }, path, { azure }) {
  const known = region(azure.region);
  if (zone === undefined || !known || known.zones.includes(String(zone))) return;
  const zones = known.zones.length > 0 ? `has the zones ${known.zones.join(', ')}` : 'has no availability zones';
  yield {
    code: 'spec/conflict',
    path: `${path}.zone`,
    message: `the region "${known.name}" ${zones}`,
    related: { path: 'azure.region', message: 'the region' },
    mends: [removing(`${path}.zone`)],
  };
});

/** https://learn.microsoft.com/azure/aks/cluster-autoscaler: min <= count <= max; a count below min is raised to it in the plan. */
export const nodeCounts = ofEachPool(function* (pool, path) {
  const { autoscale, count } = pool;
  const least = autoscale ? `${path}.autoscale.min` : `${path}.count`;
  if ((autoscale?.min ?? count) < 1 && isSystem(pool))
    yield {
      code: 'spec/conflict',
      path: least,
      message: 'a system pool must have at least one node',
      mends: [writing(least, 1)],
    };
  if (!autoscale) return;
  const { min, max } = autoscale;
  if (min > max)
    yield {
      code: 'spec/conflict',
      path: `${path}.autoscale.min`,
      message: `min ${min} is more than max ${max}`,
      mends: [
        {
          changes: [
            { path: `${path}.autoscale.min`, to: max },
            { path: `${path}.autoscale.max`, to: min },
          ],
          safe: false,
        },
      ],
    };
  else if (count > max)
    yield {
      code: 'spec/conflict',
      path: `${path}.count`,
      message: `a pool of ${count} nodes can't be scaled between ${min} and ${max}`,
      related: { path: `${path}.autoscale.max`, message: 'the most nodes' },
      mends: [writing(`${path}.count`, max)],
    };
});

export const poolNames: Check = function* ({ cluster }) {
  const names = [...each(cluster.pools)].map(([{ name }, index]) => [name, index] as const);
  for (const [name, index] of names) {
    if (name === systemPoolName)
      yield {
        code: 'spec/duplicate',
        path: `cluster.pools[${index}].name`,
        message: `"${systemPoolName}" is the name of the pool that cluster.nodePool describes`,
      };
  }
  for (const [name, later, earlier] of repeats(names)) {
    yield {
      code: 'spec/duplicate',
      path: `cluster.pools[${later}].name`,
      message: `a pool "${name}" is already there`,
      related: { path: `cluster.pools[${earlier}].name`, message: 'the first one' },
    };
  }
};
