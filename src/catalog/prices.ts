// What nearly every node pays for. `service-prices.ts` has the rest, `vm-commitments.ts` the discounts.
// Each function returns undefined where the catalog has no figure: never a default, never zero, never a neighbour's.

import { copySource, fetchedAt, type VmFigure } from './copy.ts';
import { own, readData } from './files.ts';
import { meterPrice, meterTiers, newer, type Price, type PriceTier, type PriceUnit, price } from './meters.ts';

export type { Price, PriceTier, PriceUnit } from './meters.ts';

type VmPrices = {
  source: string;
  confirmed?: { source: string; sizes: string[] }[];
  suspectWindowsRate: string[];
  windowsRateRemoved: string[];
  sizes: Record<string, number>;
};

/** Regions with VM prices, short names, sorted. */
export const vmPriceRegions = (): readonly string[] =>
  readData<{ regions: string[] }>('prices/vm-regions.json').regions;

/** Linux VM, pay-as-you-go, USD per hour; `region` as in `eastus`, `size` as in `Standard_D2as_v5`, in any case. */
export const linuxVm = (region: string, size: string): Price | undefined =>
  newer(fetchedVm(region, size, 'payAsYouGo', 'hour'), shippedVm(region, size));

/** What the user's copy says of a VM; `vm-commitments.ts` asks for the discounts. */
export function fetchedVm(region: string, size: string, figure: VmFigure, per: PriceUnit): Price | undefined {
  const place = region.toLowerCase();
  const fetched = fetchedAt(place);
  const meter = fetched && canonical(fetched.vm, size);
  const usd = meter === undefined ? undefined : fetched?.vm[meter]?.[figure];
  if (!fetched || meter === undefined || usd === undefined) return undefined;
  return { usd, per, meter, region: place, source: copySource, asOf: fetched.asOf };
}

function shippedVm(region: string, size: string): Price | undefined {
  const name = region.toLowerCase();
  if (!vmPriceRegions().includes(name)) return undefined;
  const list = readData<VmPrices>(`prices/vm/${name}.json`);
  const meter = canonical(list.sizes, size);
  const usd = meter === undefined ? undefined : own(list.sizes, meter);
  if (meter === undefined || usd === undefined) return undefined;

  const fields = { usd, per: 'hour' as const, meter, region: name };
  // A second, newer dump with the same figure settles both its date and what was done to the first one.
  const confirmed = list.confirmed?.find(({ sizes }) => sizes.includes(meter));
  if (confirmed) return price({ ...fields, source: confirmed.source });
  if (list.suspectWindowsRate.includes(meter)) {
    const note = 'may be the Windows rate: the price dump mixes both and no version of it has another figure';
    return price({ ...fields, source: list.source, note, suspect: true });
  }
  if (list.windowsRateRemoved.includes(meter)) {
    const note = 'the dump has the Windows rate here; this is the Linux rate of its other versions (karpenter-history)';
    return price({ ...fields, source: list.source, note });
  }
  return price({ ...fields, source: list.source });
}

/** Azure ignores the case of size names; the exact name is the common one and needs no search. */
function canonical(sizes: Record<string, unknown>, size: string): string | undefined {
  if (Object.hasOwn(sizes, size)) return size;
  const names = namesByLowerCase.get(sizes) ?? new Map(Object.keys(sizes).map((name) => [name.toLowerCase(), name]));
  namesByLowerCase.set(sizes, names);
  return names.get(size.toLowerCase());
}

// Whoever compares all sizes asks for many that a region lacks.
const namesByLowerCase = new WeakMap<object, Map<string, string>>();

/** A step of disk sizes: `gib` is the largest disk of it; provisioned IOPS and MB/s, and the credit-based burst. */
export type DiskTier = {
  tier: string;
  gib: number;
  iops: number;
  mbps: number;
  burstIops: number;
  burstMbps: number;
  maxShares: number;
};

