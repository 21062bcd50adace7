import { certainRange, firstAddress, includes } from '../ip-ranges.ts';
import type { Spec } from '../spec/schema.ts';
import { HoleRead } from '../spec/track.ts';

/** The nodes' subnet: as written, else the first /22 of the address space, or all of it when it is smaller. */
export function subnetOf(spec: Spec): string {
  const written = spec.network.subnet;
  if (written !== undefined) return written;
  const space = certainRange(spec.network.addressSpace);
  return `${firstAddress(space)}/${Math.max(22, space.prefix)}`;
}

/** How many addresses a range has. */
export const sizeOf = (cidr: string): number => certainRange(cidr).size;

export const contains = (outer: string, inner: string): boolean => includes(certainRange(outer), certainRange(inner));

export const overlap = (a: string, b: string): boolean => contains(a, b) || contains(b, a);

/** Azure refuses these for services, pods and networks of AKS (concepts-network-cni-overview, "reserved"). */
export const reservedByAks = ['169.254.0.0/16', '192.0.2.0/24', '172.30.0.0/16', '172.31.0.0/16'];

const serviceRanges = ['172.16.0.0/16', '10.250.0.0/16', '192.168.0.0/16'];
// AKS's own first; 192.168.0.0/16 last, because it is what offices use, and somebody there may want to reach the node.
const podRanges = ['10.244.0.0/16', '10.248.0.0/16', '172.18.0.0/16', '192.168.0.0/16'];

/**
 * Ranges for Services and pods that collide with neither the virtual network nor each other. The SDK would fill in
 * 10.0.0.0/16, which is exactly what many networks use (ServiceCidrOverlapExistingSubnetsCidr); both are fixed for ever.
 */
export function clusterRanges(spec: Spec): { serviceCidr: string; dnsServiceIP: string; podCidr: string } {
  const space = spec.network.addressSpace;
  const serviceCidr = serviceRanges.find((range) => !overlap(range, space));
  const podCidr = podRanges.find((range) => !overlap(range, space) && range !== serviceCidr);
  if (!serviceCidr || !podCidr) throw new HoleRead(); // the address space is refused elsewhere
  return { serviceCidr, dnsServiceIP: serviceCidr.replace(/\.0\/16$/, '.10'), podCidr };
}
