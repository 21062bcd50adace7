import { diskRequests } from '../src/policy/disks.ts';
import { definePolicy } from '../src/policy/policy.ts';

export default definePolicy({
  id: 'disk-sku-not-allowed',
  title: 'disks are of the kinds that the owners allow, and no larger than they say',
  why: 'a disk is paid for by its size whether anything is on it or not, grows at a click and never shrinks',
  fix: 'choose a disk within the limits of policies/config.yaml, or ask its owners for more',
  source: 'https://learn.microsoft.com/azure/virtual-machines/disks-types',
  example: { wrong: 'data: { sku: UltraSSD_LRS }', right: 'data: { sku: Premium_LRS }' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  settings: {
    allowed: { type: 'strings', description: 'the kinds of disk that may be chosen, as in Premium_LRS' },
    maxGiB: {
      type: 'number',
      minimum: 1,
      description: 'the most that a disk may hold, in GiB',
      default: { development: 1024 },
    },
  },
  *plan(context) {
    const { allowed, maxGiB } = context.settings;
    const listed = allowed?.map((each) => each.toLowerCase());
    for (const { resource, sku, skuInput, gib, gibInput } of diskRequests(context)) {
      if (listed && !listed.includes(sku.toLowerCase()))
        yield {
          resource: resource.name,
          input: skuInput,
          message: `"${sku}" is not among the kinds of disk that the owners allow: ${allowed?.join(', ')}`,
          ...(allowed?.length === 1 && { suggestion: { value: allowed[0] as string, safe: false } }),
        };
      if (maxGiB !== undefined && gib !== undefined && gib > maxGiB)
        yield {
          resource: resource.name,
          input: gibInput,
          message: `${gib} GiB are more than the ${maxGiB} GiB that the owners allow`,
          suggestion: { value: maxGiB, safe: false },
        };
    }
  },
});
