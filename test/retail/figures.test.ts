import { afterEach, describe, expect, it } from 'vitest';
import { fetchPrices, queriesFor } from '../../src/retail/fetch-prices.ts';
import { meterFigure, vmFigures } from '../../src/retail/figures.ts';
import { holdsOn, isRetail } from '../../src/retail/rows.ts';
import { meterRules } from '../../src/retail/rules.ts';
import { type PriceList, priceList, row } from '../support/price-list.ts';
import { today } from '../support/specs.ts';

let list: PriceList | undefined;
afterEach(() => list?.close());

const retail = (price: number, more: Record<string, unknown> = {}) => row({ retailPrice: price, ...more });
const windows = { productName: 'Virtual Machines Dasv5 Series Windows' };
const several = { problem: 'the price list has several prices for it' };

describe('a VM', () => {
  it('is told from all that goes by its name', () => {
    const rows = [
      retail(0.178, windows),
      retail(0.178, { productName: 'Dasv5 Series Cloud Services' }),
      retail(4, { productName: 'Dasv5-Type1 Dedicated Host' }),
      retail(0.0172, { skuName: 'D2as v5 Low Priority', meterName: 'D2as v5 Low Priority' }),
      retail(0.021, { skuName: 'D2as v5 Spot', meterName: 'D2as v5 Spot' }),
      retail(0.113, { ...windows, skuName: 'D2as v5 Spot', meterName: 'D2as v5 Spot' }),
      retail(0.086, {
        savingsPlan: [
          { term: '3 Years', retailPrice: 0.045, unitPrice: 0.045 },
          { term: '1 Year', retailPrice: 0.06, unitPrice: 0.06 },
        ],
      }),
      retail(440, { type: 'Reservation', reservationTerm: '1 Year' }),
      retail(850, { type: 'Reservation', reservationTerm: '3 Years' }),
      retail(1_400, { type: 'Reservation', reservationTerm: '5 Years' }),
    ];
    const figures = {
      payAsYouGo: 0.086,
      spot: 0.021,
      savingsPlan1Year: 0.06,
      savingsPlan3Years: 0.045,
      reservation1Year: 440,
      reservation3Years: 850,
    };
    expect(vmFigures(rows)).toEqual({ figures });
    expect(vmFigures(rows.toReversed())).toEqual({ figures });
  });

  it('has no price that is not certain', () => {
    expect(vmFigures([])).toEqual({ figures: {} });
    expect(vmFigures([retail(0)])).toEqual({ figures: {}, problem: 'the price list has it at 0' });
    expect(vmFigures([retail(0.1), retail(0.2)])).toEqual({ figures: {}, ...several });
    expect(vmFigures([retail(0.1, { unitOfMeasure: '1 Day' })])).toEqual({
      figures: {},
      problem: 'the price list has it by "1 Day"',
    });
  });

  it('may be of a product with any name', () => {
    expect(vmFigures([retail(0.2, { productName: 'DCasv5-series Linux' })]).figures).toEqual({ payAsYouGo: 0.2 });
  });
});