type Disks = {
  source: string;
  month: Record<string, Record<string, Record<string, number>>>;
  tiers: Record<string, DiskTier[]>;
};

const disks = (): Disks => readData<Disks>('prices/managed-disks.json');

/** A managed disk by month: `sku` as in `Premium_LRS` (also ZRS, `StandardSSD_…`, `Standard_LRS`), `tier` as in `P10`. */
export function managedDisk(region: string, sku: string, tier: string): Price | undefined {
  const { source, month } = disks();
  const name = region.toLowerCase();
  const figureIn = (skus: Record<string, Record<string, number>> = {}) => own(own(skus, sku) ?? {}, tier);
  const fields = { per: 'month' as const, meter: `${tier} ${sku.slice(sku.indexOf('_') + 1)} Disk`, region: name };
  const shipped = figureIn(own(month, name));
  const copy = fetchedAt(name);
  const fetched = figureIn(copy?.disks);
  return newer(
    copy && fetched !== undefined ? { ...fields, usd: fetched, source: copySource, asOf: copy.asOf } : undefined,
    shipped === undefined ? undefined : price({ ...fields, usd: shipped, source }),
  );
}

/** The disk SKUs that are billed by tier. */
export const tieredDiskSkus = [
  'Premium_LRS',
  'Premium_ZRS',
  'StandardSSD_LRS',
  'StandardSSD_ZRS',
  'Standard_LRS',
] as const;

/** The tiers of a disk SKU, smallest first; empty for one billed by the GiB (`PremiumV2_LRS`, `UltraSSD_LRS`). */
export function diskTiers(sku: string): readonly DiskTier[] {
  // Zone-redundant disks have the same scale targets as local ones (source disks-redundancy).
  return own(disks().tiers, /^(Premium|StandardSSD)_ZRS$/.test(sku) ? sku.replace('ZRS', 'LRS') : sku) ?? [];
}

/** The tier a disk of `gib` GiB is billed as: the first that is large enough. */
export function diskTierFor(sku: string, gib: number): DiskTier | undefined {
  return gib > 0 ? diskTiers(sku).find((tier) => gib <= tier.gib) : undefined;
}

/** Standard load balancer, per hour, for its first five rules together; Global. */
export const loadBalancerRules = (): Price | undefined => meterPrice('loadBalancer.rules');

/** Each load-balancer rule after the fifth, per hour; Global. */
export const loadBalancerExtraRule = (): Price | undefined => meterPrice('loadBalancer.extraRule');

/** Data through a standard load balancer, per GB; Global. */
export const loadBalancerData = (): Price | undefined => meterPrice('loadBalancer.data');

/** One standard static IPv4 address, per hour. */
export const publicIPv4 = (region: string): Price | undefined => meterPrice('publicIp.standardStaticIPv4', region);

/** Data to the internet, per GB of the month, by routing preference; the first tier is the free allowance. */
export const egressTiers = (
  region: string,
  routing: 'MicrosoftNetwork' | 'Internet' = 'MicrosoftNetwork',
): readonly PriceTier[] | undefined => meterTiers(`egress.${routing}`, region);

/** The AKS control plane, per hour, the same in all public regions; Free is disputed, see its note. */
export const aksTier = (tier: 'Free' | 'Standard' | 'Premium'): Price | undefined => meterPrice(`aks.${tier}`, 'any');

/** Key Vault, per 10,000 operations on secrets and software keys. */
export const keyVaultOperations = (region: string): Price | undefined => meterPrice('keyVault.operations', region);

/** Log Analytics ingestion of Analytics Logs, per GB after the free ones. */
export const logIngestion = (region: string): Price | undefined => meterPrice('logs.ingestion', region);

/** Interactive Log Analytics retention, per GB and month after the first 31 days. */
export const logRetention = (region: string): Price | undefined => meterPrice('logs.retention', region);

/** A metric alert, per monitored time series and month after the free ones. */
export const metricAlert = (region: string): Price | undefined => meterPrice('alert.metric', region);
