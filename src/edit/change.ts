import { formatPath, isWithin, parsePath, type Segment } from '../spec/path.ts';

/** What can be written into a spec. */
export type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

/** What a key of the spec becomes, or that it goes. */
export type Change = { path: string; to: Value | undefined };

/** Two sets of changes as one: the later one wins at the same key, and nothing is changed in what goes. */
export function merged<T extends Change>(earlier: readonly T[], later: readonly T[]): T[] {
  const isOverruled = ({ path }: Change): boolean =>
    later.some((change) => (change.to === undefined ? isWithin(path, change.path) : path === change.path));
  return [...earlier.filter((change) => !isOverruled(change)), ...later];
}

/** Can both be done, or does one write what the other removes or writes otherwise? */
export const agree = (some: readonly Change[], others: readonly Change[]): boolean =>
  some.every((one) =>
    others.every((other) =>
      one.path === other.path
        ? JSON.stringify(one.to) === JSON.stringify(other.to)
        : !isWithin(one.path, other.path) && !isWithin(other.path, one.path),
    ),
  );

/** The value a file should hold after the changes: what the edited text is compared with. */
export function changed(plain: unknown, changes: readonly Change[]): unknown {
  const copy: unknown = structuredClone(plain);
  const removals = changes.filter(({ to }) => to === undefined);
  for (const { path, to } of changes) if (to !== undefined) write(copy, parsePath(path), to);
  // From the end, so that the indices before stay what they are.
  for (const { path } of removals.toSorted((a, b) => lastIndex(b) - lastIndex(a))) erase(copy, parsePath(path));
  return copy;
}

const lastIndex = ({ path }: Change): number => {
  const last = parsePath(path).at(-1);
  return typeof last === 'number' ? last : -1;
};

type Container = Record<Segment, unknown>;

function write(root: unknown, segments: readonly Segment[], value: Value): void {
  let at = root as Container;
  for (const segment of segments.slice(0, -1)) {
    at[segment] ??= {};
    at = at[segment] as Container;
  }
  at[segments.at(-1) as Segment] = value;
}

function erase(root: unknown, segments: readonly Segment[]): void {
  const last = segments.at(-1) as Segment;
  let at = root;
  for (const segment of segments.slice(0, -1)) at = (at as Container | undefined)?.[segment];
  if (Array.isArray(at)) at.splice(last as number, 1);
  else if (at !== undefined) delete (at as Container)[last];
}

/** Are two plain values the same, whatever the order of their keys? */
export function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === others.length &&
    keys.every((key) => Object.hasOwn(b, key) && same((a as Container)[key], (b as Container)[key]))
  );
}

export const parentOf = (path: string): string => formatPath(parsePath(path).slice(0, -1));
