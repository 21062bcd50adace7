import fc from 'fast-check';
import { Address4, Address6 } from 'ip-address';
import { describe, expect, it } from 'vitest';
import { UNKNOWN } from '../../src/plan.ts';
import { addressesOf, isTheInternet, publicPart, rangeOf, sourceName } from '../../src/policy/reach/addresses.ts';
import { cutsOf } from '../../src/policy/reach/cuts.ts';
import { type Group, securityGroups } from '../../src/policy/reach/groups.ts';
import { contains, difference, intersection, meets, type Points, union } from '../../src/policy/reach/line.ts';
import { openings, reachedThrough } from '../../src/policy/reach/openings.ts';
import type { Protocol } from '../../src/policy/reach/rules.ts';
import { shadowsIn } from '../../src/policy/reach/shadows.ts';
import { resource } from '../support/plans.ts';

const numRuns = Number(process.env.PROPERTY_RUNS ?? 300);
const groupOf = (securityRules: readonly object[]): Group =>
  securityGroups([resource('azure-native:network:NetworkSecurityGroup', 'group', { securityRules })])[0] as Group;

type Rule = {
  priority: number;
  access: 'Allow' | 'Deny';
  protocol: string;
  sourceAddressPrefixes: string[];
  destinationAddressPrefix: string;
  destinationPortRanges: string[];
  direction: 'Inbound';
};
type Packet = { source: string; destination: string; port: number; protocol: Protocol };

// Few spellings, so that rules often meet each other.
const spellings = [
  ...['*', 'any', 'Internet', 'INTERNET', '0.0.0.0/0', '::/0', 'VirtualNetwork', 'AzureLoadBalancer', 'Storage.EastUS'],
  ...['0.0.0.0/1', '128.0.0.0/1', '203.0.113.0/24', '203.0.113.7', '203.0.113.7/25', '10.0.0.0/8', '8.8.0.0/13'],
  ...['64.0.0.0/2', '2001:db8::/33', '2000::/3', 'fc00::/7'],
];
const destinations = ['*', '10.1.0.0/24', '10.1.0.4', '198.51.100.9', '0.0.0.0/0'];
const samples = { destinations: ['10.1.0.4', '10.1.0.5', '10.2.0.1', '198.51.100.9', '20.0.0.1', '2001:db8:1::4'] };
const rules = fc.uniqueArray(
  fc.record<Rule>({
    priority: fc.integer({ min: 100, max: 140 }),
    access: fc.constantFrom('Allow', 'Deny'),
    protocol: fc.constantFrom('*', 'Tcp', 'udp', 'ANY', 'Icmp'),
    sourceAddressPrefixes: fc.array(fc.constantFrom(...spellings), { minLength: 1, maxLength: 3 }),
    destinationAddressPrefix: fc.constantFrom(...destinations),
    destinationPortRanges: fc.array(fc.constantFrom('*', '22', '20-30', '5001', '0-65535', '23-65535', '0-5000'), {
      minLength: 1,
      maxLength: 2,
    }),
    direction: fc.constant('Inbound'),
  }),
  { maxLength: 7, selector: ({ priority }) => priority },
);
const ipv4 = fc
  .oneof(
    fc.constantFrom('203.0.113.7', '203.0.113.200', '8.8.8.8', '9.9.9.9', '65.0.0.1', '130.0.0.1', '127.255.255.255'),
    fc.ipV4(),
  )
  .filter((source) => meets(publicPart(rangeOf(source) as Points), rangeOf(source) as Points));
const packet = fc.record<Packet>({
  source: fc.oneof({ weight: 4, arbitrary: ipv4 }, { weight: 1, arbitrary: fc.constantFrom('2001:db8::1', '2a00::1') }),
  destination: fc.constantFrom(...samples.destinations),
  port: fc.constantFrom(22, 23, 5001, 5002, 31),
  protocol: fc.constantFrom('Tcp', 'Udp'),
});

