import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder } from '../../src/catalog/cache-folder.ts';
import {
  type Copy,
  catalogDateInUse,
  copyWarning,
  type Fetched,
  forgetCopy,
  isFrozen,
  useCatalog,
} from '../../src/catalog/copy.ts';
import { meterPrice } from '../../src/catalog/meters.ts';
import * as prices from '../../src/catalog/prices.ts';
import * as services from '../../src/catalog/service-prices.ts';
import { reservation, savingsPlan, spotVm } from '../../src/catalog/vm-commitments.ts';
import { compile } from '../../src/compile.ts';
import { type CacheFolder, copyOf, useCacheFolder } from '../support/copy.ts';
import { leastSpec, today } from '../support/specs.ts';

let cache: CacheFolder;
beforeEach(() => {
  cache = useCacheFolder();
  useCatalog('copy');
});
afterEach(() => {
  cache.close();
  useCatalog('shipped');
});
const keep = (copy: Copy | string): void => cache.keep(copy);
const fetched = { source: 'azure-retail-prices-api', asOf: '2026-11-25' };

describe('the cache folder', () => {
  const env = { HOME: '/home/ada' };
  const home = (): string => '/home/ada';
  it.each([
    ['Linux', { env, platform: 'linux', home }, '/home/ada/.cache/perpetual'],
    [
      'Linux by XDG',
      { env: { XDG_CACHE_HOME: '/var/cache/ada' }, platform: 'linux', home },
      '/var/cache/ada/perpetual',
    ],
    [
      'a relative XDG folder',
      { env: { XDG_CACHE_HOME: 'cache' }, platform: 'linux', home },
      '/home/ada/.cache/perpetual',
    ],
    ['macOS', { env: { XDG_CACHE_HOME: '/x' }, platform: 'darwin', home }, '/home/ada/Library/Caches/perpetual'],
    [
      'Windows',
      { env: { LOCALAPPDATA: 'C:\\Users\\Ada L\\AppData\\Local' }, platform: 'win32', home },
      'C:\\Users\\Ada L\\AppData\\Local\\perpetual',
    ],
    [
      'Windows without LOCALAPPDATA',
      { env: {}, platform: 'win32', home: (): string => 'C:\\Users\\Ada' },
      'C:\\Users\\Ada\\AppData\\Local\\perpetual',
    ],
    ['whatever is named', { env: { PERPETUAL_CACHE: 'prices' }, platform: 'linux', home }, 'prices'],
    [
      'an empty name',
      { env: { PERPETUAL_CACHE: '', XDG_CACHE_HOME: '' }, platform: 'linux', home },
      '/home/ada/.cache/perpetual',
    ],
    ['nobody', { env: {}, platform: 'linux', home: (): string => '' }, undefined],
    [
      'a user the system does not know',
      {
        env: {},
        platform: 'linux',
        home: (): string => {
          throw new Error('ENOENT');
        },
      },
      undefined,
    ],
  ] as const)('of %s', (_, machine, expected) => {
    expect(cacheFolder(machine)).toBe(expected);
  });
});

