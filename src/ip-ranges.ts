/**
 * Ranges of addresses as numbers: a check compares hundreds of them, and nothing compares faster. `first` is that of the
 * whole range, whatever address of it is written.
 */
export type Ipv4Range = { first: number; size: number; prefix: number };

/** What `a.b.c.d/n`, or an address alone, stands for; undefined for whatever else. */
export function ipv4Range(text: string): Ipv4Range | undefined {
  const [, a, b, c, d, length = '32'] = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  if (a === undefined) return undefined;
  const bytes = [a, b, c, d].map(Number);
  const prefix = Number(length);
  if (bytes.some((byte) => byte > 255) || prefix > 32) return undefined;
  const address = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const size = 2 ** (32 - prefix);
  return { first: address - (address % size), size, prefix };
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
  const [, address, length = '128'] = /^([\da-f:.]*:[\da-f:.]*)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const prefix = Number(length);
  if (address === undefined || prefix > 128 || !URL.canParse(`http://[${address}]`)) return undefined;
  // A URL has every address in its one right form.
  const [head = [], tail = []] = new URL(`http://[${address}]`).hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter(Boolean));
  const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  const number = groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
  const size = 1n << BigInt(128 - prefix);
  return { first: number - (number % size), size };
}