/** Azure's own way, one packet at a time and with somebody else's arithmetic: the first rule that fits decides, else nobody gets in. */
function lets(all: readonly Rule[], { source, destination, port, protocol }: Packet): boolean {
  const within = (prefix: string, address: string): boolean => {
    if (/^(\*|any)$/i.test(prefix)) return true;
    if (/^internet$/i.test(prefix)) return true; // every sample is on it
    if (/^[A-Z]/i.test(prefix) && !prefix.includes(':')) return false;
    const [range, host] = [prefix, address].map((each) =>
      each.includes(':') ? new Address6(each) : new Address4(each),
    );
    return prefix.includes(':') === address.includes(':') && (host as Address4).isInSubnet(range as Address4);
  };
  const first = [...all]
    .sort((a, b) => a.priority - b.priority)
    .find(
      (rule) =>
        (/^(\*|any)$/i.test(rule.protocol) || rule.protocol.toLowerCase() === protocol.toLowerCase()) &&
        rule.sourceAddressPrefixes.some((prefix) => within(prefix, source)) &&
        within(rule.destinationAddressPrefix, destination) &&
        rule.destinationPortRanges.some((range) => {
          const [from = 0, to = from] = range === '*' ? [0, 65_535] : range.split('-').map(Number);
          return from <= port && port <= to;
        }),
    );
  return first?.access === 'Allow';
}

const isLetIn = (all: readonly Rule[], { source, port, protocol }: Packet): boolean =>
  meets(reachedThrough(groupOf(all), protocol, port), rangeOf(source) as Points);

describe('the model of reachability', () => {
  it('agrees with the rules tried packet by packet', () => {
    fc.assert(
      fc.property(rules, packet, (all, each) => {
        const truth = samples.destinations
          .filter((destination) => destination.includes(':') === each.source.includes(':'))
          .some((destination) => lets(all, { ...each, destination }));
        // Of "everybody" without IPv4 nobody is left where no IPv6 is seen: then it may say less.
        if (each.source.includes(':') && truth) return;
        expect(isLetIn(all, each)).toBe(truth);
      }),
      { numRuns: numRuns * 5 },
    );
  });

  it('is opened by no deny and closed by no allow', () => {
    fc.assert(
      fc.property(rules, fc.nat(), fc.constantFrom<Protocol>('Tcp', 'Udp'), (all, pick, protocol) => {
        const chosen = all[pick % Math.max(1, all.length)];
        if (!chosen) return;
        const before = reachedThrough(groupOf(all.filter((rule) => rule !== chosen)), protocol, 22);
        const after = reachedThrough(groupOf(all), protocol, 22);
        expect(chosen.access === 'Deny' ? contains(before, after) : contains(after, before)).toBe(true);
      }),
      { numRuns },
    );
  });

  it('relies on nothing it does not know', () => {
    const fields = ['access', 'protocol', 'sourceAddressPrefixes', 'destinationPortRanges', 'direction'] as const;
    fc.assert(
      fc.property(rules, fc.nat(), fc.constantFrom(...fields), (all, pick, field) => {
        const chosen = all[pick % Math.max(1, all.length)];
        if (!chosen) return;
        const without = all.filter((rule) => rule !== chosen);
        const unknown = all.map((rule) => (rule === chosen ? { ...rule, [field]: UNKNOWN } : rule));
        expect(reachedThrough(groupOf(unknown), 'Tcp', 5001)).toEqual(reachedThrough(groupOf(without), 'Tcp', 5001));
      }),
      { numRuns },
    );
  });

  it('finds nothing changed without a rule that is said to decide nothing', () => {
    fc.assert(
      fc.property(rules, fc.array(packet, { minLength: 5, maxLength: 20 }), (all, packets) => {
        for (const { rule } of shadowsIn(groupOf(all))) {
          const without = all.filter(({ priority }) => priority !== rule.priority);
          for (const each of packets) expect(lets(without, each)).toBe(lets(all, each));
        }
      }),
      { numRuns },
    );
  });

  it('finds no cut where the rules let the needed packets in', () => {
    fc.assert(
      fc.property(rules, (all) => {
        const letsAll = groupOf([{ ...everybody, priority: 99 }, ...all]);
        expect(cutsOf(letsAll)).toEqual([]);
      }),
      { numRuns },
    );
  });
});

const everybody: Rule = {
  priority: 100,
  access: 'Allow',
  protocol: '*',
  sourceAddressPrefixes: ['*'],
  destinationAddressPrefix: '*',
  destinationPortRanges: ['*'],
  direction: 'Inbound',
};

