import { meetsSystemMinimum } from '../src/catalog/choose-size.ts';
import { offerSize, ofSizedPools } from '../src/policy/node-pools.ts';
import { definePolicy } from '../src/policy/policy.ts';

export default definePolicy({
  id: 'sku-burstable-system-pool',
  title: 'the nodes of a system pool must not be of a burstable series',
  why: 'Microsoft does not support B-series nodes there, and such a node is throttled to its base when its credits are spent; Azure has been seen to accept it',
  fix: 'choose a size of the D series, or waive it with a reason',
  source: 'https://learn.microsoft.com/azure/aks/quotas-skus-regions#supported-vm-sizes',
  example: { wrong: 'nodePool: { vmSize: Standard_B2ms }', right: 'nodePool: { vmSize: Standard_D2as_v5 }' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  resource: ofSizedPools(function* ({ isSystem, size, written, input }, resource, context) {
    // Below the minimum it is refused as such, and that is said already.
    if (!isSystem || !size.burstable || !meetsSystemMinimum(size)) return;
    yield {
      input,
      message: `"${written}" is burstable and cannot be the node of an AKS system pool`,
      note: 'throttled when its credits are spent',
      ...offerSize(size.name, resource, context),
    };
  }),
});
