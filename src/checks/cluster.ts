import { allocatable } from '../catalog/aks-allocatable.ts';
import { windowsTimeZone } from '../catalog/time-zones.ts';
import { vmSize } from '../catalog/vm-sizes.ts';
import { removing, writing } from '../edit/mend.ts';
import { footprintOf } from '../resources/footprint.ts';
import { didYouMean, nearNames } from '../spec/nearest-name.ts';
import type { Check } from './check.ts';

export const offHoursInDevelopment: Check = function* ({ cluster, metadata }) {
  const { offHours } = cluster;
  if (!offHours) return;
  if (metadata.stage === 'production')
    yield {
      code: 'spec/conflict',
      path: 'cluster.offHours',
      message: 'a production node must stay up: offHours is for development',
      mends: [removing('cluster.offHours')],
    };
  if (offHours.start >= offHours.stop)
    yield {
      code: 'spec/conflict',
      path: 'cluster.offHours.stop',
      message: `the cluster would stop at ${offHours.stop}, before it starts at ${offHours.start}`,
    };
};

/** The runtime knows every time zone by its IANA name; Azure's schedulers know those that Windows has. */
export const timeZoneExists: Check = function* ({ cluster }) {
  if (!cluster.offHours) return;
  const { timezone } = cluster.offHours;
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    if (windowsTimeZone(timezone) === undefined)
      yield {
        code: 'spec/invalid-value',
        path: 'cluster.offHours.timezone',
        message: `Azure's schedulers don't know the time zone "${timezone}"`,
        help: 'name another zone with the same time',
      };
  } catch {
    const near = nearNames(timezone, Intl.supportedValuesOf('timeZone'));
    yield {
      code: 'spec/invalid-value',
      path: 'cluster.offHours.timezone',
      message: `"${timezone}" is not the name of a time zone${didYouMean(near[0])}`,
      mends: near.slice(0, 1).map((name) => writing('cluster.offHours.timezone', name, near.length === 1)),
    };
  }
};

/** Above what the node has left for pods, the pod stays Pending for ever: aks/node-resource-reservations. */
export const podFitsNode: Check = function* (spec) {
  const { nodePool } = spec.cluster;
  const { resources } = spec.node;
  const size = vmSize(nodePool.vmSize);
  if (!size) return;
  const left = allocatable(size, nodePool.maxPods);
  const { pod, beside } = footprintOf(spec);
  const related = { path: 'cluster.nodePool.vmSize', message: 'the size of the node' };
  const withBeside = (amount: number, unit: string): string =>
    amount > 0 ? ` with the ${amount}${unit} of what runs beside it` : '';
  if (pod.memoryMiB > left.memoryMiB) {
    yield {
      code: 'spec/does-not-fit',
      path: 'node.resources.memory',
      message: `"${resources.memory}"${withBeside(beside.memoryMiB, ' MiB')} does not fit a node with ${left.memoryMiB} MiB left for pods`,
      related,
    };
  }
  if (pod.cpuMillicores > left.cpuMillicores) {
    yield {
      code: 'spec/does-not-fit',
      path: 'node.resources.cpu',
      message: `"${resources.cpu}"${withBeside(beside.cpuMillicores, 'm')} does not fit a node with ${left.cpuMillicores}m left for pods`,
      related,
    };
  }
};
