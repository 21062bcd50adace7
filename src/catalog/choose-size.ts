import { aksRules } from './aks-rules.ts';
import { linuxVm } from './prices.ts';
import { type VmSize, vmSize, vmSizeNames } from './vm-sizes.ts';

/** The laxer of Microsoft's two figures; the stricter page asks for 4 vCPU (quotas-skus-regions.md, 2026-08-03; use-system-pools.md). */
export const systemMinimum = { vcpu: 2, memoryGiB: 4 };

/** Will AKS take the size for a system pool at all? */
export const meetsSystemMinimum = ({ vcpu, memoryGiB }: VmSize): boolean =>
  vcpu >= systemMinimum.vcpu && memoryGiB >= systemMinimum.memoryGiB;

/** Will AKS take it for any other pool? */
export function meetsUserMinimum(size: VmSize): boolean {
  const { vcpu, memoryGiB } = aksRules().userPoolMinimum;
  return size.vcpu >= vcpu && size.memoryGiB >= memoryGiB;
}

type Cheapest = { name: string; usdPerHour: number } | undefined;

/**
 * The cheapest size that can run a system pool in a region and has a future there: x64, not burstable, with premium
 * storage, nothing announced about its end, and at least `memoryGiB` of memory (by default enough for the node beside
 * the cluster's own pods).
 */
export const cheapestSystemSize = (region: string, memoryGiB = 8): Cheapest =>
  cheapestSize(region, (size) => size.memoryGiB >= memoryGiB);

/** The cheapest of such sizes that fits, by what it is and by its price in USD an hour. */
export function cheapestSize(region: string, fits: (size: VmSize, usdPerHour: number) => boolean): Cheapest {
  let best: Cheapest;
  for (const name of vmSizeNames()) {
    const price = linuxVm(region, name);
    if (!price || price.suspect || (best && price.usd >= best.usdPerHour)) continue;
    const size = vmSize(name) as VmSize;
    if (isOrdinary(size) && fits(size, price.usd)) best = { name, usdPerHour: price.usd };
  }
  return best;
}

const isOrdinary = (size: VmSize): boolean =>
  size.arch === 'x64' &&
  /^Standard_[DE]\d/.test(size.name) &&
  !size.burstable &&
  !size.aksRestricted &&
  !size.gpu &&
  size.retires === null &&
  size.premiumStorage &&
  size.vcpuAvailable === size.vcpu &&
  meetsSystemMinimum(size);
