import { Address4, Address6 } from 'ip-address';
import type { Resource } from '../plan.ts';
import { isPresent, items, number, object, text } from '../views.ts';

type Value = { value: string; input: string };
/** A rule with both spellings of its fields made one; what is not known of it is missing, and then it is not `certain`. */
export type InboundRule = {
  protocol: string;
  priority: number;
  access: string;
  sources: Value[];
  ports: Value[];
  destinations: Value[];
  certain: boolean;
  input: string;
};
/** A source that an inbound rule lets in to a port, with the inputs that say so. */
type Opening = { source: Value; port: Value; rule: InboundRule };

/** The inbound rules of a network security group, in the order in which Azure applies them. */
export const inboundRules = remembered(({ inputs }: Resource): readonly InboundRule[] =>
  items(inputs.securityRules)
    .map((each, index) => ({ each: object(each), input: `securityRules[${index}]` }))
    .filter(({ each }) => text(each.direction)?.toLowerCase() === 'inbound')
    .map(({ each, input }) => ({
      protocol: normalProtocol(text(each.protocol) ?? ''),
      priority: number(each.priority) ?? Number.POSITIVE_INFINITY,
      access: text(each.access) ?? '',
      sources: several(each, 'sourceAddressPrefix', 'sourceAddressPrefixes', input),
      ports: several(each, 'destinationPortRange', 'destinationPortRanges', input),
      destinations: several(each, 'destinationAddressPrefix', 'destinationAddressPrefixes', input),
      certain: isCertain(each),
      input,
    }))
    .sort((a, b) => a.priority - b.priority),
);

/**
 * What the inbound rules of a network security group really open: a source and a port of an allow rule are an opening
 * unless a rule before it denies all of it. A rule with an unknown part opens nothing that is certain.
 */
const openings = remembered((group: Resource): readonly Opening[] => {
  const rules = inboundRules(group);
  const denies = rules.filter(
    ({ access, destinations }) => access === 'Deny' && destinations.some(({ value }) => isEverything(value)),
  );
  return rules
    .filter(({ access }) => access === 'Allow')
    .flatMap((rule) =>
      rule.sources.flatMap((source) =>
        rule.ports
          .filter(
            (port) =>
              !denies.some(
                (deny) =>
                  deny.priority < rule.priority &&
                  (deny.protocol === '*' || deny.protocol === rule.protocol) &&
                  deny.sources.some(
                    ({ value }) => isEverything(value) || value.toLowerCase() === source.value.toLowerCase(),
                  ) &&
                  deny.ports.some(({ value }) => value === '*' || value === '0-65535' || value === port.value),
              ),
          )
          .map((port) => ({ source, port, rule })),
      ),
    );
});

/** Several policies ask the same of the same group. */
function remembered<T>(read: (group: Resource) => T): (group: Resource) => T {
  const known = new WeakMap<Resource, T>();
  return (group) => {
    const result = known.get(group) ?? read(group);
    known.set(group, result);
    return result;
  };
}

/** Is all that decides about a rule known? */
function isCertain(rule: Record<string, unknown>): boolean {
  const known = (value: unknown): boolean => !isPresent(value) || text(value) !== undefined;
  const allKnown = (value: unknown): boolean => !isPresent(value) || (Array.isArray(value) && value.every(known));
  return (
    ['protocol', 'access', 'sourceAddressPrefix', 'destinationAddressPrefix', 'destinationPortRange'].every((key) =>
      known(rule[key]),
    ) &&
    ['sourceAddressPrefixes', 'destinationAddressPrefixes', 'destinationPortRanges'].every((key) =>
      allKnown(rule[key]),
    ) &&
    number(rule.priority) !== undefined
  );
}

function several(rule: Record<string, unknown>, singular: string, plural: string, at: string): Value[] {
  const one = text(rule[singular]);
  const many = items(rule[plural]).map((value, index) => ({ value: text(value), input: `${at}.${plural}[${index}]` }));
  return [{ value: one, input: `${at}.${singular}` }, ...many].filter(
    (each): each is Value => each.value !== undefined && each.value !== '',
  );
}

const normalProtocol = (protocol: string): string =>
  protocol === '*' || /^any$/i.test(protocol)
    ? '*'
    : protocol.charAt(0).toUpperCase() + protocol.slice(1).toLowerCase();

export const isEverything = (source: string): boolean => /^(\*|any|internet|0\.0\.0\.0\/0|::\/0)$/i.test(source);

/** How a source is called in a message. */
export const sourceName = (source: string): string => (isEverything(source) ? 'the internet' : `"${source}"`);

/** Does a port expression (`*`, `443`, `8000-8100`) contain a port? */
export function covers(expression: string, port: number): boolean {
  if (expression === '*') return true;
  const [first = Number.NaN, last = first] = expression.split('-').map(Number);
  return first <= port && port <= last;
}

const privateSpace = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
].map((range) => new Address4(range));
const privateSpace6 = ['fc00::/7', 'fe80::/10'].map((range) => new Address6(range));

/** May somebody on the internet have such an address? A service tag other than Internet stands for Azure's own addresses. */
export function isPublicSource(source: string): boolean {
  if (isEverything(source)) return true;
  if (Address4.isValid(source)) {
    const range = new Address4(source);
    return !privateSpace.some((space) => range.isInSubnet(space));
  }
  if (Address6.isValid(source)) {
    const range = new Address6(source);
    return !privateSpace6.some((space) => range.isInSubnet(space));
  }
  return /^AzureCloud/i.test(source);
}

/** The openings of a group through which somebody on the internet reaches a port. */
export const publicOpenings = (group: Resource, port: number, protocol: 'Tcp' | 'Udp'): Opening[] =>
  openings(group).filter(
    ({ source, port: ports, rule }) =>
      covers(ports.value, port) && [protocol, '*'].includes(rule.protocol) && isPublicSource(source.value),
  );
