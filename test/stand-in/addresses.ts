/** A range of IPv4 addresses as numbers, both ends included. Written anew, not shared with what it tests. */
export type AddressRange = { text: string; first: number; last: number; prefix: number };

const octet = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const address = new RegExp(`^${octet}\\.${octet}\\.${octet}\\.${octet}$`);

/** The number of an IPv4 address, or undefined. */
export function addressNumber(text: string): number | undefined {
  const octets = address.exec(text)?.slice(1).map(Number);
  return octets?.reduce((sum, part) => sum * 256 + part, 0);
}

export const addressText = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

/** `10.0.0.0/16`, or undefined if the text is no such range. Host bits are kept out: see `isCanonical`. */
export function addressRange(text: string): AddressRange | undefined {
  const [base = '', bits = ''] = text.split('/');
  const number = addressNumber(base);
  if (number === undefined || !/^(\d|[12]\d|3[0-2])$/.test(bits)) return undefined;
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(number / size) * size;
  return { text, first, last: first + size - 1, prefix: Number(bits) };
}

/** Whether the range is written with its first address. */
export const isCanonical = (range: AddressRange): boolean => range.text.startsWith(`${addressText(range.first)}/`);
export const covers = (outer: AddressRange, inner: AddressRange): boolean =>
  outer.first <= inner.first && inner.last <= outer.last;
export const overlaps = (a: AddressRange, b: AddressRange): boolean => a.first <= b.last && b.first <= a.last;
export const sizeOf = (range: AddressRange): number => range.last - range.first + 1;

/** RFC 1918. */
export const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].flatMap(
  (text) => addressRange(text) ?? [],
);
