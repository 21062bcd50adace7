import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readData } from '../../src/catalog/files.ts';
import { meterIds, meterPrice, meterRegions, meterTiers } from '../../src/catalog/meters.ts';
import * as prices from '../../src/catalog/prices.ts';
import { regionNames } from '../../src/catalog/regions.ts';
import { source, sourceIds } from '../../src/catalog/sources.ts';
import { vmSize } from '../../src/catalog/vm-sizes.ts';

const data = 'src/catalog/data';
type VmPrices = {
  asOf: string;
  source: string;
  sizes: Record<string, number>;
  confirmed?: { source: string; sizes: string[] }[];
  suspectWindowsRate: string[];
  windowsRateRemoved: string[];
};
const vmPrices = (region: string): VmPrices => readData(`prices/vm/${region}.json`);

/** Every object inside a value, the value itself included. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const part of Object.values(value)) yield* objectsIn(part);
}

describe('the price book', () => {
  it('has one file for each region it lists, and a region of Azure for each file', () => {
    const files = readdirSync(`${data}/prices/vm`).map((file) => file.replace('.json', ''));
    expect(files.sort()).toEqual([...prices.vmPriceRegions()].sort());
    // The price list has it already; no list of regions does.
    expect(files.filter((region) => !regionNames().includes(region))).toEqual(['swedensouth']);
  });

  it('knows every size it has a price for, and says only of such what was done to the price', () => {
    for (const region of prices.vmPriceRegions()) {
      const { sizes, confirmed = [], suspectWindowsRate, windowsRateRemoved, source: from, asOf } = vmPrices(region);
      for (const size of Object.keys(sizes)) if (!vmSize(size)) expect.fail(`${region}: ${size} is no size`);
      const named = [...confirmed.flatMap((each) => each.sizes), ...suspectWindowsRate, ...windowsRateRemoved];
      expect(named.filter((size) => !Object.hasOwn(sizes, size))).toEqual([]);
      expect(source(from).asOf).toBe(asOf);
    }
  });

  it('has a price for every step of a disk it sells in a region', () => {
    const { month } = readData<{ month: Record<string, Record<string, Record<string, number>>> }>(
      'prices/managed-disks.json',
    );
    for (const [region, skus] of Object.entries(month)) {
      expect(regionNames()).toContain(region);
      expect(Object.keys(skus)).toEqual([
        'Premium_LRS',
        'Premium_ZRS',
        'StandardSSD_LRS',
        'StandardSSD_ZRS',
        'Standard_LRS',
      ]);
      for (const [sku, byTier] of Object.entries(skus)) {
        const tiers = prices.diskTiers(sku).map(({ tier }) => tier);
        const unpriced = tiers.filter((tier) => byTier[tier] === undefined);
        // Of zone-redundant disks the source has the steps up to 1 TiB.
        expect(unpriced).toEqual(sku.endsWith('ZRS') ? tiers.filter((tier) => Number(tier.slice(1)) > 30) : []);
        expect(Object.keys(byTier).filter((tier) => !tiers.includes(tier))).toEqual([]);
        // A larger step never costs less, or it would be chosen by whoever wants less.
        const amounts = tiers.flatMap((tier) => byTier[tier] ?? []);
        expect(amounts).toEqual([...amounts].sort((a, b) => a - b));
      }
    }
  });

  it('has meters in regions that exist, with figures of their own wherever they stand for another', () => {
    const places = [...regionNames(), 'Global', 'any', 'not stated', 'Zone 1'];
    for (const id of meterIds()) {
      expect(
        meterRegions(id).filter((region) => !places.includes(region)),
        id,
      ).toEqual([]);
      for (const region of regionNames()) {
        const price = meterPrice(id, region) ?? meterTiers(id, region)?.[0]?.price;
        if (price) expect([region, 'Global', 'any'], id).toContain(price.region);
      }
    }
    type Meters = { meters: Record<string, { figures: object; sameMeter?: { regions: Record<string, string[]> } }> };
    for (const { figures, sameMeter } of Object.values(readData<Meters>('prices/meters.json').meters)) {
      const others = Object.values(sameMeter?.regions ?? {}).flat();
      expect(others.filter((region) => !prices.vmPriceRegions().includes(region))).toEqual([]);
      expect(new Set(others).size).toBe(others.length);
      expect(Object.keys(sameMeter?.regions ?? {}).filter((region) => !Object.hasOwn(figures, region))).toEqual([]);
      expect(Object.keys(figures).filter((region) => others.includes(region))).toEqual([]);
    }
  });

  it('has tiers that begin at nothing and rise', () => {
    for (const id of meterIds())
      for (const region of meterRegions(id)) {
        const from = (meterTiers(id, region) ?? meterTiers(id) ?? []).map((tier) => tier.from);
        if (from.length > 0) expect(from[0], id).toBe(0);
        expect(from).toEqual([...new Set(from)].sort((a, b) => a - b));
      }
  });

  it('has commitments and spot only for sizes it knows, and none dearer than paying as you go', () => {
    type Row = { size: string; region: string | null } & Record<string, unknown>;
    const { reservation, savingsPlan, spot } = readData<Record<string, Row[]>>('prices/vm-commitments.json');
    for (const row of [...(reservation ?? []), ...(savingsPlan ?? []), ...(spot ?? [])]) {
      expect(vmSize(row.size)?.name).toBe(row.size);
      const hourly = row.region ? prices.linuxVm(row.region, row.size)?.usd : undefined;
      if (hourly === undefined) continue;
      const perHour = [
        row.usdPerHour,
        row.usdPerHour1Year,
        row.usdPerHour3Years,
        typeof row.usdTotal1Year === 'number' ? row.usdTotal1Year / 8760 : undefined,
        typeof row.usdTotal3Years === 'number' ? row.usdTotal3Years / 26_280 : undefined,
      ];
      for (const usd of perHour) if (usd !== undefined) expect(usd, row.size).toBeLessThan(hourly);
    }
  });

  it('names for each figure a source it has', () => {
    const named = new Set<string>();
    const files = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
    for (const file of files.filter((each) => each !== 'sources.json'))
      for (const object of objectsIn(readData(file)))
        for (const [key, value] of Object.entries(object))
          if (/source$/i.test(key) && typeof value === 'string') named.add(value);
    expect([...named].filter((id) => !sourceIds().includes(id))).toEqual([]);
  });
});
