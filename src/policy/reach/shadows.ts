import type { Group } from './groups.ts';
import { type Box, boxesMeet, cutOut, everything, isEmpty, type Points } from './line.ts';
import type { Rule } from './rules.ts';

export type Shadow = { rule: Rule; by: Rule[] };

// More pieces than that are no oversight that anybody could explain.
const mostPieces = 200;

/** The rules of a group that never decide anything, each with the earlier ones that decide before it. */
export function* shadowsIn({ rules }: Group): Generator<Shadow> {
  for (const [index, rule] of rules.entries()) {
    const box = boxOf(rule);
    if (!box || !isKnown(rule)) continue;
    let left: readonly Box[] = [box];
    const by: Rule[] = [];
    for (const earlier of rules.slice(0, index)) {
      const cover = earlier.fromAnyPort && !isPassage(rule, earlier) ? boxOf(earlier) : undefined;
      if (!cover || !left.some((piece) => boxesMeet(piece, cover))) continue;
      left = cutOut(left, cover);
      by.push(earlier);
      if (left.length === 0 || left.length > mostPieces) break;
    }
    if (left.length === 0) yield { rule, by };
  }
}

/** What a rule decides for sure, whether it allows or denies it. */
function boxOf({ access, priority, protocol, ports, sources, destinations }: Rule): Box | undefined {
  if (!access || !protocol || priority === undefined) return undefined;
  const sides: Points[] = [protocol, ports.points, sources.points, destinations.points];
  return sides.some(isEmpty) ? undefined : sides;
}

/** Behind an allow for every port a narrower one says what it is for: that is no mistake. */
const isPassage = (rule: Rule, { access, ports }: Rule): boolean =>
  rule.access === 'Allow' && access === 'Allow' && ports.points === everything;

const isKnown = ({ ports, sources, destinations }: Rule): boolean =>
  ![ports, sources, destinations].some(({ unknown }) => unknown);