describe('a meter', () => {
  const data = { unitOfMeasure: '1 GB' };
  const at = (from: number, price: number, more = {}) => retail(price, { tierMinimumUnits: from, ...data, ...more });

  it.each([
    ['one row', [at(0, 2.3)], { usd: 2.3 }],
    ['what is free first', [at(5, 2.3), at(0, 0)], { usd: 2.3, free: 5 }],
    ['the same row twice', [at(0, 2.3), at(0, 2.3)], { usd: 2.3 }],
    ['the same under two products', [at(0, 2.3), at(0, 2.3, { productName: 'B' })], { usd: 2.3 }],
    ['two prices under two products', [at(0, 2.3), at(0, 2.5, { productName: 'B' })], several],
    ['two prices at a time', [at(0, 2.3), at(0, 2.5)], several],
    ['a new price', [at(0, 2.5, { effectiveStartDate: '2026-06-01T00:00:00Z' }), at(0, 2.3)], { usd: 2.5 }],
    ['a unit beside one we know', [at(0, 2.3), at(0, 23, { unitOfMeasure: '10 GB' })], { usd: 2.3 }],
    [
      'only a unit we do not know',
      [at(0, 23, { unitOfMeasure: '10 GB' })],
      { problem: 'the price list has it by "10 GB"' },
    ],
    [
      'an inherited word as unit',
      [at(0, 1, { unitOfMeasure: 'constructor' })],
      { problem: 'the price list has it by "constructor"' },
    ],
    ['nothing', [], { problem: 'the price list does not have it' }],
    ['nothing but zero', [at(0, 0), at(5, 0)], { problem: 'the price list has it at 0' }],
  ])('has a price from %s', (_, rows, figure) => {
    expect(meterFigure(rows, 'GB', false)).toEqual(figure);
  });

  const old = [at(0, 0), at(5, 0.087), at(10_240, 0.083)];
  const june = { effectiveStartDate: '2026-06-01T00:00:00Z' };
  it.each([
    [
      'any order',
      old.toReversed(),
      [
        [0, 0],
        [5, 0.087],
        [10_240, 0.083],
      ],
    ],
    [
      'new tiers that begin elsewhere',
      [...old, at(0, 0, june), at(100, 0.08, june)],
      [
        [0, 0],
        [100, 0.08],
      ],
    ],
    [
      'one new tier above the first',
      [...old, at(5, 0.09, june)],
      [
        [0, 0],
        [5, 0.09],
        [10_240, 0.083],
      ],
    ],
  ])('has tiers from %s', (_, rows, tiers) => {
    expect(meterFigure(rows, 'GB', true)).toEqual({ tiers: tiers.map(([from, usd]) => ({ from, usd })) });
  });

  it('has no tiers where they are not certain', () => {
    expect(meterFigure([...old, at(0, 0.05, june)], 'GB', true)).toEqual(several);
    expect(meterFigure([at(5, 0.087)], 'GB', true)).toEqual({ problem: "the price list's tiers do not begin at 0" });
  });

  it('is multiplied where the price list counts otherwise', () => {
    expect(meterFigure([retail(0.000111, { unitOfMeasure: '1 GiB/Hour' })], 'GiB-month', false)).toEqual({
      usd: expect.closeTo(0.08103, 6),
    });
    expect(meterFigure([retail(3, { unitOfMeasure: '1M' })], '10k operations', false)).toEqual({ usd: 0.03 });
  });
});

it('counts only retail rows of today', () => {
  const day = (start: string, end?: string) =>
    row({ effectiveStartDate: `${start}T00:00:00Z`, ...(end && { effectiveEndDate: `${end}T23:59:59Z` }) });
  expect(
    [day('2026-11-22'), day('2026-11-23'), day('2026-01-01', '2026-11-21'), day('2026-01-01', '2026-11-22')].map(
      (each) => holdsOn(today, each),
    ),
  ).toEqual([true, false, false, true]);
  expect(
    [
      {},
      { currencyCode: 'EUR' },
      { type: 'DevTestConsumption' },
      { isPrimaryMeterRegion: false },
      { isPrimaryMeterRegion: undefined },
    ].map((fields) => isRetail(row(fields))),
  ).toEqual([true, false, false, false, true]);
});

const meter = (
  serviceName: string,
  productName: string,
  skuName: string,
  meterName: string,
  unitOfMeasure: string,
  more = {},
) => row({ serviceName, productName, skuName, meterName, unitOfMeasure, armSkuName: '', ...more });

