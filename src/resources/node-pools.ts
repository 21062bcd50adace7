import type { Handle } from '../builder.ts';
import type { Spec } from '../spec/schema.ts';
import { type Context, tags } from './context.ts';

type Cluster = Spec['cluster'];

/** The name of the pool that `cluster.nodePool` describes, which is where the node runs: its disk fits nowhere else. */
export const systemPoolName = 'system';

/** The pool the cluster is created with; AKS refuses a cluster without one. */
export const systemPool = (spec: Spec, subnet: Handle) => ({
  name: systemPoolName,
  mode: 'System',
  ...nodes(spec.cluster.nodePool, subnet),
});

/** The pools beside it, one after the other: AKS refuses an operation on a cluster while another is under way. */
export function furtherPools(context: Context, group: Handle, cluster: Handle, subnet: Handle): void {
  const { spec, plan } = context;
  let previous: Handle | undefined;
  plan.each(
    () => spec.cluster.pools,
    (pool, index) => {
      previous = plan.resource(
        'azure-native:containerservice:AgentPool',
        `pool-${pool.name}`,
        `cluster.pools[${index}]`,
        () => ({
          resourceGroupName: group.output('name'),
          resourceName: cluster.output('name'),
          agentPoolName: () => pool.name,
          mode: () => pool.mode,
          ...nodes(pool, subnet),
          nodeLabels: () =>
            Object.fromEntries(Object.keys(pool.labels).map((label) => [label, () => pool.labels[label] as string])),
          nodeTaints: () => pool.taints,
          tags: () => tags(context),
        }),
        () => ({ dependsOn: [previous] }),
      );
    },
  );
}

/** What makes a pool, whichever it is. */
const nodes = (pool: Cluster['nodePool'] | Cluster['pools'][number], subnet: Handle) => ({
  type: 'VirtualMachineScaleSets',
  vmSize: () => pool.vmSize,
  // Within the autoscaler's bounds and not ignored: the count of old would be sent for ever, and AKS refuses one below a raised min.
  count: () => Math.max(pool.count, pool.autoscale?.min ?? 0),
  enableAutoScaling: () => pool.autoscale !== undefined,
  minCount: () => pool.autoscale?.min,
  maxCount: () => pool.autoscale?.max,
  osType: 'Linux',
  osSKU: 'Ubuntu',
  osDiskType: 'Managed',
  osDiskSizeGB: () => pool.osDiskGiB,
  maxPods: () => pool.maxPods,
  availabilityZones: () => (pool.zone === undefined ? undefined : [String(pool.zone)]),
  vnetSubnetID: subnet.id,
  enableNodePublicIP: false,
  upgradeSettings: { maxSurge: '1' },
});
