import { meetsSystemMinimum, systemMinimum } from '../src/catalog/choose-size.ts';
import { vmSize } from '../src/catalog/vm-sizes.ts';
import type { Resource } from '../src/plan.ts';
import { offerLarger, systemPools } from '../src/policy/node-pools.ts';
import { definePolicy, type Finding, type PolicyContext } from '../src/policy/policy.ts';

export default definePolicy({
  id: 'sku-below-system-minimum',
  title: 'the nodes of a system pool need at least 2 vCPU and 4 GiB of memory',
  why: 'Azure refuses the cluster after the network and the disk already exist (SystemPoolSkuTooLow)',
  fix: 'choose a larger VM size',
  source: 'https://learn.microsoft.com/azure/aks/quotas-skus-regions#supported-vm-sizes',
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: {
    'azure-native:containerservice:ManagedCluster': judge,
    'azure-native:containerservice:AgentPool': judge,
  },
});

function* judge(resource: Resource, context: PolicyContext): Generator<Finding> {
  const { vcpu, memoryGiB } = systemMinimum;
  for (const { vmSize: name, input } of systemPools(resource)) {
    const size = vmSize(name);
    if (!size || meetsSystemMinimum(size)) continue;
    yield {
      input,
      message: `"${name}" cannot be the node of an AKS system pool`,
      note: `${size.vcpu} vCPU and ${size.memoryGiB} GiB; at least ${vcpu} vCPU and ${memoryGiB} GiB are required`,
      ...offerLarger(size.name, resource, context),
    };
  }
}
