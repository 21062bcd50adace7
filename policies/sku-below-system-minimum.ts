import { cheapestSystemSize, systemMinimum } from '../src/catalog/choose-size.ts';
import { linuxVm } from '../src/catalog/prices.ts';
import { vmSize } from '../src/catalog/vm-sizes.ts';
import { hoursPerMonth } from '../src/cost/item.ts';
import type { Resource } from '../src/plan.ts';
import { definePolicy, type Finding, type PolicyContext } from '../src/policy/policy.ts';
import { items, object, text } from '../src/views.ts';

export default definePolicy({
  id: 'sku-below-system-minimum',
  title: 'the nodes of a system pool need at least 2 vCPU and 4 GiB of memory',
  why: 'Azure refuses the cluster after the network and the disk already exist (SystemPoolSkuTooLow)',
  fix: 'choose a larger VM size',
  source: 'https://learn.microsoft.com/azure/aks/quotas-skus-regions#supported-vm-sizes',
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: {
    *'azure-native:containerservice:ManagedCluster'(cluster, context) {
      for (const [index, each] of items(cluster.inputs.agentPoolProfiles).entries()) {
        yield* judgePool(object(each), `agentPoolProfiles[${index}].`, cluster, context);
      }
    },
    *'azure-native:containerservice:AgentPool'(pool, context) {
      yield* judgePool(pool.inputs, '', pool, context);
    },
  },
});

function* judgePool(
  pool: Record<string, unknown>,
  at: string,
  resource: Resource,
  context: PolicyContext,
): Generator<Finding> {
  const name = text(pool.vmSize);
  const size = name === undefined ? undefined : vmSize(name);
  if (!size || text(pool.mode) !== 'System') return;
  const { vcpu, memoryGiB } = systemMinimum;
  if (size.vcpu >= vcpu && size.memoryGiB >= memoryGiB) return;
  const region = context.regionOf(resource);
  const better = region === undefined ? undefined : cheapestSystemSize(region);
  yield {
    input: `${at}vmSize`,
    message: `"${name}" cannot be the node of an AKS system pool`,
    note: `${size.vcpu} vCPU and ${size.memoryGiB} GiB; at least ${vcpu} vCPU and ${memoryGiB} GiB are required`,
    ...(better &&
      region !== undefined && {
        help: offer(better.name, better.usdPerHour, linuxVm(region, size.name)?.usd),
        suggestion: { value: better.name, safe: false },
      }),
  };
}

function offer(name: string, usdPerHour: number, nowPerHour: number | undefined): string {
  const monthly = usdPerHour * hoursPerMonth;
  const difference = nowPerHour === undefined ? '' : ` (+${(monthly - nowPerHour * hoursPerMonth).toFixed(2)})`;
  return `${name}, ${monthly.toFixed(2)} USD/month${difference}`;
}
