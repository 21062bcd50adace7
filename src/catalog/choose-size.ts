import { linuxVm } from './prices.ts';
import { type VmSize, vmSize, vmSizeNames } from './vm-sizes.ts';

/** The laxer of Microsoft's two figures; the stricter page asks for 4 vCPU (quotas-skus-regions.md, 2026-08-03; use-system-pools.md). */
export const systemMinimum = { vcpu: 2, memoryGiB: 4 };

/** Will AKS take the size for a system pool at all? */
export const meetsSystemMinimum = ({ vcpu, memoryGiB }: VmSize): boolean =>
  vcpu >= systemMinimum.vcpu && memoryGiB >= systemMinimum.memoryGiB;

/**
 * The cheapest size that can run a system pool in a region and has a future there: x64, not burstable, with premium
 * storage, nothing announced about its end, and at least `memoryGiB` of memory (by default enough for the node beside
 * the cluster's own pods).
 */
export function cheapestSystemSize(region: string, memoryGiB = 8): { name: string; usdPerHour: number } | undefined {
  let best: { name: string; usdPerHour: number } | undefined;
  for (const name of vmSizeNames()) {
    const price = linuxVm(region, name);
    if (!price || price.suspect || (best && price.usd >= best.usdPerHour)) continue;
    if (isOrdinary(vmSize(name) as VmSize, memoryGiB)) best = { name, usdPerHour: price.usd };
  }
  return best;
}

const isOrdinary = (size: VmSize, memoryGiB: number): boolean =>
  size.arch === 'x64' &&
  /^Standard_[DE]\d/.test(size.name) &&
  !size.burstable &&
  !size.aksRestricted &&
  !size.gpu &&
  size.retires === null &&
  size.premiumStorage &&
  size.vcpuAvailable === size.vcpu &&
  meetsSystemMinimum(size) &&
  size.memoryGiB >= memoryGiB;
