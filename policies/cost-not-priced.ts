import { definePolicy } from '../src/policy/policy.ts';

export default definePolicy({
  id: 'cost-not-priced',
  title: 'what costs money should have a price',
  why: 'the bill is without it, and so is every limit that the bill is compared with; a price of another region would be a guess',
  fix: 'nothing, where that is accepted; else look its price up, or choose a region or a size that the catalog has',
  source: 'https://azure.microsoft.com/pricing/calculator/',
  example: { wrong: 'azure: { region: a region without prices }', right: 'azure: { region: eastus }' },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  *plan({ bill }) {
    for (const { name, detail, meter, resource, input, monthlyUsd } of bill.items) {
      if (monthlyUsd === null)
        yield {
          resource,
          ...(input !== '' && { input }),
          message: `the catalog has no price for ${name}${detail ? ` (${detail})` : ''}; the bill is without it`,
          help: `the meter is "${meter}"`,
        };
    }
  },
});
