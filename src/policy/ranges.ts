import { certainRange, includes, ipv4Range, ipv6Range } from '../ip-ranges.ts';

/** Have two IPv4 ranges an address in common? What is no range has none. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [ipv4Range(one), ipv4Range(other)];
  return a !== undefined && b !== undefined && (includes(a, b) || includes(b, a));
}

/** Is an IPv4 address or range inside another? What is no range is in none. */
export function contains(outer: string, inner: string): boolean {
  const [a, b] = [ipv4Range(outer), ipv4Range(inner)];
  return a !== undefined && b !== undefined && includes(a, b);
}

const all = certainRange('0.0.0.0/0');
const allOfIpv6 = ipv6Range('::/0')?.size;

/** How many IPv4 addresses the ranges have, each counted once; what is no range has none, and 0/0 and ::/0 stand for all. */
export function addressesIn(ranges: readonly string[]): number {
  const isAll = (range: string): boolean => /^0?\/0$/.test(range.trim()) || ipv6Range(range)?.size === allOfIpv6;
  if (ranges.some(isAll)) return all.size;
  const spans = ranges.flatMap((range) => ipv4Range(range) ?? []).sort((a, b) => a.first - b.first);
  let count = 0;
  let next = 0;
  for (const { first, size } of spans) {
    count += Math.max(0, first + size - Math.max(first, next));
    next = Math.max(next, first + size);
  }
  return count;
}

const privateSpace = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '169.254.0.0/16'].map(
  certainRange,
);

/** Is it an IPv4 range that nobody has on the internet? */
export function isPrivate(text: string): boolean {
  const range = ipv4Range(text);
  return range !== undefined && privateSpace.some((each) => includes(each, range));
}
