import type { Resource } from '../../plan.ts';
import { isPresent, items, number, object, text } from '../../views.ts';
import { addressesOf, whole } from './addresses.ts';
import { type Box, contains, everything, isEmpty, nothing, type Points, span, union } from './line.ts';

/** One spelling of a source, port or destination, where it stands, and what it means. */
export type Spelling = { value: string; input: string; points: Points };
/** What a field of a rule says, whichever of its spellings was used; a part that is not known yet is not in `points`. */
export type Field = { spellings: readonly Spelling[]; points: Points; input: string; unknown: boolean };

/**
 * An inbound rule of a network security group. What is not known of it is undefined, and so is what Azure refuses: an
 * opening or a closing that depends on it is not certain.
 */
export type Rule = {
  /** The group, or the rule itself when it is a resource of its own. */
  resource: string;
  input: string;
  name: string;
  priority: number | undefined;
  access: 'Allow' | 'Deny' | undefined;
  protocol: Points | undefined;
  sources: Field;
  ports: Field;
  destinations: Field;
  /** Whoever connects chooses the port he comes from: a deny that names some of them denies nothing. */
  fromAnyPort: boolean;
};

const realPorts = span(1, 65_536);
const protocols = ['tcp', 'udp', 'icmp', 'esp', 'ah'];
export type Protocol = 'Tcp' | 'Udp';
export const protocolPoints = (protocol: string): Points | undefined => {
  const name = protocol.toLowerCase();
  if (name === '*' || name === 'any') return everything;
  const index = protocols.indexOf(name);
  return index === -1 ? undefined : span(index, index + 1);
};

/** The inbound rules that a group declares inside itself. */
export const rulesWithin = ({ name, inputs }: Resource, network: Points): Rule[] =>
  items(inputs.securityRules).flatMap(
    (each, index) => ruleOf(name, object(each), `securityRules[${index}]`, network) ?? [],
  );

/** A rule as Azure has its fields; outbound ones are no concern of who may come in. */
export function ruleOf(
  resource: string,
  rule: Record<string, unknown>,
  input: string,
  network: Points,
): Rule | undefined {
  const direction = text(rule.direction)?.toLowerCase();
  if (direction === 'outbound') return undefined;
  const access = text(rule.access)?.toLowerCase();
  const field = (stem: string, plural: string, parse: (value: string) => Points | undefined): Field =>
    fieldOf(rule, stem, plural, input, parse);
  const addresses = (stem: string): Field =>
    field(`${stem}AddressPrefix`, `${stem}AddressPrefixes`, (value) => addressesOf(value, network));
  const [sources, destinations] = [addresses('source'), addresses('destination')];
  const fromPorts = field('sourcePortRange', 'sourcePortRanges', portsOf);
  return {
    resource,
    input,
    name: text(rule.name) ?? text(rule.securityRuleName) ?? resource,
    priority: number(rule.priority) ?? numeral(rule.priority),
    access: direction !== 'inbound' ? undefined : access === 'allow' ? 'Allow' : access === 'deny' ? 'Deny' : undefined,
    protocol: protocolPoints(text(rule.protocol) ?? ''),
    // Members of application security groups are machines of the same network: nobody knows which, nobody is outside.
    sources: isPresent(rule.sourceApplicationSecurityGroups) ? { ...sources, unknown: true } : sources,
    // Azure refuses a rule without a destination; who forgot it meant no narrower one.
    destinations:
      isPresent(rule.destinationApplicationSecurityGroups) || destinations.spellings.length === 0
        ? { ...destinations, unknown: true }
        : destinations,
    ports: field('destinationPortRange', 'destinationPortRanges', portsOf),
    fromAnyPort: contains(fromPorts.points, realPorts) || (fromPorts.spellings.length === 0 && !fromPorts.unknown),
  };
}

const numeral = (value: unknown): number | undefined => (/^\d+$/.test(text(value) ?? '') ? Number(value) : undefined);

function fieldOf(
  rule: Record<string, unknown>,
  singular: string,
  plural: string,
  at: string,
  parse: (value: string) => Points | undefined,
): Field {
  const base = at === '' ? '' : `${at}.`;
  const many = rule[plural];
  const written = [
    { value: rule[singular], input: base + singular },
    ...items(many).map((value, index) => ({ value, input: `${base}${plural}[${index}]` })),
  ].filter(({ value }) => isPresent(value) && value !== '');
  let unknown = isPresent(many) && !Array.isArray(many);
  const spellings = written.flatMap(({ value, input }): Spelling[] => {
    const known = text(value) ?? number(value)?.toString();
    const points = known === undefined ? undefined : parse(known);
    if (points === undefined) unknown = true;
    return points === undefined ? [] : [{ value: known as string, input, points }];
  });
  const points = whole(union(...spellings.map((each) => each.points)));
  const several = isPresent(many) && items(many).length > 0;
  return { spellings, points, input: base + (several ? plural : singular), unknown };
}

/** Port ranges: `*`, `443`, `8000-8100`, or several with commas. */
export function portsOf(expression: string): Points | undefined {
  const parts = expression.split(',').map((part) => part.trim());
  const sets = parts.map((part) => {
    if (part === '*' || /^any$/i.test(part) || part === '0-65535') return everything;
    const [, first, last = first] = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(part) ?? [];
    return first === undefined ? undefined : span(Number(first), Number(last) + 1);
  });
  return sets.some((set) => set === undefined) ? undefined : union(...sets.map((set) => set ?? nothing));
}

/** What an allow lets in for sure. Where it goes to may stay open: wherever that is, it is let in there. */
export const opened = (rule: Rule): Box | undefined =>
  rule.access === 'Allow' && rule.protocol && !isEmpty(rule.ports.points)
    ? [rule.protocol, rule.ports.points, rule.sources.points, perhaps(rule.destinations)]
    : undefined;

/** What an allow may let in: each part that is not known may be anything. */
export const perhapsOpened = (rule: Rule): Box | undefined =>
  rule.access === 'Deny'
    ? undefined
    : [rule.protocol ?? everything, perhaps(rule.ports), perhaps(rule.sources), perhaps(rule.destinations)];

/**
 * What a deny keeps out for sure. A gate can't rely on what it does not know: an unknown part of a deny denies nothing,
 * and neither does one whose place among the others is not known.
 */
export const closed = (rule: Rule): Box | undefined =>
  rule.access === 'Deny' && rule.protocol && rule.priority !== undefined && rule.fromAnyPort
    ? [rule.protocol, rule.ports.points, rule.sources.points, rule.destinations.points]
    : undefined;

const perhaps = ({ points, unknown }: Field): Points => (unknown ? everything : points);
