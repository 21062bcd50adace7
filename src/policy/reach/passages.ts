import { families, publicAddresses } from './addresses.ts';
import type { Group } from './groups.ts';
import { type Box, boxesMeet, cutOut, everything, intersection, isEmpty, type Points, span, union } from './line.ts';
import { closed, opened, type Protocol, perhapsOpened, protocolPoints, type Rule } from './rules.ts';

/** What one allow lets in for sure: all it says, less what the denies before it keep out. */
export type Passage = { rule: Rule; boxes: readonly Box[] };

const anything: Box = [everything, everything, everything, everything];
const boxFor = (protocol: Protocol, port: number, sources: Points, destinations: Points): Box => [
  protocolPoints(protocol) ?? everything,
  span(port, port + 1),
  sources,
  destinations,
];

/**
 * Each allow is taken as if it were the only one: who closes one of two doors should know of the other. Azure's own
 * rules from 65000 on let in nobody from outside, so nothing is left of what no rule decides.
 */
export function passages({ rules }: Group, asked: Box = anything): Passage[] {
  return rules.flatMap((rule, index) => {
    const box = opened(rule);
    const boxes = box ? left(rules, index, box, asked) : [];
    return boxes.length > 0 ? [{ rule, boxes }] : [];
  });
}

/** Where a group lets in to one port. */
export const passagesTo = (group: Group, protocol: Protocol, port: number): Passage[] =>
  passages(group, boxFor(protocol, port, everything, group.behind));

export const sourcesOf = ({ boxes }: Passage): Points => union(...boxes.map((box) => box[2] as Points));

/** May somebody on the internet get through, if what is not known is what lets him? */
export function mayBeOpen({ rules }: Group, protocol: Protocol, port: number): boolean {
  const asked = boxFor(protocol, port, publicAddresses, everything);
  return rules.some((rule, index) => {
    const box = perhapsOpened(rule);
    return box !== undefined && left(rules, rule.priority === undefined ? 0 : index, box, asked).length > 0;
  });
}

function left(rules: readonly Rule[], index: number, box: Box, asked: Box): readonly Box[] {
  if (!boxesMeet(box, asked)) return [];
  let boxes: readonly Box[] = common(asked, box);
  for (const deny of rules.slice(0, index)) {
    const hole = closed(deny);
    if (hole) boxes = cutOut(boxes, hole);
  }
  return boxes;
}

/** What two boxes have in common, by kind of address: nobody sends from one to the other. */
const common = (one: Box, other: Box): Box[] =>
  families
    .map((family) =>
      one.map((side, dimension) => {
        const both = intersection(side, other[dimension] as Points);
        return dimension < 2 ? both : intersection(both, family);
      }),
    )
    .filter((box) => !box.some(isEmpty));
