/**
 * Sets of points on a line, as sorted and disjoint intervals without their upper ends. Addresses, ports and protocols
 * are all kept so: half-open intervals need comparisons only, so numbers and the big ones of IPv6 can stand on one line.
 */
export type Point = number | bigint;
export type Interval = readonly [from: Point, to: Point];
export type Points = readonly Interval[];

export const nothing: Points = [];
export const everything: Points = [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]];

export const span = (from: Point, to: Point): Points => (from < to ? [[from, to]] : nothing);
export const isEmpty = (points: Points): boolean => points.length === 0;

export function union(...sets: readonly Points[]): Points {
  const [first, second] = sets.filter((set) => set.length > 0);
  if (!first) return nothing;
  if (!second) return first;
  const sorted = sets.flat().sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const merged: [Point, Point][] = [];
  for (const [from, to] of sorted) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = to > last[1] ? to : last[1];
    else merged.push([from, to]);
  }
  return merged;
}

export function intersection(one: Points, other: Points): Points {
  if (one === everything) return other;
  if (other === everything) return one;
  const common: Interval[] = [];
  for (let a = 0, b = 0; a < one.length && b < other.length; ) {
    // By index: half of all that policies do is here, and taking apart runs an iterator.
    const mine = one[a] as Interval;
    const theirs = other[b] as Interval;
    const low = mine[0] > theirs[0] ? mine[0] : theirs[0];
    const high = mine[1] < theirs[1] ? mine[1] : theirs[1];
    if (low < high) common.push([low, high]);
    if (mine[1] < theirs[1]) a++;
    else b++;
  }
  return common;
}

export function difference(whole: Points, taken: Points): Points {
  if (taken === everything) return nothing;
  const left: Interval[] = [];
  let next = 0;
  for (const [start, to] of whole) {
    let from = start;
    while (next < taken.length && (taken[next] as Interval)[1] <= from) next++;
    for (let index = next; index < taken.length && from < to; index++) {
      const [low, high] = taken[index] as Interval;
      if (low >= to) break;
      if (low > from) left.push([from, low]);
      from = high;
    }
    if (from < to) left.push([from, to]);
  }
  return left;
}

export const contains = (outer: Points, inner: Points): boolean => isEmpty(difference(inner, outer));
export const meets = (one: Points, other: Points): boolean => !isEmpty(intersection(one, other));

/** How many points there are; of the big ones about. */
export const sizeOf = (points: Points): number =>
  points.reduce((sum, [from, to]) => sum + (Number(to) - Number(from)), 0);

/** A box has a set in each dimension: a rule is one of protocols, ports, sources and destinations. */
export type Box = readonly Points[];

export const boxesMeet = (one: Box, other: Box): boolean =>
  one.every((side, index) => meets(side, other[index] as Points));

/** What is left of boxes when one is cut out of them. */
export function cutOut(boxes: readonly Box[], hole: Box): Box[] {
  return boxes.flatMap((box) => {
    if (!boxesMeet(box, hole)) return [box];
    const pieces: Box[] = [];
    const rest = [...box];
    for (const [side, points] of hole.entries()) {
      const outside = difference(rest[side] as Points, points);
      if (!isEmpty(outside)) pieces.push(rest.with(side, outside));
      rest[side] = intersection(rest[side] as Points, points);
    }
    return pieces;
  });
}
