import { Address4, Address6 } from 'ip-address';

/**
 * Ranges of addresses as numbers: a check compares hundreds of them, and nothing compares faster. `first` is that of the
 * whole range, whatever address of it is written.
 */
export type Ipv4Range = { first: number; size: number; prefix: number };

const known = new Map<string, Ipv4Range | undefined>();
// A thousand specs have no more ranges among them; whoever has is read anew.
const knownAtMost = 10_000;

/** What `a.b.c.d/n`, or an address alone, stands for; undefined for whatever else. */
export function ipv4Range(text: string): Ipv4Range | undefined {
  // The same few ranges are asked for by every check, rule and policy.
  if (!known.has(text)) {
    if (known.size >= knownAtMost) known.clear();
    known.set(text, read(text));
  }
  return known.get(text);
}

function read(text: string): Ipv4Range | undefined {
  if (!Address4.isValid(text)) return undefined;
  const address = new Address4(text);
  const prefix = address.subnetMask;
  return { first: Number(address.startAddress().bigInt()), size: 2 ** (32 - prefix), prefix };
}

/** What the spec's schema has let pass. */
export const certainRange = (cidr: string): Ipv4Range => ipv4Range(cidr) as Ipv4Range;

export const includes = (outer: Ipv4Range, inner: Ipv4Range): boolean =>
  outer.first <= inner.first && inner.first + inner.size <= outer.first + outer.size;

/** `10.0.0.0` for the first address of its range. */
export const firstAddress = ({ first }: Ipv4Range): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.');

export type Ipv6Range = { first: bigint; size: bigint };

/** The same for IPv6, in any of its spellings. */
export function ipv6Range(text: string): Ipv6Range | undefined {
  if (!text.includes(':') || !Address6.isValid(text)) return undefined;
  const address = new Address6(text);
  return { first: address.startAddress().bigInt(), size: 1n << BigInt(128 - address.subnetMask) };
}
