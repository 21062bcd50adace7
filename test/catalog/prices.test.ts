import { describe, expect, it } from 'vitest';
import { readData } from '../../src/catalog/files.ts';
import { meterIds, meterPrice, meterRegions, meterTiers } from '../../src/catalog/meters.ts';
import * as prices from '../../src/catalog/prices.ts';
import * as services from '../../src/catalog/service-prices.ts';
import { source, sourceIds } from '../../src/catalog/sources.ts';
import { reservation, savingsPlan, spotVm } from '../../src/catalog/vm-commitments.ts';

describe('linuxVm', () => {
  it('has 57 regions whose prices are all positive, with known sources', () => {
    expect(prices.vmPriceRegions()).toHaveLength(57);
    let count = 0;
    for (const region of prices.vmPriceRegions()) {
      const { sizes } = readData<{ sizes: Record<string, number> }>(`prices/vm/${region}.json`);
      for (const [size, usd] of Object.entries(sizes)) {
        if (!(Number.isFinite(usd) && usd > 0)) expect.fail(`${region} ${size}: ${usd}`);
        if (prices.linuxVm(region, size)?.usd !== usd) expect.fail(`${region} ${size} is not found again`);
      }
      count += Object.keys(sizes).length;
    }
    expect(count).toBe(28_457);
  });

  it('gives the corrected Linux rate, dated by the dump that confirms it', () => {
    // xbill9/zombiescan-azure table.json of 2026-09-23; the karpenter dump of 2026-06-18 says 0.178, the Windows rate
    expect(prices.linuxVm('eastus', 'Standard_D2as_v5')).toEqual({
      usd: 0.086,
      per: 'hour',
      meter: 'Standard_D2as_v5',
      region: 'eastus',
      source: 'zombiescan-2026-09-23',
      asOf: '2026-09-23',
    });
    // the same dump, raw 0.178 in westus2, without a confirmation
    expect(prices.linuxVm('westus2', 'standard_d2as_v5')).toMatchObject({ usd: 0.086, asOf: '2026-06-18' });
    expect(prices.linuxVm('westus2', 'Standard_D2as_v5')?.note).toContain('Windows rate');
    // listed only in the table of twelve regions
    expect(prices.linuxVm('westeurope', 'Standard_B20ms')?.usd).toBe(0.96);
  });

  it('marks what may still be a Windows rate', () => {
    const price = prices.linuxVm('eastus2', 'Standard_D8ads_v5');
    expect(price).toMatchObject({ suspect: true, source: 'karpenter-2026-06-18' });
    expect(price?.note).toContain('may be the Windows rate');
  });

  it('is undefined for what it does not list', () => {
    expect(prices.linuxVm('eastus', 'Standard_None')).toBeUndefined();
    expect(prices.linuxVm('eastus', 'constructor')).toBeUndefined();
    expect(prices.linuxVm('belgiumcentral', 'Standard_D2as_v5')).toBeUndefined();
    expect(prices.linuxVm('../../regions', 'Standard_D2as_v5')).toBeUndefined();
  });
});

describe('managed disks', () => {
  it('has the listed figures and no others', () => {
    // zombiescan 2026-09; citas-2026-10-03 has the same P4
    expect(prices.managedDisk('eastus', 'Premium_LRS', 'P4')).toMatchObject({
      usd: 5.2795,
      per: 'month',
      meter: 'P4 LRS Disk',
      asOf: '2026-09',
    });
    expect(prices.managedDisk('northeurope', 'Premium_ZRS', 'P10')).toMatchObject({
      usd: 29.565,
      meter: 'P10 ZRS Disk',
    });
    expect(prices.managedDisk('swedencentral', 'Premium_LRS', 'P4')).toBeUndefined();
    expect(prices.managedDisk('eastus', 'Premium_ZRS', 'P40')).toBeUndefined();
    expect(prices.managedDisk('eastus', 'PremiumV2_LRS', 'P4')).toBeUndefined();
  });

  it('bills a disk as the first tier that holds it', () => {
    for (const sku of ['Premium_LRS', 'Premium_ZRS', 'StandardSSD_LRS', 'Standard_LRS']) {
      const gib = prices.diskTiers(sku).map((tier) => tier.gib);
      expect(gib.length).toBeGreaterThan(10);
      expect(gib).toEqual([...new Set(gib)].sort((a, b) => a - b));
    }
    expect(prices.diskTierFor('Premium_LRS', 128)).toMatchObject({ tier: 'P10', gib: 128, iops: 500, mbps: 100 });
    expect(prices.diskTierFor('Premium_LRS', 129)?.tier).toBe('P15');
    expect(prices.diskTierFor('Standard_LRS', 1)?.tier).toBe('S4');
    expect(prices.diskTierFor('Premium_LRS', 32_768)).toBeUndefined();
    expect(prices.diskTierFor('Premium_LRS', 0)).toBeUndefined();
    expect(prices.diskTiers('PremiumV2_LRS')).toEqual([]);
  });
});

