import type { Resource } from '../../plan.ts';
import { hasIpv4, hasIpv6, ipv4, ipv6, isTheInternet, publicPart, sourceName } from './addresses.ts';
import { type Group, securityGroups } from './groups.ts';
import { contains, intersection, isEmpty, type Points, span, union } from './line.ts';
import { passagesTo, sourcesOf } from './passages.ts';
import type { Protocol, Rule, Spelling } from './rules.ts';

/** A source that an allow rule lets in from the internet, less what the rules before it keep out. */
export type Opening = { group: Group; rule: Rule; source: Spelling; reached: Points };

/** Who on the internet gets through a group to a port, rule by rule and spelling by spelling. */
export function openings(group: Group, protocol: Protocol, port: number): readonly Opening[] {
  const key = `${protocol} ${port}`;
  const answer = group.openings.get(key) ?? (group.attached === 'nowhere' ? [] : read(group, protocol, port));
  group.openings.set(key, answer);
  return answer;
}

function read(group: Group, protocol: Protocol, port: number): Opening[] {
  return passagesTo(group, protocol, port).flatMap((passage) => {
    const through = publicPart(sourcesOf(passage));
    return passage.rule.sources.spellings
      .map((source) => ({ group, rule: passage.rule, source, reached: intersection(through, comers(source, group)) }))
      .filter(({ reached }) => !isEmpty(reached));
  });
}

/**
 * Who can come at all. Of "everybody" those with IPv6 can't, unless the network is seen to have it; and Azure's own
 * addresses are among the others, so that their name alone opens nothing when those are kept out.
 */
const comers = ({ points }: Spelling, { subnets }: Group): Points =>
  !hasIpv4(points) ? points : intersection(points, subnets && hasIpv6(subnets) ? union(ipv4, ipv6) : ipv4);

/** The openings of all groups of a program. */
export const openingsIn = (resources: readonly Resource[], protocol: Protocol, port: number): Opening[] =>
  securityGroups(resources).flatMap((group) => openings(group, protocol, port));

/** Who gets through a group to a port for sure. */
export const reachedThrough = (group: Group, protocol: Protocol, port: number): Points =>
  union(...openings(group, protocol, port).map(({ reached }) => reached));

/** A place in the program to blame for an opening, with what to call those who come in there. */
export type Blame = { resource: string; input: string; who: string };

/** Every source that is let in is to blame; ranges that are the internet only together are so as one list. */
export function* blamed(found: readonly Opening[]): Generator<Blame> {
  for (const rule of new Set(found.map((each) => each.rule))) {
    const own = found.filter((each) => each.rule === rule);
    const { resource, sources } = rule;
    if (own.length > 1 && togetherTheInternet(own)) yield { resource, input: sources.input, who: 'the internet' };
    else if (own.length > severalAtMost) yield { resource, input: sources.input, who: `${own.length} public ranges` };
    else
      for (const { source, reached } of own)
        yield { resource, input: source.input, who: sourceName(source.value, reached) };
  }
}

// Nobody reads a thousand findings on one list.
const severalAtMost = 10;

const togetherTheInternet = (own: readonly Opening[]): boolean =>
  !own.some(({ reached }) => isTheInternet(reached)) && isTheInternet(union(...own.map(({ reached }) => reached)));

/**
 * Those openings only by which the whole internet comes in: each that is the internet by itself, else the list of the
 * rule that makes it whole, together with the rules before it.
 */
export function* blamedForTheInternet(found: readonly Opening[]): Generator<Blame> {
  for (const group of new Set(found.map((each) => each.group))) {
    const own = found.filter((each) => each.group === group);
    const alone = own.filter(({ reached }) => isTheInternet(reached));
    if (alone.length > 0) yield* blamed(alone);
    else yield* blamedTogether(own);
  }
}

function* blamedTogether(own: readonly Opening[]): Generator<Blame> {
  let reached: Points = [];
  for (const opening of own) {
    reached = union(reached, opening.reached);
    if (!isTheInternet(reached)) continue;
    const { resource, sources } = opening.rule;
    yield { resource, input: sources.input, who: 'the internet' };
    return;
  }
}

/** Where the rule says the port by its number, and not as one of many. */
export const numbered = ({ rule }: Opening, port: number): Spelling | undefined =>
  rule.ports.spellings.find(({ points }) => contains(span(port, port + 1), points));
