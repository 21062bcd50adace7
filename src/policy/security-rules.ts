import { Address4, Address6 } from 'ip-address';
import { items, number, object, text } from '../views.ts';

type Rule = { protocol: string; priority: number; access: string };
type Value = { value: string; input: string };
/** A source that an inbound rule lets in to a port, with the inputs that say so. */
export type Opening = { source: Value; port: Value; rule: Rule };

/**
 * What the inbound rules of a network security group really open: a source and a port of an allow rule are an opening
 * unless a rule before it denies all of it. A rule with an unknown part opens nothing that is certain.
 */
export function openings(securityRules: unknown, at: string): Opening[] {
  const rules = items(securityRules)
    .map((each, index) => ({ each: object(each), at: `${at}[${index}]` }))
    .filter(({ each }) => text(each.direction)?.toLowerCase() === 'inbound')
    .map(({ each, at }) => ({
      protocol: normalProtocol(text(each.protocol) ?? ''),
      priority: number(each.priority) ?? Number.POSITIVE_INFINITY,
      access: text(each.access) ?? '',
      sources: several(each, 'sourceAddressPrefix', 'sourceAddressPrefixes', at),
      ports: several(each, 'destinationPortRange', 'destinationPortRanges', at),
      destinations: several(each, 'destinationAddressPrefix', 'destinationAddressPrefixes', at),
    }))
    .sort((a, b) => a.priority - b.priority);
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

const isEverything = (source: string): boolean => /^(\*|any|internet|0\.0\.0\.0\/0|::\/0)$/i.test(source);

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
