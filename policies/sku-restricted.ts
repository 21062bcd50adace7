import { aksRules } from '../src/catalog/aks-rules.ts';
import { meetsSystemMinimum, meetsUserMinimum } from '../src/catalog/choose-size.ts';
import { noLessThan, offerSize, ofSizedPools, type SizedPool } from '../src/policy/node-pools.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { text } from '../src/views.ts';

export default definePolicy({
  id: 'sku-restricted',
  title: 'nodes need a size that AKS takes for their kind of pool',
  why: 'AKS refuses the pool: the size is too small for what every node runs, or has no image of the operating system',
  fix: 'choose a size with at least 2 vCPU and 2 GiB of memory, and one of x64 for Windows',
  source: 'https://learn.microsoft.com/azure/aks/quotas-skus-regions#restricted-vm-sizes',
  example: { wrong: '{ mode: User, vmSize: Standard_B1s }', right: '{ mode: User, vmSize: Standard_D2as_v5 }' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  resource: ofSizedPools(function* (pool, resource, context) {
    const { size, isSystem, written, input } = pool;
    // The smallest sizes in a system pool are refused as such, and that is said already.
    const reason = reasonOf(pool);
    if (reason === undefined || (isSystem && !meetsSystemMinimum(size))) return;
    yield {
      input,
      message: `"${written}" cannot be a node here: ${reason}`,
      note: reason,
      ...offerSize(size.name, resource, context, noLessThan(size)),
    };
  }),
});

function reasonOf({ size, inputs }: SizedPool): string | undefined {
  const { vcpu, memoryGiB } = aksRules().userPoolMinimum;
  if (!meetsUserMinimum(size))
    return `${size.vcpu} vCPU and ${size.memoryGiB} GiB; at least ${vcpu} vCPU and ${memoryGiB} GiB are required`;
  if (size.aksRestricted) return 'AKS takes no node of this size';
  if (size.arch !== 'arm64') return undefined;
  if (text(inputs.osType)?.toLowerCase() === 'windows') return 'there is no Windows for ARM64 nodes';
  const system = text(inputs.osSKU);
  if (inputs.enableFIPS === true && (system === undefined || /^ubuntu/i.test(system)))
    return 'FIPS on ARM64 nodes needs Azure Linux';
  return undefined;
}