describe('a whole fetch', () => {
  it('asks each service once for each place', () => {
    const asked = queriesFor(['eastus', 'westeurope']).map(({ service, place }) => `${service}, ${place}`);
    expect(asked).toHaveLength(23);
    expect(asked.filter((each) => each.includes('eastus'))).toEqual([
      'Virtual Machines, eastus',
      'Virtual Machines, eastus',
      'Container Registry, eastus',
      'Azure Monitor, eastus',
      'Storage, eastus',
      'Bandwidth, eastus',
      'Key Vault, eastus',
      'Log Analytics, eastus',
      'Virtual Network, eastus',
    ]);
    expect(queriesFor(['eastus']).find(({ place }) => place === 'Zone 1')?.filter).toBe(
      "serviceName eq 'Azure DNS' and priceType eq 'Consumption' and (armRegionName eq 'Zone 1' or armRegionName eq '')",
    );
  });

  it('knows the rows of all meters but those that are only described', () => {
    const ids = meterRules().map(({ id }) => id);
    for (const id of ['loadBalancer.rules', 'publicIp.standardStaticIPv4', 'diskSnapshot.Standard_LRS', 'acr.Basic'])
      expect(ids).toContain(id);
    for (const id of ['aks.Automatic', 'vnetPeering.globalEgress', 'ultraDisk.capacity']) expect(ids).not.toContain(id);
    expect(meterRules().find(({ id }) => id === 'acr.storage.Premium')).toMatchObject({ sku: 'Premium' });
  });

  it('gives every figure at its place, and says what it left alone', async () => {
    const disk = (name: string, price: number, more = {}) =>
      meter('Storage', 'Premium SSD Managed Disks', 'P10 LRS', name, '1/Month', { retailPrice: price, ...more });
    const global = { armRegionName: 'Global' };
    list = await priceList(
      [
        retail(0.09),
        retail(0.1, { armSkuName: 'STANDARD_E2S_V5' }),
        retail(0.1, { armSkuName: 'Standard_Unheard_Of' }),
        retail(0.5, { effectiveStartDate: '2026-12-01T00:00:00Z' }),
        disk('P10 LRS Disk', 20),
        disk('P10 LRS Disk Mount', 1),
        disk('P10 LRS Disk', 99, { isPrimaryMeterRegion: false }),
        disk('P6 LRS Disk', 20, { unitOfMeasure: '1 Fortnight' }),
        meter('Storage', 'Standard HDD Managed Disks', 'Snapshots LRS', 'LRS Snapshots', '1 GB/Month', {
          retailPrice: 0.06,
        }),
        meter('Storage', 'Standard SSD Managed Disks', 'E4 LRS', 'E4 LRS Disk Operations', '10K', {
          retailPrice: 0.003,
        }),
        meter('Storage', 'Standard SSD Managed Disks', 'E10 LRS', 'E10 LRS Disk Operations', '10K', {
          retailPrice: 0.003,
        }),
        meter('Container Registry', 'Container Registry', 'Basic', 'Basic Registry Unit', '1/Day'),
        meter('Azure Kubernetes Service', 'Azure Kubernetes Service', 'Standard', 'Standard Uptime SLA', '1 Hour'),
        meter(
          'Azure Kubernetes Service',
          'Azure Kubernetes Service',
          'Free',
          'FreeTierInfrastructureCost Uptime SLA',
          '1 Hour',
          {
            retailPrice: 0.06,
          },
        ),
        meter('Load Balancer', 'Load Balancer', 'Standard', 'Standard Data Processed', '1 GB', {
          ...global,
          retailPrice: 0.006,
        }),
        meter('Load Balancer', 'Load Balancer', 'Gateway', 'Standard Data Processed', '1 GB', global),
        meter('Azure DNS', 'Azure DNS', 'Public', 'Public Zone', '1', { armRegionName: '' }),
        meter('Azure DNS', 'Azure DNS', 'Public', 'Public Queries', '1M', {
          armRegionName: 'Zone 1',
          retailPrice: 0.5,
        }),
      ],
      { pageSize: 2 },
    );
    const told: string[] = [];
    const { places, leftAlone } = await fetchPrices(['eastus'], today, { url: list.url }, (done, total, what) =>
      told.push(`${done}/${total} ${what}`),
    );
    expect(places).toEqual({
      eastus: {
        asOf: today,
        vm: { Standard_D2as_v5: { payAsYouGo: 0.09 }, Standard_E2s_v5: { payAsYouGo: 0.1 } },
        disks: { Premium_LRS: { P10: 20 } },
        meters: {
          'acr.Basic': { usd: 0.1 },
          'diskOperations.StandardSSD_LRS': { usd: 0.003 },
          'diskSnapshot.Standard_LRS': { usd: 0.06 },
        },
      },
      Global: { asOf: today, vm: {}, disks: {}, meters: { 'loadBalancer.data': { usd: 0.006 } } },
      'Zone 1': { asOf: today, vm: {}, disks: {}, meters: { 'dns.publicQueries': { tiers: [{ from: 0, usd: 0.5 }] } } },
      any: {
        asOf: today,
        vm: {},
        disks: {},
        meters: { 'aks.Free': { alternativeUsd: 0.06 }, 'aks.Standard': { usd: 0.1 } },
      },
    });
    expect(leftAlone).toEqual(
      expect.arrayContaining([
        { meter: 'P6 LRS Disk', place: 'eastus', why: 'the price list has it by "1 Fortnight"' },
        { meter: 'dns.publicZone', place: 'Zone 1', why: 'the price list has it by "1"' },
        { meter: 'aks.Premium', place: 'any', why: 'the price list does not have it' },
      ]),
    );
    expect(told[0]).toBe('0/14 Virtual Machines, eastus');
    expect(told.at(-1)).toBe('14/14 done');
  });

  it('is refused when a region comes without VMs', async () => {
    list = await priceList([retail(0.09)]);
    await expect(fetchPrices(['westeurope'], today, { url: list.url })).rejects.toThrow(
      'the price list has no VM of a known size in "westeurope"',
    );
  });
});
