import { linuxVm } from '../src/catalog/prices.ts';
import type { VmSize } from '../src/catalog/vm-sizes.ts';
import { hoursPerMonth } from '../src/cost/item.ts';
import { machinesOf, offerSize } from '../src/policy/node-pools.ts';
import { definePolicy } from '../src/policy/policy.ts';

export default definePolicy({
  id: 'sku-not-allowed',
  title: 'nodes and other machines have the sizes that the owners allow, and are no larger or dearer than they say',
  why: 'a size too large is paid for by the hour from the first minute, and a series nobody reviewed may lack what the others have',
  fix: 'choose a size within the limits of policies/config.yaml, or ask its owners for more',
  source: 'https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-setup-guide/govern-org-compliance',
  example: { wrong: 'nodePool: { vmSize: Standard_D32as_v5 }', right: 'nodePool: { vmSize: Standard_D2as_v5 }' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  settings: {
    allowed: {
      type: 'strings',
      description: 'the sizes that may be chosen, as in Standard_D2as_v5 or with a wildcard as in Standard_D*s_v5',
    },
    maxMemoryGiB: {
      type: 'number',
      minimum: 1,
      description: 'the most memory of a node, in GiB',
      default: { development: 64 },
    },
    maxMonthlyUsdPerNode: {
      type: 'number',
      minimum: 0,
      description: 'the most that a node may cost, in USD a month',
      default: { development: 700 },
    },
    maxVcpu: {
      type: 'number',
      minimum: 1,
      description: 'the most vCPU of a node',
      default: { development: 16 },
    },
  },
  *plan(context) {
    const { resources, regionOf, settings } = context;
    const { allowed, maxVcpu, maxMemoryGiB, maxMonthlyUsdPerNode } = settings;
    const listed = allowed?.map(toPattern);
    const isListed = (name: string): boolean => listed?.some((pattern) => pattern.test(name)) ?? true;
    /** What of a size is beyond a limit, in words. */
    const excess = (size: VmSize, usd: number | undefined): string[] => [
      ...(maxVcpu !== undefined && size.vcpu > maxVcpu ? [`${size.vcpu} vCPU of at most ${maxVcpu}`] : []),
      ...(maxMemoryGiB !== undefined && size.memoryGiB > maxMemoryGiB
        ? [`${size.memoryGiB} GiB of at most ${maxMemoryGiB}`]
        : []),
      ...(maxMonthlyUsdPerNode !== undefined && usd !== undefined && usd > maxMonthlyUsdPerNode
        ? [`${usd.toFixed(2)} USD/month of at most ${maxMonthlyUsdPerNode}`]
        : []),
    ];
    for (const { resource, size, written, input } of machinesOf(resources)) {
      const usdPerHour = size && linuxVm(regionOf(resource) ?? '', size.name)?.usd;
      const usd = usdPerHour === undefined ? undefined : usdPerHour * hoursPerMonth;
      // What the catalog does not know is within every limit but a list of names.
      const beyond = size ? excess(size, usd) : [];
      if (isListed(written) && beyond.length === 0) continue;
      yield {
        resource: resource.name,
        input,
        message: isListed(written)
          ? `"${written}" is larger than the owners allow: ${beyond.join(', ')}`
          : `"${written}" is not among the sizes that the owners allow: ${allowed?.join(', ')}`,
        note: beyond.length > 0 ? beyond.join(', ') : 'not allowed',
        ...offerSize(
          written,
          resource,
          context,
          (other, usdPerMonth) => isListed(other.name) && excess(other, usdPerMonth).length === 0,
        ),
      };
    }
  },
});

// As Azure does, in any case.
const toPattern = (allowed: string): RegExp =>
  new RegExp(
    `^${allowed
      .split('*')
      .map((part) => part.replace(/[^\w-]/g, '\\$&'))
      .join('.*')}$`,
    'i',
  );
