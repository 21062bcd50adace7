import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { vmPriceRegions } from '../../src/catalog/prices.ts';
import { type Bill, cents } from '../../src/cost/bill.ts';
import type { CostItem } from '../../src/cost/item.ts';
import { compileText } from '../support/specs.ts';

const everything = readFileSync('test/fixtures/specs/everything.yaml', 'utf8');

type Change = readonly [path: readonly (string | number)[], value: unknown];
function billOf(...changes: Change[]): Bill {
  const document = parseDocument(everything);
  for (const [path, value] of changes) {
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, value);
  }
  return compileText(document.toString()).bill as Bill;
}

const regions = fc.constantFrom(...vmPriceRegions(), 'belgiumcentral', 'eastus', 'westeurope', 'northeurope');
const sizes = fc.constantFrom(
  'Standard_D2as_v5',
  'Standard_D8as_v5',
  'Standard_D2als_v7',
  'Standard_D2s_v3',
  'Standard_E16s_v5',
  'Standard_B1ms',
  'Standard_A2_v2',
);
const skus = fc.constantFrom('Standard_LRS', 'StandardSSD_LRS', 'StandardSSD_ZRS', 'Premium_LRS', 'PremiumV2_LRS');
const count = fc.integer({ min: 1, max: 40 });
const gib = fc.integer({ min: 1, max: 32_767 });
const clock = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
const days = fc.subarray(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], { minLength: 1 });
const use = fc.record({
  egressGb: fc.integer({ min: 0, max: 900_000 }),
  loadBalancerGb: fc.integer({ min: 0, max: 900_000 }),
  logsGbPerDay: fc.double({ min: 0, max: 9000, noNaN: true }),
  blobGb: fc.integer({ min: 0, max: 900_000 }),
  blobWrites: fc.integer({ min: 0, max: 1_000_000_000 }),
  dnsQueries: fc.integer({ min: 0, max: 5_000_000_000 }),
  podStarts: fc.integer({ min: 0, max: 1_000_000 }),
  freeLogGb: fc.integer({ min: 0, max: 100 }),
});

const clockText = ([hour, minute]: [number, number]): string =>
  `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;

const anything = fc
  .record({ region: regions, size: sizes, sku: skus, count, disk: gib, usage: use })
  .map(({ region, size, sku, count: nodes, disk, usage }): Change[] => [
    [['azure', 'region'], region],
    [['cluster', 'nodePool', 'vmSize'], size],
    [['cluster', 'nodePool', 'autoscale'], undefined],
    [['cluster', 'nodePool', 'count'], nodes],
    [['storage', 'data', 'sku'], sku],
    [['storage', 'data', 'sizeGiB'], disk],
    [['usage'], usage],
  ]);

/** What stays the same wherever it is. */
const withoutPrice = ({ name, resource, input, detail, quantity }: CostItem) => ({
  name,
  resource,
  input,
  detail,
  quantity,
});

const runs = { numRuns: 25 };

describe('a bill', () => {
  it('is the sum of its items, rounded once, and each item is what its price and quantity say', () => {
    fc.assert(
      fc.property(anything, (changes) => {
        const { items, monthlyUsd, partial } = billOf(...changes);
        expect(monthlyUsd).toBe(cents(items.reduce((sum, item) => sum + (item.monthlyUsd ?? 0), 0)));
        expect(partial).toBe(items.some((item) => item.monthlyUsd === null));
        for (const item of items) {
          if (item.unitPriceUsd === null) expect(item.monthlyUsd ?? 0).toBe(0);
          else expect(item.monthlyUsd).toBe(item.unitPriceUsd * (item.quantity - (item.freeAllowance?.granted ?? 0)));
        }
      }),
      runs,
    );
  });

  it('has no amount that is negative or no number, and no price without a date and a source', () => {
    fc.assert(
      fc.property(anything, (changes) => {
        for (const { name, alternatives = [], alternativeUsd = 0, ...item } of billOf(...changes).items) {
          const amounts = [item.monthlyUsd ?? 0, item.unitPriceUsd ?? 0, item.quantity, alternativeUsd];
          for (const amount of [...amounts, ...alternatives.map(({ monthlyUsd }) => monthlyUsd)])
            expect(Number.isFinite(amount) && amount >= 0, `${name}: ${amount}`).toBe(true);
          if (item.monthlyUsd !== null) {
            expect(item.asOf, name).toMatch(/^\d{4}-\d{2}(-\d{2})?$/);
            expect(item.source, name).not.toBe('');
          }
          if (item.freeAllowance) expect(item.freeAllowance.granted).toBeLessThanOrEqual(item.freeAllowance.limit);
        }
      }),
      runs,
    );
  });

  it('never falls when there are more nodes or larger disks', () => {
    fc.assert(
      fc.property(anything, count, gib, (changes, more, larger) => {
        const nodes = changes[3]?.[1] as number;
        const total = (...further: Change[]): number => billOf(...changes, ...further).monthlyUsd;
        const base = total();
        expect(total([['cluster', 'nodePool', 'count'], nodes + more])).toBeGreaterThanOrEqual(base);
        const disk = changes[5]?.[1] as number;
        const grown = Math.min(32_767, disk + larger);
        expect(total([['storage', 'data', 'sizeGiB'], grown])).toBeGreaterThanOrEqual(base);
      }),
      { numRuns: 15 },
    );
  });

  it('changes with the region only in what is priced by region', () => {
    fc.assert(
      fc.property(regions, regions, (here, there) => {
        const [one, other] = [here, there].map((region) => billOf([['azure', 'region'], region]).items);
        expect(one?.map(({ name }) => name)).toEqual(other?.map(({ name }) => name));
        for (const [index, item] of (one ?? []).entries()) {
          const counterpart = other?.[index] as CostItem;
          const isRegional = item.region === undefined || item.region === here;
          if (!isRegional) expect(counterpart).toEqual(item);
          // The free logs and alerts are part of what the price list says of a region.
          else if (item.freeAllowance === undefined) expect(withoutPrice(counterpart)).toEqual(withoutPrice(item));
          if (isRegional && counterpart.monthlyUsd !== null) expect([undefined, there]).toContain(counterpart.region);
        }
      }),
      runs,
    );
  });

  it('is never higher for stopping the cluster', () => {
    fc.assert(
      fc.property(anything, clock, clock, days, (changes, stop, start, on) => {
        fc.pre(clockText(stop) !== clockText(start));
        const development: Change = [['metadata', 'stage'], 'development'];
        const always = billOf(...changes, development);
        const hours = { stop: clockText(stop), start: clockText(start), days: on };
        const sometimes = billOf(...changes, development, [['cluster', 'offHours'], hours]);
        expect(sometimes.monthlyUsd).toBeLessThanOrEqual(always.monthlyUsd);
        for (const { name, quantity } of sometimes.items) if (name === 'Nodes') expect(quantity).toBeGreaterThan(0);
      }),
      runs,
    );
  });
});
