import { allocatable } from '../catalog/aks-allocatable.ts';
import { region } from '../catalog/regions.ts';
import { vmSize } from '../catalog/vm-sizes.ts';
import { mebibytes } from '../resources/workload.ts';
import { nearestName } from '../spec/nearest-name.ts';
import { type Check, each, repeats } from './check.ts';

/** https://learn.microsoft.com/azure/aks/use-system-pools: the system pool as a whole must have room for 30 pods. */
export const roomForPods: Check = function* ({ cluster: { nodePool } }) {
  const count = nodePool.autoscale?.min ?? nodePool.count;
  if (nodePool.maxPods * count >= 30) return;
  yield {
    code: 'spec/conflict',
    path: 'cluster.nodePool.maxPods',
    message: `${count} x ${nodePool.maxPods} pods are too few: the system pool must have room for 30`,
  };
};

export const zoneExists: Check = function* ({ azure, cluster: { nodePool } }) {
  const { zone } = nodePool;
  const known = region(azure.region);
  if (zone === undefined || !known || known.zones.includes(String(zone))) return;
  const zones = known.zones.length > 0 ? `has the zones ${known.zones.join(', ')}` : 'has no availability zones';
  yield {
    code: 'spec/conflict',
    path: 'cluster.nodePool.zone',
    message: `the region "${known.name}" ${zones}`,
    related: { path: 'azure.region', message: 'the region' },
  };
};

export const autoscaleBounds: Check = function* ({ cluster }) {
  yield* bounds(cluster.nodePool.autoscale, 'cluster.nodePool.autoscale', 1);
  for (const [pool, index] of each(cluster.pools))
    yield* bounds(pool.autoscale, `cluster.pools[${index}].autoscale`, pool.mode === 'System' ? 1 : 0);
};

function* bounds(
  autoscale: { min: number; max: number } | undefined,
  path: string,
  least: number,
): ReturnType<Check> & Generator {
  if (!autoscale) return;
  if (autoscale.min > autoscale.max)
    yield {
      code: 'spec/conflict',
      path: `${path}.min`,
      message: `min ${autoscale.min} is more than max ${autoscale.max}`,
    };
  if (autoscale.min < least)
    yield { code: 'spec/conflict', path: `${path}.min`, message: 'a system pool must have at least one node' };
}

export const poolNames: Check = function* ({ cluster }) {
  const names = [...each(cluster.pools)].map(([{ name }, index]) => [name, index] as const);
  for (const [name, index] of names) {
    if (name === 'system')
      yield {
        code: 'spec/duplicate',
        path: `cluster.pools[${index}].name`,
        message: '"system" is the name of the pool that cluster.nodePool describes',
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

export const offHoursInDevelopment: Check = function* ({ cluster, metadata }) {
  const { offHours } = cluster;
  if (!offHours) return;
  if (metadata.stage === 'production')
    yield {
      code: 'spec/conflict',
      path: 'cluster.offHours',
      message: 'a production node must stay up: offHours is for development',
    };
  if (offHours.start >= offHours.stop)
    yield {
      code: 'spec/conflict',
      path: 'cluster.offHours.stop',
      message: `the cluster would stop at ${offHours.stop}, before it starts at ${offHours.start}`,
    };
};

/** The schedules of Azure Automation take IANA names, and so does the runtime, which knows them all. */
export const timeZoneExists: Check = function* ({ cluster }) {
  if (!cluster.offHours) return;
  const { timezone } = cluster.offHours;
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch {
    const near = nearestName(timezone, Intl.supportedValuesOf('timeZone'));
    yield {
      code: 'spec/invalid-value',
      path: 'cluster.offHours.timezone',
      message: `"${timezone}" is not the name of a time zone${near ? `; did you mean "${near}"?` : ''}`,
      ...(near && { suggestion: { value: near, safe: false } }),
    };
  }
};

/** Above what the node has left for pods, the pod stays Pending for ever: aks/node-resource-reservations. */
export const podFitsNode: Check = function* ({ cluster: { nodePool }, node: { resources } }) {
  const size = vmSize(nodePool.vmSize);
  if (!size) return;
  const left = allocatable(size, nodePool.maxPods);
  const cpu = resources.cpu.endsWith('m') ? Number.parseInt(resources.cpu, 10) : Number(resources.cpu) * 1000;
  const related = { path: 'cluster.nodePool.vmSize', message: 'the size of the node' };
  if (mebibytes(resources.memory) > left.memoryMiB) {
    yield {
      code: 'spec/does-not-fit',
      path: 'node.resources.memory',
      message: `"${resources.memory}" does not fit a node with ${left.memoryMiB} MiB left for pods`,
      related,
    };
  }
  if (cpu > left.cpuMillicores) {
    yield {
      code: 'spec/does-not-fit',
      path: 'node.resources.cpu',
      message: `"${resources.cpu}" does not fit a node with ${left.cpuMillicores}m left for pods`,
      related,
    };
  }
};
