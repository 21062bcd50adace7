import { allocatable } from '../catalog/aks-allocatable.ts';
import { vmSize } from '../catalog/vm-sizes.ts';
import { mebibytes } from '../resources/workload.ts';
import { didYouMean, nearestName } from '../spec/nearest-name.ts';
import type { Check } from './check.ts';

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
      message: `"${timezone}" is not the name of a time zone${didYouMean(near)}`,
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