describe('a copy', () => {
  it('answers before the shipped figures, each with its source and day', () => {
    const shippedDisk = prices.managedDisk('eastus', 'Premium_LRS', 'P6');
    keep(
      copyOf({
        eastus: {
          vm: {
            Standard_D2as_v5: {
              payAsYouGo: 0.09,
              spot: 0.02,
              savingsPlan1Year: 0.06,
              savingsPlan3Years: 0.04,
              reservation1Year: 500,
              reservation3Years: 900,
            },
          },
          disks: { Premium_LRS: { P4: 5.5 } },
          meters: {
            'publicIp.standardStaticIPv4': { usd: 0.006 },
            'logs.ingestion': { usd: 2.5, free: 4 },
            'egress.MicrosoftNetwork': {
              tiers: [
                { from: 100, usd: 0.09 },
                { from: 0, usd: 0 },
              ],
            },
            'acr.Basic': { usd: 0.2 },
          },
        },
        swedencentral: { meters: { 'publicIp.standardStaticIPv4': { usd: 0.007 } } },
        Global: { meters: { 'loadBalancer.rules': { usd: 0.03 } } },
        'Zone 1': { meters: { 'dns.publicZone': { tiers: [{ from: 0, usd: 0.6 }] } } },
        any: { meters: { 'aks.Standard': { usd: 0.12 }, 'aks.Free': { alternativeUsd: 0.07 } } },
      }),
    );
    expect(prices.linuxVm('EastUS', 'standard_d2AS_v5')).toEqual({
      usd: 0.09,
      per: 'hour',
      meter: 'Standard_D2as_v5',
      region: 'eastus',
      ...fetched,
    });
    expect(spotVm('eastus', 'Standard_D2as_v5')).toMatchObject({ usd: 0.02, per: 'hour', ...fetched });
    expect(savingsPlan('eastus', 'Standard_D2as_v5', 3)).toMatchObject({ usd: 0.04, per: 'hour', ...fetched });
    expect(reservation('eastus', 'Standard_D2as_v5', 1)).toMatchObject({ usd: 500, per: '1 year', ...fetched });
    expect(prices.managedDisk('eastus', 'Premium_LRS', 'P4')).toMatchObject({
      usd: 5.5,
      meter: 'P4 LRS Disk',
      ...fetched,
    });
    expect(prices.publicIPv4('eastus')).toMatchObject({ usd: 0.006, per: 'hour', ...fetched });
    expect(prices.publicIPv4('swedencentral')).toMatchObject({ usd: 0.007, region: 'swedencentral' });
    expect(prices.logIngestion('eastus')).toMatchObject({ usd: 2.5, free: 4, note: expect.stringContaining('5 GB') });
    expect(prices.egressTiers('eastus')?.map(({ from, price }) => [from, price.usd, price.asOf])).toEqual([
      [0, 0, '2026-11-25'],
      [100, 0.09, '2026-11-25'],
    ]);
    expect(prices.loadBalancerRules()).toMatchObject({ usd: 0.03, region: 'Global', ...fetched });
    expect(services.dnsPublicZone()).toMatchObject([{ from: 0, price: { usd: 0.6, ...fetched } }]);
    expect(services.containerRegistry('Basic', 'eastus')).toMatchObject({ usd: 0.2, ...fetched });
    expect(services.containerRegistry('Basic', 'westeurope')).toMatchObject({ usd: 0.1666 });
    expect(prices.aksTier('Standard')).toMatchObject({ usd: 0.12, ...fetched });
    // What counts stays what the documentation says; only the other side of the dispute is newer.
    expect(prices.aksTier('Free')).toMatchObject({ usd: 0, alternativeUsd: 0.07, source: 'aks-docs' });
    // What was not fetched stays as shipped.
    expect(prices.managedDisk('eastus', 'Premium_LRS', 'P6')).toEqual(shippedDisk);
    expect(catalogDateInUse()).toBe('2026-11-25');
  });

  it('is left alone when frozen', () => {
    keep(copyOf({ eastus: { vm: { Standard_D2as_v5: { payAsYouGo: 0.09 } } } }));
    const bill = (catalog: 'copy' | 'shipped') =>
      compile('perpetual-node.yaml', leastSpec, { today, catalog }).bill?.items.find(({ name }) => name === 'Nodes');
    expect(bill('copy')).toMatchObject({ unitPriceUsd: 0.09, ...fetched });
    expect(bill('shipped')).toMatchObject({ unitPriceUsd: 0.086, source: 'zombiescan-2026-09-23' });
    expect(prices.linuxVm('eastus', 'Standard_D2as_v5')?.usd).toBe(0.09);
    expect(catalogDateInUse('shipped')).toBe('2026-11-22');
    expect([{}, { PERPETUAL_FROZEN: '' }, { PERPETUAL_FROZEN: '0' }, { PERPETUAL_FROZEN: '1' }].map(isFrozen)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('is no better than a newer shipped figure, and never less than one', () => {
    keep(
      copyOf({
        eastus: {
          asOf: '2026-01-01',
          vm: { Standard_D2as_v5: { payAsYouGo: 0.09 } },
          meters: {
            'publicIp.standardStaticIPv4': { usd: 9 },
            'keyVault.certificateRenewal': { usd: 4 },
            // Another release may have asked for these by tiers, or not.
            'keyVault.keyRotation': { tiers: [{ from: 0, usd: 9 }] },
            'blob.stored.Cold LRS': { usd: 9 },
            'unheard.of': { usd: 9 },
          },
        },
      }),
    );
    expect(prices.linuxVm('eastus', 'Standard_D2as_v5')?.usd).toBe(0.086);
    expect(prices.publicIPv4('eastus')?.usd).toBe(0.005);
    expect(services.keyVaultCertificateRenewal('eastus')).toMatchObject({ usd: 4, asOf: '2026-01-01' });
    expect(services.keyVaultKeyRotation('eastus')?.usd).toBe(1);
    expect(services.blobStored('eastus', 'Cold LRS')?.[0]?.price.usd).toBe(0.0036);
    expect(meterPrice('unheard.of', 'eastus')).toBeUndefined();
    expect(catalogDateInUse()).toBe('2026-11-22');
  });

  const none = 'it is none that this version of perpetual wrote';
  const vm = (size: unknown) => JSON.stringify(copyOf({ eastus: { vm: { Standard_D2as_v5: size } as Fetched['vm'] } }));
  const meter = (figure: unknown) =>
    JSON.stringify(copyOf({ eastus: { meters: { 'aks.Standard': figure } as Fetched['meters'] } }));
  it.each([
    ['cut off', JSON.stringify(copyOf({ eastus: {} })).slice(0, -9), 'it is not JSON'],
    ['empty', '', 'it is not JSON'],
    ['a list', '[]', none],
    ['nothing', 'null', none],
    ['of a later version', JSON.stringify({ ...copyOf({}), formatVersion: 2 }), none],
    ['of somebody else', JSON.stringify({ ...copyOf({}), source: 'elsewhere' }), none],
    ['without a day', JSON.stringify(copyOf({ eastus: { asOf: 'today' } })), none],
    ['with a price as text', vm({ payAsYouGo: '0.09' }), none],
    ['with a price below zero', vm({ payAsYouGo: -1 }), none],
    ['with a list of prices', vm([0.09]), none],
    ['with tiers that are none', meter({ tiers: 5 }), none],
    ['with no tier', meter({ tiers: [] }), none],
    ['with half a tier', meter({ tiers: [{ from: 0 }] }), none],
  ])('that is %s is not used, with one warning', (_, text, problem) => {
    keep(text);
    expect(prices.linuxVm('eastus', 'Standard_D2as_v5')?.usd).toBe(0.086);
    expect(catalogDateInUse()).toBe('2026-11-22');
    expect(copyWarning()).toBe(
      `the copy of the price list "${join(cache.folder, 'catalog.json')}" is not used: ${problem}; "perpetual catalog update" makes it anew`,
    );
    expect(copyWarning('shipped')).toBeUndefined();
  });

  it('that is a folder is not used, and one that is not there is no problem', () => {
    expect(prices.linuxVm('eastus', 'Standard_D2as_v5')?.usd).toBe(0.086);
    expect(copyWarning()).toBeUndefined();
    mkdirSync(join(cache.folder, 'catalog.json'));
    forgetCopy();
    expect(prices.linuxVm('eastus', 'Standard_D2as_v5')?.usd).toBe(0.086);
    expect(copyWarning()).toContain('it is a folder');
  });
});
