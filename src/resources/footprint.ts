import type { Spec } from '../spec/schema.ts';
import { hasProxy } from './exposure.ts';
import { proxyFootprint } from './gateway-proxy.ts';
import { collectsLogs } from './logs.ts';
import { hasMetrics, metricsFootprint } from './metrics-endpoint.ts';
import { type Footprint, mebibytes, millicores } from './pods.ts';
import { needsWriter, writerFootprint } from './secrets-volume.ts';
import { watchFootprint } from './watch.ts';

type Amount = { cpuMillicores: number; memoryMiB: number };

/**
 * What the node's pod asks of its machine together with the proxy, where that has to run on the same one, and how much
 * of it is for other containers than the daemon. A container that runs before the others counts where it is larger.
 */
export function footprintOf(spec: Spec): { pod: Amount; beside: Amount } {
  const beside = sum([
    ...(collectsLogs(spec) ? [watchFootprint] : []),
    ...(hasMetrics(spec) ? [metricsFootprint] : []),
  ]);
  const { cpu, memory } = spec.node.resources;
  const before = sum(needsWriter(spec) ? [writerFootprint] : []);
  const proxy = sum(hasProxy(spec) && isAlone(spec) ? [proxyFootprint] : []);
  const total = (daemon: number, key: keyof Amount): number => Math.max(daemon + beside[key], before[key]) + proxy[key];
  const pod = {
    cpuMillicores: total(millicores(cpu), 'cpuMillicores'),
    memoryMiB: total(mebibytes(memory), 'memoryMiB'),
  };
  return {
    pod,
    beside: {
      cpuMillicores: pod.cpuMillicores - millicores(cpu),
      memoryMiB: pod.memoryMiB - mebibytes(memory),
    },
  };
}

/** Is there one machine for everything that runs on the system pool? */
export const isAlone = ({ cluster: { nodePool } }: Spec): boolean => (nodePool.autoscale?.max ?? nodePool.count) === 1;

const sum = (footprints: readonly Footprint[]): Amount => ({
  cpuMillicores: footprints.reduce((total, { cpu }) => total + millicores(cpu), 0),
  memoryMiB: footprints.reduce((total, { memory }) => total + mebibytes(memory), 0),
});
