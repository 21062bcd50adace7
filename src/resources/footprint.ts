import type { Spec } from '../spec/schema.ts';
import { hasProxy } from './exposure.ts';
import { proxyFootprint } from './gateway-proxy.ts';
import { collectsLogs } from './logs.ts';
import { hasMetrics, metricsFootprint } from './metrics-endpoint.ts';
import { type Footprint, mebibytes, millicores } from './pods.ts';
import { watchFootprint } from './watch.ts';

type Amount = { cpuMillicores: number; memoryMiB: number };

/** What the node's pod asks of its machine, and how much of that is for the containers beside the daemon and for the proxy. */
export function footprintOf(spec: Spec): { pod: Amount; beside: Amount } {
  const beside = sum([
    ...(collectsLogs(spec) ? [watchFootprint] : []),
    ...(hasMetrics(spec) ? [metricsFootprint] : []),
    ...(hasProxy(spec) ? [proxyFootprint] : []),
  ]);
  const { cpu, memory } = spec.node.resources;
  return {
    pod: { cpuMillicores: millicores(cpu) + beside.cpuMillicores, memoryMiB: mebibytes(memory) + beside.memoryMiB },
    beside,
  };
}

const sum = (footprints: readonly Footprint[]): Amount => ({
  cpuMillicores: footprints.reduce((total, { cpu }) => total + millicores(cpu), 0),
  memoryMiB: footprints.reduce((total, { memory }) => total + mebibytes(memory), 0),
});
