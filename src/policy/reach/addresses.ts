import { ipv4Range, ipv6Range } from '../../ip-ranges.ts';
import { contains, difference, everything, intersection, meets, type Points, sizeOf, span, union } from './line.ts';

/**
 * Addresses on one line: IPv4 as the numbers they are, IPv6 above 2^128, and below zero what has a name instead of a
 * range, a block for each service tag with a place for each of its regions.
 */
const endOfIpv4 = 2 ** 32;
const startOfIpv6 = 1n << 128n;
const block = 1000;

/** Of a subnet or a host, as far as the program says it. */
export function rangeOf(text: string): Points | undefined {
  const four = ipv4Range(text);
  if (four) return span(four.first, four.first + four.size);
  const six = ipv6Range(text);
  return six && span(startOfIpv6 + six.first, startOfIpv6 + six.first + six.size);
}

const ranges = (...texts: string[]): Points => union(...texts.map((text) => rangeOf(text) ?? []));

/** AzureLoadBalancer stands for this address, from which probes come. */
export const probes = ranges('168.63.129.16');
export const ipv4 = span(0, endOfIpv4);
export const ipv6 = span(startOfIpv6, startOfIpv6 * 2n);

/** Nobody on the internet has such an address: RFC 1918, 6598, 3927, 1122, and what is not given to anybody. */
const notPublic = union(
  probes,
  ranges(
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.168.0.0/16',
  ),
  ranges('224.0.0.0/3'),
);
const publicIpv4 = difference(ipv4, notPublic);
const publicIpv6 = ranges('2000::/3');

/** The network itself: the block of the tag VirtualNetwork. */
export const insideNetwork = span(-block, 0);
const otherTags = span(Number.NEGATIVE_INFINITY, -block);
const azureCloud = span(-2 * block, -block);
export const publicAddresses = union(publicIpv4, publicIpv6);
/** Every public address, and those of Azure among them. */
const internet = union(publicAddresses, otherTags);

const blocks = new Map([['azurecloud', 1]]);
const regions = new Map<string, number>();

function tagged(tag: string): Points {
  const [name = '', ...region] = tag.split('.');
  const index = blocks.get(name) ?? blocks.size + 1;
  blocks.set(name, index);
  const start = -(index + 1) * block;
  if (region.length === 0) return span(start, start + block);
  const place = regions.get(tag) ?? (regions.size % (block - 1)) + 1;
  regions.set(tag, place);
  return span(start + place, start + place + 1);
}

/**
 * What one spelling of a rule's source or destination stands for; undefined when nobody can tell. `network` is what is
 * known of the addresses of the virtual network.
 */
export function addressesOf(spelling: string, network: Points): Points | undefined {
  const text = spelling.trim().toLowerCase();
  // Lists in the field for one are how portals show them.
  if (text.includes(',')) {
    const parts = text.split(',').map((part) => addressesOf(part, network));
    return parts.some((part) => part === undefined) ? undefined : whole(union(...parts.map((part) => part ?? [])));
  }
  if (text === '*' || text === 'any') return everything;
  if (text === 'internet') return internet;
  if (text === 'virtualnetwork') return union(insideNetwork, network);
  if (text === 'azureloadbalancer') return probes;
  if (text === '0.0.0.0' || /^0?\/0$/.test(text)) return whole(ipv4);
  const range = rangeOf(text);
  if (range) return whole(range);
  return /^[a-z][a-z0-9.]*$/.test(text) ? tagged(text) : undefined;
}

/** All of IPv4 is also all that has a name there, however the ranges are cut. */
export const whole = (points: Points): Points =>
  points !== everything && contains(points, ipv4) ? union(points, span(Number.NEGATIVE_INFINITY, 0)) : points;

/**
 * The part somebody on the internet may come from. Customers of Azure's cloud are on the internet too, whatever region
 * they chose; another service tag stands for services of Azure itself.
 */
export const publicPart = (points: Points): Points => intersection(points, ofCustomers);
const ofCustomers = union(publicAddresses, azureCloud);

/** Nobody sends from one kind of address to the other; what has a name only counts as IPv4. */
export const families: readonly Points[] = [span(Number.NEGATIVE_INFINITY, endOfIpv4), ipv6];
export const hasIpv4 = (points: Points): boolean => meets(points, ipv4);
export const hasIpv6 = (points: Points): boolean => meets(points, ipv6);

/** More than half of all public addresses, of either kind, is the internet: no choice of somebody's looks like that. */
export const isTheInternet = (points: Points): boolean =>
  halves.some(({ all, half }) => sizeOf(intersection(points, all)) > half);
const halves = [publicIpv4, publicIpv6].map((all) => ({ all, half: sizeOf(all) / 2 }));

/** How a source is called in a message: by what it is when it is the internet, else as it is written. */
export const sourceName = (written: string, points: Points): string =>
  isTheInternet(points)
    ? 'the internet'
    : isTheInternet(addressesOf(written, []) ?? [])
      ? 'a part of the internet'
      : `"${written}"`;
