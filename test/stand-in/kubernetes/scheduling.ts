import { allocatable } from '../../../src/catalog/aks-allocatable.ts';
import { vmSize } from '../../../src/catalog/vm-sizes.ts';
import type { Pool } from '../azure/node-pool.ts';
import type { KubernetesObject } from '../cloud.ts';
import type { Pod } from './pods.ts';
import { quantity } from './quantity.ts';
import { neverReady } from './refusal.ts';
import type { ClusterView } from './view.ts';
import { diskBehind } from './volumes.ts';

/**
 * Whether any node could hold one pod: its requests against what AKS leaves of an empty node, its node selector, and the
 * zone of its disks. What already runs there is not counted.
 */
export function checkRoom(view: ClusterView, workload: KubernetesObject, pod: Pod): void {
  const { agentPoolProfiles = [] } = view.cluster.inputs;
  const more = view.world
    .below(view.cluster.id)
    .filter((held) => held.type === 'azure-native:containerservice:AgentPool');
  const pools: Pool[] = [...agentPoolProfiles, ...more.map((held) => held.inputs as Pool)];
  const reasons = pools.map((pool) => obstacle(view, workload, pod, pool));
  if (reasons.includes(undefined)) return;
  const nodes = pools.reduce((sum, pool) => sum + (pool.count ?? 1), 0);
  throw neverReady(workload, `0/${nodes} nodes are available: ${[...new Set(reasons)].join(', ')}. Pod is Pending.`);
}

function obstacle(view: ClusterView, workload: KubernetesObject, pod: Pod, pool: Pool): string | undefined {
  const size = vmSize(pool.vmSize ?? '');
  if ((pool.enableAutoScaling ? pool.maxCount : pool.count) === 0) return 'no nodes';
  const labels: Record<string, string> = {
    ...(pool.nodeLabels ?? {}),
    'kubernetes.io/os': (pool.osType ?? 'Linux').toLowerCase(),
    'kubernetes.io/arch': size?.arch === 'arm64' ? 'arm64' : 'amd64',
    'kubernetes.azure.com/agentpool': pool.name ?? '',
    'kubernetes.azure.com/mode': (pool.mode ?? 'User').toLowerCase(),
    agentpool: pool.name ?? '',
  };
  const wanted = Object.entries(pod.spec.nodeSelector ?? {}).filter(
    ([key]) => !key.startsWith('topology.') && !key.startsWith('node.kubernetes.io/'),
  );
  if (wanted.some(([key, value]) => labels[key] !== value)) return "node(s) didn't match Pod's node affinity/selector";
  for (const volume of pod.spec.volumes ?? []) {
    const diskId =
      volume.persistentVolumeClaim &&
      diskBehind(view, volume.persistentVolumeClaim.claimName, workload.metadata.namespace);
    const disk = diskId ? view.world.get(diskId) : undefined;
    const zones = (disk?.inputs.zones ?? []) as string[];
    // A disk in a zone reaches nodes of that zone only, and one in none reaches nodes in none, unless it is zone-redundant.
    const isRedundant = /_ZRS$/.test(String((disk?.inputs.sku as { name?: string } | undefined)?.name));
    const poolZones = pool.availabilityZones ?? [];
    const reaches = zones.length > 0 ? poolZones.some((zone) => zones.includes(zone)) : poolZones.length === 0;
    if (disk && !isRedundant && !reaches) return 'node(s) had volume node affinity conflict';
  }
  if (!size) return undefined;
  const room = allocatable(size, pool.maxPods ?? 110);
  const sum = (resource: string): number =>
    (pod.spec.containers ?? []).reduce(
      (total, { resources }) =>
        total + (quantity(resources?.requests?.[resource] ?? resources?.limits?.[resource]) ?? 0),
      0,
    );
  if (sum('memory') > room.memoryMiB * 2 ** 20) return 'Insufficient memory';
  return sum('cpu') * 1000 > room.cpuMillicores ? 'Insufficient cpu' : undefined;
}