describe('sets of addresses', () => {
  const set = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 12 })), { maxLength: 6 })
    .map((spans) => union(...spans.map(([from, length]): Points => (length > 0 ? [[from, from + length]] : []))));
  const has = (points: Points, point: number): boolean => points.some(([from, to]) => from <= point && point < to);

  it('are sets', () => {
    fc.assert(
      fc.property(set, set, fc.integer({ min: -1, max: 60 }), (a, b, point) => {
        expect(has(union(a, b), point)).toBe(has(a, point) || has(b, point));
        expect(has(intersection(a, b), point)).toBe(has(a, point) && has(b, point));
        expect(has(difference(a, b), point)).toBe(has(a, point) && !has(b, point));
      }),
      { numRuns },
    );
  });

  it('of a range hold what the range holds', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 1, max: 32 }), fc.ipV4(), (address, prefix, other) => {
        const range = `${address}/${prefix}`;
        expect(contains(rangeOf(range) as Points, rangeOf(other) as Points)).toBe(
          new Address4(other).isInSubnet(new Address4(range)),
        );
      }),
      { numRuns },
    );
  });

  it.each([
    ...[
      '*',
      'Any',
      'internet',
      'INTERNET',
      '0.0.0.0/0',
      ' 0.0.0.0/0 ',
      '1.2.3.4/0',
      '0.0.0.0',
      '/0',
      '::/0',
      '2000::/3',
    ],
    ...['0.0.0.0/1', '0.0.0.0/1,128.0.0.0/1', '10.0.0.0/8, 0.0.0.0/0'],
  ])('are the internet when written %j', (spelling) => {
    expect(isTheInternet(addressesOf(spelling, []) as Points)).toBe(true);
    expect(sourceName(spelling, addressesOf(spelling, []) as Points)).toBe('the internet');
  });

  it.each(['203.0.113.0/24', '8.0.0.0/7', '64.0.0.0/2', 'AzureCloud', 'azurecloud.westeurope', '2001:db8::/32'])(
    'are a part of it when written %j',
    (spelling) => {
      expect(publicPart(addressesOf(spelling, []) as Points)).not.toEqual([]);
      expect(isTheInternet(addressesOf(spelling, []) as Points)).toBe(false);
    },
  );

  it.each([
    ...['10.0.0.0/8', '172.20.0.0/14', '192.168.1.1', '100.64.0.0/10', '169.254.0.0/16', '127.0.0.1', '168.63.129.16'],
    ...['VirtualNetwork', 'AzureLoadBalancer', 'Storage', 'AzureMonitor.eastus', 'fd00::/8', 'fe80::1', '224.0.0.0/4'],
  ])('are nobody outside when written %j', (spelling) => {
    expect(publicPart(addressesOf(spelling, []) as Points)).toEqual([]);
  });

  it.each(['', '10.0.0.0/33', '256.0.0.1', 'not a tag', '10.0.0.0-10.0.0.9', '1.2.3'])(
    'are not known when written %j',
    (spelling) => {
      expect(addressesOf(spelling, [])).toBeUndefined();
    },
  );

  it('count together: a thousand choices are the internet, a country is not', () => {
    const every = (first: number, last: number) =>
      Array.from({ length: last - first }, (_, index) => `${first + index}.0.0.0/8`);
    const reached = (prefixes: string[]) =>
      reachedThrough(groupOf([{ ...everybody, sourceAddressPrefixes: prefixes }]), 'Tcp', 22);
    expect(isTheInternet(reached(every(1, 224)))).toBe(true);
    expect(isTheInternet(reached(every(1, 90)))).toBe(false);
  });

  it('of a region are inside those of its tag', () => {
    const [all, one, other] = ['AzureCloud', 'AzureCloud.eastus', 'AzureCloud.westus'].map(
      (tag) => addressesOf(tag, []) as Points,
    );
    expect(contains(all as Points, one as Points)).toBe(true);
    expect(meets(one as Points, other as Points)).toBe(false);
    expect(openings(groupOf([{ ...everybody, sourceAddressPrefixes: ['AzureCloud.eastus'] }]), 'Tcp', 22)).toHaveLength(
      1,
    );
  });
});
