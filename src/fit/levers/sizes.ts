import { allocatable } from '../../catalog/aks-allocatable.ts';
import { meetsSystemMinimum } from '../../catalog/choose-size.ts';
import { linuxVm } from '../../catalog/prices.ts';
import { type VmSize, vmSize, vmSizeNames } from '../../catalog/vm-sizes.ts';
import { footprintOf } from '../../resources/footprint.ts';
import type { Spec } from '../../spec/schema.ts';

export type Candidate = { size: VmSize; usdPerHour: number };

/** https://learn.microsoft.com/azure/aks/quotas-skus-regions: what a pool that runs nothing of the cluster's own may have. */
const userMinimum = { vcpu: 2, memoryGiB: 2 };

/**
 * Sizes that can take a pool's place in a region and have a future there: of the same architecture, because the image
 * need not exist for another, and with a price that is not doubted.
 */
export function candidates(region: string, now: VmSize, mode: 'System' | 'User', today: string): Candidate[] {
  return vmSizeNames().flatMap((name) => {
    if (!/^Standard_[BDEF]\d/.test(name)) return [];
    const price = linuxVm(region, name);
    const size = vmSize(name) as VmSize;
    const isOffered =
      !size.aksRestricted &&
      !size.gpu &&
      size.retires === null &&
      (size.noNewSubscriptionsFrom === null || size.noNewSubscriptionsFrom > today);
    const isEnough =
      mode === 'System'
        ? meetsSystemMinimum(size)
        : size.vcpu >= userMinimum.vcpu && size.memoryGiB >= userMinimum.memoryGiB;
    return price && !price.suspect && isOffered && isEnough && size.arch === now.arch
      ? [{ size, usdPerHour: price.usd }]
      : [];
  });
}

/**
 * What a node must have left for the cluster's own pods beside ours. AKS documents no figure (node-resource-reservations
 * says only what it keeps for itself): an assumption, and only for what is proposed here. Too much of it costs a
 * proposal, too little a pod that never starts.
 */
const besideMiB = 1024;

/** The memory the node's container can have on a size, beside everything else there. */
export function roomForNode(spec: Spec, size: VmSize, maxPods: number): number {
  return allocatable(size, maxPods).memoryMiB - footprintOf(spec).beside.memoryMiB - besideMiB;
}

/** Is there room for the node's pod and for the cluster's own? A size the catalog lacks is not judged. */
export function hasRoom(spec: Spec): boolean {
  const { vmSize: name, maxPods } = spec.cluster.nodePool;
  const size = vmSize(name);
  if (!size) return true;
  const left = allocatable(size, maxPods);
  const { pod } = footprintOf(spec);
  return pod.memoryMiB + besideMiB <= left.memoryMiB && pod.cpuMillicores <= left.cpuMillicores;
}
