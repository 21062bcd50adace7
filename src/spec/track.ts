import { childPath } from './path.ts';

/** Stands in a spec where the file has no usable value: whatever would be computed from it is left out. */
export const HOLE: unique symbol = Symbol('hole');

/** Thrown by reading a hole, caught by whoever computes a value from the spec; never seen by a user. */
export class HoleRead extends Error {}

/** What a computation gave and which paths of the spec it looked at; `hole` when one of them has no usable value. */
export type Recorded<T> = { reads: ReadonlySet<string> } & ({ hole: false; value: T } | { hole: true });

let reads: Set<string> | undefined;

/** What only a tracked view answers. */
const VIEW: unique symbol = Symbol('view');

/** Does looking into it count as reading the spec? */
export const isView = (value: object): boolean => VIEW in value;

/** Runs a computation and records every leaf of a tracked spec that it reads. */
export function record<T>(compute: () => T): Recorded<T> {
  const outer = reads;
  const mine = new Set<string>();
  reads = mine;
  try {
    return { reads: mine, hole: false, value: compute() };
  } catch (error) {
    if (error instanceof HoleRead) return { reads: mine, hole: true };
    throw error;
  } finally {
    reads = outer;
  }
}

/** Counts paths as read by the computation that runs now. */
export function note(paths: Iterable<string>): void {
  if (reads) for (const path of paths) reads.add(path);
}

/**
 * A view of plain data in which every read of a leaf is recorded and reading a hole throws `HoleRead`.
 * A list counts as read when its length or its items are looked at, so that adding an item is seen too.
 */
export function tracked<T>(value: T, path = ''): T {
  if (value === HOLE) throw new HoleRead();
  if (typeof value !== 'object' || value === null) {
    reads?.add(path);
    return value;
  }
  if (isView(value)) return value;
  const isList = Array.isArray(value);
  if (isList) reads?.add(path);
  const children = new Map<string, { path: string; view?: unknown }>();
  return new Proxy(value as T & object, {
    get(target, key) {
      if (typeof key === 'symbol' || (isList && !isIndex(key))) return Reflect.get(target, key);
      const child = (target as Record<string, unknown>)[key];
      let known = children.get(key);
      if (!known) {
        known = { path: childPath(path, isList ? Number(key) : key) };
        children.set(key, known);
      }
      if (known.view === undefined) {
        const view = tracked(child, known.path);
        if (typeof view === 'object' && view !== null) known.view = view;
        return view;
      }
      if (Array.isArray(child)) reads?.add(known.path);
      return known.view;
    },
    has: (target, key) => key === VIEW || Reflect.has(target, key),
    ownKeys(target) {
      reads?.add(path);
      return Reflect.ownKeys(target);
    },
  });
}

/** Of what a list answers, its items; none of its other keys starts with a digit. */
const isIndex = (key: string): boolean => key.charCodeAt(0) <= 57; // "9"
