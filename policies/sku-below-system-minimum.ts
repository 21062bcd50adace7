import { meetsSystemMinimum, systemMinimum } from '../src/catalog/choose-size.ts';
import { offerSize, ofSizedPools } from '../src/policy/node-pools.ts';
import { definePolicy } from '../src/policy/policy.ts';

export default definePolicy({
  id: 'sku-below-system-minimum',
  title: 'the nodes of a system pool need at least 2 vCPU and 4 GiB of memory',
  why: 'Azure refuses the cluster after the network and the disk already exist (SystemPoolSkuTooLow)',
  fix: 'choose a larger VM size',
  source: 'https://learn.microsoft.com/azure/aks/quotas-skus-regions#supported-vm-sizes',
  example: { wrong: 'nodePool: { vmSize: Standard_B1ms }', right: 'nodePool: { vmSize: Standard_D2as_v5 }' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: ofSizedPools(function* ({ isSystem, size, written, input }, resource, context) {
    if (!isSystem || meetsSystemMinimum(size)) return;
    const { vcpu, memoryGiB } = systemMinimum;
    yield {
      input,
      message: `"${written}" cannot be the node of an AKS system pool`,
      note: `${size.vcpu} vCPU and ${size.memoryGiB} GiB; at least ${vcpu} vCPU and ${memoryGiB} GiB are required`,
      ...offerSize(size.name, resource, context),
    };
  }),
});
