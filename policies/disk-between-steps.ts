import { diskTierFor } from '../src/catalog/prices.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { number, object, text } from '../src/views.ts';

export default definePolicy({
  id: 'disk-between-steps',
  title: 'a disk should have one of the sizes it is billed by',
  why: 'a managed disk is billed at the next step, so the rest is paid for and not there',
  fix: 'take the size of the step: it costs the same',
  source: 'https://learn.microsoft.com/azure/virtual-machines/disks-understand-billing',
  example: { wrong: 'data: { sizeGiB: 9 }', right: 'data: { sizeGiB: 16 }' },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  resource: {
    *'azure-native:compute:Disk'({ inputs }) {
      const gib = number(inputs.diskSizeGB);
      const step = gib === undefined ? undefined : diskTierFor(text(object(inputs.sku).name) ?? '', gib);
      if (gib === undefined || !step || step.gib === gib) return;
      yield {
        input: 'diskSizeGB',
        message: `a disk of ${gib} GiB is billed as one of ${step.gib} GiB (${step.tier})`,
        help: `${step.gib} GiB for the same price; a disk never shrinks again`,
        suggestion: { value: step.gib, safe: false },
      };
    },
  },
});
