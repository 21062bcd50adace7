import { allocatable } from '../../../src/catalog/aks-allocatable.ts';
import { vmSize } from '../../../src/catalog/vm-sizes.ts';
import type { Pool } from '../azure/node-pool.ts';
import type { KubernetesObject } from '../cloud.ts';
import type { Container, Pod } from './pods.ts';
import { quantity } from './quantity.ts';
import { neverReady } from './refusal.ts';
import type { ClusterView } from './view.ts';
import { diskBehind } from './volumes.ts';

/**
 * The first pool whose nodes could hold one pod: its requests against what AKS leaves of an empty node, its node
 * selector, the taints of the nodes, and the number and zone of its disks. What already runs there is not counted.
 */
export function roomFor(view: ClusterView, workload: KubernetesObject, pod: Pod): Pool {
  const { agentPoolProfiles = [] } = view.cluster.inputs;
  const more = view.world
    .below(view.cluster.id)
    .filter((held) => held.type === 'azure-native:containerservice:AgentPool');
  const pools: Pool[] = [...agentPoolProfiles, ...more.map((held) => held.inputs as Pool)];
  const reasons = pools.map((pool) => obstacle(view, workload, pod, pool));
  const found = pools[reasons.indexOf(undefined)];
  if (found) return found;
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
  const taint = taintsOf(pool).find((other) => !isTolerated(other, pod));
  if (taint) return `node(s) had untolerated taint {${taint}}`;
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
  if (disksOf(workload, pod) > size.maxDataDisks) return 'node(s) exceed max volume count';
  if (requested(pod, 'memory') > room.memoryMiB * 2 ** 20) return 'Insufficient memory';
  return requested(pod, 'cpu') * 1000 > room.cpuMillicores ? 'Insufficient cpu' : undefined;
}

/** Each claim takes a place for a data disk, and so does each claim the workload makes for itself. */
function disksOf(workload: KubernetesObject, pod: Pod): number {
  const { volumeClaimTemplates: templates = [] } = (workload.spec ?? {}) as { volumeClaimTemplates?: unknown[] };
  return (pod.spec.volumes ?? []).filter((volume) => volume.persistentVolumeClaim).length + templates.length;
}

/**
 * Init containers run one after another before the others, beside those that stay (`restartPolicy: Always`):
 * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers#resource-sharing-within-containers
 */
function requested({ spec }: Pod, resource: string): number {
  const of = ({ resources }: Container): number =>
    quantity(resources?.requests?.[resource] ?? resources?.limits?.[resource]) ?? 0;
  let [staying, highest] = [0, 0];
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') staying += of(container);
    highest = Math.max(highest, container.restartPolicy === 'Always' ? staying : staying + of(container));
  }
  return Math.max(highest, staying + (spec.containers ?? []).reduce((sum, container) => sum + of(container), 0));
}

/** Spot nodes are tainted by AKS: https://learn.microsoft.com/azure/aks/spot-node-pool */
const taintsOf = ({ nodeTaints = [], scaleSetPriority }: Pool): string[] =>
  [
    ...nodeTaints,
    ...(scaleSetPriority === 'Spot' ? ['kubernetes.azure.com/scalesetpriority=spot:NoSchedule'] : []),
  ].filter((taint) => !taint.endsWith(':PreferNoSchedule'));

function isTolerated(taint: string, { spec }: Pod): boolean {
  const [, key = '', value = '', effect = ''] = /^([^=:]+)(?:=([^:]*))?:(\w+)$/.exec(taint) ?? [];
  return (spec.tolerations ?? []).some(
    (toleration) =>
      (toleration.effect === undefined || toleration.effect === effect) &&
      (toleration.operator === 'Exists'
        ? toleration.key === undefined || toleration.key === key
        : toleration.key === key && (toleration.value ?? '') === value),
  );
}
