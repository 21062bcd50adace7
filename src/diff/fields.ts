import type { LoadedSpec } from '../spec/load.ts';
import { find, nearest } from '../spec/node.ts';
import { childPath } from '../spec/path.ts';

/** Where a field stands in its file: lines count from 1. */
export type Place = { path: string; line: number };

/** A field of the spec whose value differs, defaults included: what merely reads otherwise is no difference. */
export type FieldChange = {
  kind: 'added' | 'removed' | 'changed';
  /** Absent where there is none, or none that can be used or shown. */
  from?: unknown;
  to?: unknown;
  base?: Place;
  head?: Place;
};

/** Fields in the order of the head, and where each stands. An item of a list is known by its name when it has one. */
export function compareFields(base: LoadedSpec | undefined, head: LoadedSpec | undefined): FieldChange[] {
  return [...differences({ loaded: base, value: base?.spec, path: '' }, { loaded: head, value: head?.spec, path: '' })];
}

type Side = { loaded: LoadedSpec | undefined; value: unknown; path: string };

function* differences(base: Side, head: Side): Generator<FieldChange> {
  const [from, to] = [base.value, head.value];
  if (isMapping(from) || isMapping(to)) {
    const [before, after] = [asMapping(from), asMapping(to)];
    if (before && after) {
      for (const key of new Set([...Object.keys(after), ...Object.keys(before)]))
        yield* differences(child(base, key, before[key]), child(head, key, after[key]));
      return;
    }
  } else if (Array.isArray(from) && Array.isArray(to)) {
    if (![...from, ...to].every(isMapping)) {
      if (JSON.stringify(from) !== JSON.stringify(to)) yield change(base, head);
      return;
    }
    for (const [before, after] of partners(from, to))
      yield* differences(child(base, before, from[before]), child(head, after, to[after]));
    return;
  }
  if (!isEqual(from, to) && !isFilledIn(base, head) && !isFilledIn(head, base)) yield change(base, head);
}

/** A default that comes along with a part that the other side has not. */
const isFilledIn = ({ loaded, path }: Side, { value }: Side): boolean =>
  value === undefined && find(loaded?.root, path) === undefined;

/** Items that belong together: of one name, else the equal ones, else those in the same place among the rest. */
function* partners(from: unknown[], to: unknown[]): Generator<readonly [number, number]> {
  const nameOf = (item: unknown): unknown => (item as { name?: unknown }).name;
  const free = new Set(from.keys());
  const take = (index: number | undefined): number => {
    if (index === undefined) return -1;
    free.delete(index);
    return index;
  };
  const isNamed = [...from, ...to].every((item) => typeof nameOf(item) === 'string');
  const match = (item: unknown): number | undefined =>
    [...free].find((each) => (isNamed ? nameOf(from[each]) === nameOf(item) : isEqual(from[each], item)));
  const found = to.map((item) => take(match(item)));
  for (const [index, partner] of found.entries())
    yield [partner < 0 && !isNamed ? take([...free][0]) : partner, index] as const;
  for (const left of free) yield [left, -1] as const;
}

const child = ({ loaded, path }: Side, key: string | number, value: unknown): Side => ({
  loaded,
  value,
  path: childPath(path, key),
});

function change(base: Side, head: Side): FieldChange {
  const [before, after] = [placeOf(base), placeOf(head)];
  const isThere = ({ value }: Side): boolean => value !== undefined;
  return {
    kind: !isThere(base) ? 'added' : !isThere(head) ? 'removed' : 'changed',
    ...shown('from', base),
    ...shown('to', head),
    ...(before && { base: before }),
    ...(after && { head: after }),
  };
}

function placeOf({ loaded, path, value }: Side): Place | undefined {
  if (!loaded || (value === undefined && path.endsWith('[-1]'))) return undefined;
  return { path, line: loaded.source.position(nearest(loaded.root, path).range.start).line };
}

/** A value that has no use, or that may be a secret somebody pasted, is not shown. */
function shown(key: 'from' | 'to', { loaded, value, path }: Side): Pick<FieldChange, 'from' | 'to'> {
  const node = find(loaded?.root, path)?.node;
  const isHidden = node !== undefined && loaded?.source.isRedacted(node.range) === true;
  return value === undefined || isHidden || JSON.stringify(value) === undefined ? {} : { [key]: value };
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is absent has no keys; a part without a usable value is compared as a whole. */
const asMapping = (value: unknown): Record<string, unknown> | undefined =>
  value === undefined ? {} : isMapping(value) ? value : undefined;

const isEqual = (one: unknown, other: unknown): boolean =>
  one === other ||
  (typeof one === 'object' && typeof other === 'object' && JSON.stringify(one) === JSON.stringify(other));