describe('meters', () => {
  it('have figures that are finite and not negative, each from a dated source', () => {
    for (const id of meterIds()) {
      expect(meterRegions(id).length, id).toBeGreaterThan(0);
      for (const region of meterRegions(id)) {
        const exact = region === region.toLowerCase() || region === 'Global' ? region : undefined;
        const single = meterPrice(id, exact);
        const figures = single ? [single] : (meterTiers(id, exact) ?? []).map((tier) => tier.price);
        expect(figures.length, `${id} ${region}`).toBeGreaterThan(0);
        for (const { usd, source: from, asOf } of figures) {
          expect(Number.isFinite(usd) && usd >= 0, id).toBe(true);
          expect(asOf).toBe(source(from).asOf);
        }
      }
    }
  });

  it('have the figures of their sources', () => {
    // finfocus-2026-10 loadbalancer/global_standard.json
    expect(prices.loadBalancerRules()).toMatchObject({ usd: 0.025, per: 'hour', region: 'Global', asOf: '2026-10' });
    expect(prices.loadBalancerExtraRule()?.usd).toBe(0.01);
    expect(prices.loadBalancerData()).toMatchObject({ usd: 0.005, per: 'GB' });
    // zombiescan 2026-09 and citas-2026-10-03
    expect(prices.publicIPv4('eastus')).toMatchObject({ usd: 0.005, meter: 'Standard IPv4 Static Public IP' });
    // doc-2026-08-04
    expect(prices.keyVaultOperations('eastus')).toMatchObject({ usd: 0.03, per: '10k operations', asOf: '2026-08-04' });
    expect(prices.metricAlert('eastus')).toMatchObject({ usd: 0.1, free: 10 });
    // infracost log_analytics_workspace_test, changed 2024-08-30
    expect(prices.logIngestion('westeurope')).toMatchObject({ usd: 2.99, free: 5, asOf: '2024-08-30' });
    expect(prices.logRetention('eastus')).toMatchObject({ usd: 0.1, per: 'GB-month' });
    // zombiescan 2026-09
    expect(services.containerRegistry('Basic')).toMatchObject({ usd: 0.1666, per: 'day' });
    expect(services.premiumSsdV2Iops('eastus')).toMatchObject({ usd: 0.000007, free: 3000 });
    // finfocus-2026-10 general_block_blob_v2_eastus.json
    expect(services.blobStored('eastus', 'Hot LRS')?.map((tier) => [tier.from, tier.price.usd])).toEqual([
      [0, 0.0208],
      [51_200, 0.019968],
      [512_000, 0.019136],
    ]);
    expect(services.blobOperations('eastus', 'Hot LRS Write Operations')?.usd).toBe(0.05);
    // infracost recovery_services_vault_test (2024-07): 5, 10, 20
    expect([50, 500, 501].map((gb) => services.backupVmInstance('westeurope', gb)?.usd)).toEqual([5, 10, 20]);
  });

  it('are never carried from one region to another', () => {
    expect(prices.publicIPv4('swedencentral')).toBeUndefined();
    expect(prices.egressTiers('brazilsouth')).toBeUndefined();
    expect(prices.metricAlert('westeurope')).toBeUndefined();
    expect(services.platformLogExport('northeurope')).toBeUndefined();
    expect(prices.logIngestion('northeurope')).toBeUndefined();
    expect(prices.keyVaultOperations('westeurope')).toBeUndefined();
    expect(services.premiumSsdV2Iops('westeurope')).toBeUndefined();
    expect(services.diskOperations('eastus', 'StandardSSD_LRS', 'E1')).toBeUndefined();
  });

  it('hold where the price list has the very same meter', () => {
    // egress-zones-2026-09-24: one meter for North America and Europe, another one for Asia and Oceania
    expect(prices.egressTiers('westeurope')?.[1]?.price).toMatchObject({ usd: 0.087, region: 'westeurope' });
    expect(prices.egressTiers('westeurope')?.[1]?.price.note).toContain('read in eastus');
    expect(prices.egressTiers('japaneast')?.[1]?.price.usd).toBe(0.12);
    // What of it is free holds everywhere, whatever the price is.
    expect(services.freeLogicActions()).toEqual({ units: 4000, source: 'logic-apps-pricing-page', asOf: '2026-09-20' });
    expect(services.logicAction('westeurope')).toBeUndefined();
  });

  it('start egress with the free 100 GB', () => {
    // egress-fixture: Retail Prices API, Rtn Preference: MGN, eastus
    expect(prices.egressTiers('eastus')?.slice(0, 3)).toMatchObject([
      { from: 0, price: { usd: 0 } },
      { from: 100, price: { usd: 0.087 } },
      { from: 10_335, price: { usd: 0.083 } },
    ]);
    expect(prices.egressTiers('eastus', 'Internet')?.[1]?.price).toMatchObject({ usd: 0.08, asOf: '2026-08-04' });
  });

  it('keep both figures of the disputed AKS Free tier', () => {
    expect(prices.aksTier('Free')).toMatchObject({
      usd: 0,
      alternativeUsd: 0.05,
      meter: 'FreeTierInfrastructureCost Uptime SLA',
    });
    expect(prices.aksTier('Free')?.note).toContain('2026-10-01');
    expect(prices.aksTier('Standard')).toMatchObject({ usd: 0.1, meter: 'Standard Uptime SLA' });
    expect(prices.aksTier('Premium')?.usd).toBe(0.6);
  });
});

it('answers for commitments only where region and date are known', () => {
  // finfocus-2026-10 savingsplan/eastus_standard_d2als_v7_nofilter_preview.json
  expect(savingsPlan('eastus', 'Standard_D2als_v7', 3)).toMatchObject({ usd: 0.035376, per: 'hour' });
  expect(reservation('eastus', 'Standard_D2als_v7', 1)).toMatchObject({ usd: 416, per: '1 year' });
  expect(spotVm('eastus', 'Standard_D2s_v3')?.usd).toBe(0.018816);
  expect(spotVm('eastus', 'Standard_B2as_v2')).toBeUndefined();
  expect(reservation('eastus', 'Standard_D2s_v5', 1)).toBeUndefined();
});

it('dates its sources by day or month, and names no local path', () => {
  for (const id of sourceIds()) {
    const { asOf, repository, path, version } = source(id);
    expect(asOf ?? '2026-01', id).toMatch(/^\d{4}-\d{2}(-\d{2})?$/);
    for (const text of [repository, path, version]) expect(text ?? '', id).not.toMatch(/^[/~]|^[A-Z]:/);
  }
});
