import type { Range } from '../diagnostic.ts';
import { parsePath, type Segment } from './path.ts';

/** A value of a spec's YAML with the place where it is written. Data only: no library's object leaves `parse-yaml.ts`. */
export type Node = ScalarNode | MapNode | ListNode;

type At = {
  /** The value's own text; for an alias the alias, because that is what stands at this place. */
  range: Range;
  /** Where the value is really written, when it came through an alias. */
  anchoredAt?: Range;
};

export type ScalarNode = At & {
  kind: 'scalar';
  value: string | number | boolean | null;
  /** The characters in the file, so that a message can quote `1.30` although YAML reads the number 1.3. */
  source: string;
  plain: boolean;
};
export type MapNode = At & { kind: 'map'; entries: Entry[] };
export type ListNode = At & { kind: 'list'; items: Node[] };
export type Entry = { key: string; keyRange: Range; value: Node };

/** The plain value for the schema; maps have no prototype, so that no key of a file can reach one. */
export function toPlain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  const plain = Object.create(null) as Record<string, unknown>;
  for (const { key, value } of node.entries) plain[key] = toPlain(value);
  return plain;
}

export const entryOf = (node: Node | undefined, key: string): Entry | undefined =>
  node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;

/** What stands at a path, if anything: the value, and its key when it has one. */
export function find(
  root: Node | undefined,
  path: string | readonly Segment[],
): { node: Node; key?: Range } | undefined {
  let at: { node: Node; key?: Range } | undefined = root && { node: root };
  for (const segment of typeof path === 'string' ? parsePath(path) : path) {
    if (typeof segment === 'number') {
      const item: Node | undefined = at?.node.kind === 'list' ? at.node.items[segment] : undefined;
      at = item && { node: item };
    } else {
      const entry = entryOf(at?.node, segment);
      at = entry && { node: entry.value, key: entry.keyRange };
    }
    if (!at) return undefined;
  }
  return at;
}

/** The place to show for something said about a path: its value, else the nearest key above it that the file has. */
export function nearest(root: Node | undefined, path: string | readonly Segment[]): { range: Range; exact: boolean } {
  const segments = typeof path === 'string' ? parsePath(path) : path;
  const exact = find(root, segments);
  if (exact) return { range: headline(exact.node, exact.key), exact: true };
  for (let length = segments.length - 1; length > 0; length--) {
    const above = find(root, segments.slice(0, length));
    if (above) return { range: above.key ?? headline(above.node), exact: false };
  }
  return { range: root ? headline(root) : { start: 0, end: 0 }, exact: false };
}

/** A scalar shows itself; a collection is shown by its key or its first key, never by a block of lines. */
function headline(node: Node, key?: Range): Range {
  if (node.kind === 'scalar' || node.anchoredAt) return node.range;
  if (key) return key;
  const first = node.kind === 'map' ? node.entries[0] : undefined;
  return first ? first.keyRange : { start: node.range.start, end: Math.min(node.range.end, node.range.start + 1) };
}
