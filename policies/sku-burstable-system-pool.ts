import { meetsSystemMinimum } from '../src/catalog/choose-size.ts';
import { vmSize } from '../src/catalog/vm-sizes.ts';
import type { Resource } from '../src/plan.ts';
import { offerLarger, systemPools } from '../src/policy/node-pools.ts';
import { definePolicy, type Finding, type PolicyContext } from '../src/policy/policy.ts';

export default definePolicy({
  id: 'sku-burstable-system-pool',
  title: 'the nodes of a system pool must not be of a burstable series',
  why: 'Microsoft does not support B-series nodes there, and such a node is throttled to its base when its credits are spent; Azure has been seen to accept it',
  fix: 'choose a size of the D series, or waive it with a reason',
  source: 'https://learn.microsoft.com/azure/aks/quotas-skus-regions#supported-vm-sizes',
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  resource: {
    'azure-native:containerservice:ManagedCluster': judge,
    'azure-native:containerservice:AgentPool': judge,
  },
});

function* judge(resource: Resource, context: PolicyContext): Generator<Finding> {
  for (const { vmSize: name, input } of systemPools(resource)) {
    const size = vmSize(name);
    // Below the minimum it is refused as such, and that is said already.
    if (!size?.burstable || !meetsSystemMinimum(size)) continue;
    yield {
      input,
      message: `"${name}" is burstable and cannot be the node of an AKS system pool`,
      note: 'throttled when its credits are spent',
      ...offerLarger(size.name, resource, context),
    };
  }
}
