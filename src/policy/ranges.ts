import { Address4, Address6 } from 'ip-address';

/** Have two IPv4 ranges an address in common? What is no range has none. */
export function overlap(one: string, other: string): boolean {
  if (!Address4.isValid(one) || !Address4.isValid(other)) return false;
  const [a, b] = [new Address4(one), new Address4(other)];
  return a.isInSubnet(b) || b.isInSubnet(a);
}

/** Is an IPv4 address or range inside another? What is no range is in none. */
export const contains = (outer: string, inner: string): boolean =>
  Address4.isValid(outer) && Address4.isValid(inner) && new Address4(inner).isInSubnet(new Address4(outer));

const space = 2 ** 32;

/** How many IPv4 addresses the ranges have, each counted once; what is no range has none, and 0/0 and ::/0 stand for all. */
export function addressesIn(ranges: readonly string[]): number {
  const isAll = (range: string): boolean =>
    /^0?\/0$/.test(range.trim()) || (Address6.isValid(range) && new Address6(range).subnetMask === 0);
  if (ranges.some(isAll)) return space;
  const spans = ranges
    .filter((range) => Address4.isValid(range))
    .map((range) => {
      const address = new Address4(range);
      return [Number(address.startAddress().bigInt()), Number(address.endAddress().bigInt())] as const;
    })
    .sort(([a], [b]) => a - b);
  let count = 0;
  let next = 0;
  for (const [first, last] of spans) {
    count += Math.max(0, last + 1 - Math.max(first, next));
    next = Math.max(next, last + 1);
  }
  return count;
}

const privateSpace = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '169.254.0.0/16'].map(
  (range) => new Address4(range),
);

/** Is it an IPv4 range that nobody has on the internet? */
export const isPrivate = (range: string): boolean =>
  Address4.isValid(range) && privateSpace.some((each) => new Address4(range).isInSubnet(each));
