import type { Fix, Range } from '../diagnostic.ts';
import type { LoadedSpec } from '../spec/load.ts';
import { type Entry, find, type MapNode, type Node } from '../spec/node.ts';
import { formatPath, isWithin, parsePath } from '../spec/path.ts';
import { type Change, parentOf, type Value } from './change.ts';
import { insertions } from './insertion.ts';
import { type Container, endOf, isFlow, isOwn, isQuoted, lineStart, nextLine } from './layout.ts';
import { flowText, scalarLike } from './yaml-text.ts';

export type Edit = Fix['edits'][number];

/**
 * The edits of the text that make the changes and touch nothing else: comments, order and style stay. Undefined where
 * that can't be, as when the value is written at an anchor that other keys share. What is emptied is to go itself:
 * see `withoutEmptied`.
 */
export function editsOf({ source: { text }, root }: LoadedSpec, changes: readonly Change[]): Edit[] | undefined {
  const edits: Edit[] = [];
  const removed = new Map<Container, Set<number>>();
  const inserted = new Map<MapNode, { path: string; values: Record<string, Value> }>();
  for (const { path, to } of changes) {
    const place = placeOf(root, path);
    if (!place) return undefined;
    if (to === undefined) {
      if (place.kind !== 'present') return undefined;
      const indices = removed.get(place.within) ?? new Set();
      removed.set(place.within, indices.add(place.index));
    } else if (place.kind === 'present') {
      const edit = replacement(text, place.within, place.index, to);
      if (!edit) return undefined;
      edits.push(edit);
    } else {
      const into = inserted.get(place.within) ?? { path: place.at, values: {} };
      inserted.set(place.within, into);
      nest(into.values, place.missing, to);
    }
  }
  for (const [within, indices] of removed) {
    // Beside a merge key it is not plain where one entry ends and the next begins.
    if (within.kind === 'map' && !within.entries.every((entry) => isOwn(within, entry))) return undefined;
    const cut = isFlow(text, within) ? flowRemovals(within, indices) : blockRemovals(text, within, indices);
    if (!cut) return undefined;
    edits.push(...cut.map((range) => ({ range, newText: '' })));
  }
  for (const [within, { path, values }] of inserted) edits.push(...insertions(text, within, path, values));
  return edits.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}

export function applied(text: string, edits: readonly Edit[]): string {
  let result = '';
  let from = 0;
  for (const { range, newText } of edits) {
    result += text.slice(from, range.start) + newText;
    from = range.end;
  }
  return result + text.slice(from);
}

/** A collection that loses all it holds goes itself: an empty block is no mapping any more. */
export function withoutEmptied(root: Node | undefined, changes: readonly Change[]): Change[] {
  const [goes, stays] = [changes.filter(({ to }) => to === undefined), changes.filter(({ to }) => to !== undefined)];
  const gone = new Set(goes.map(({ path }) => path));
  for (let grew = true; grew; ) {
    grew = false;
    for (const path of gone) {
      const parent = parentOf(path);
      const node = parent === '' ? undefined : find(root, parent)?.node;
      if (!node || node.kind === 'scalar' || gone.has(parent)) continue;
      const size = node.kind === 'map' ? node.entries.length : node.items.length;
      const lost = [...gone].filter((each) => parentOf(each) === parent);
      if (lost.length < size || stays.some((change) => isWithin(change.path, parent))) continue;
      for (const each of lost) gone.delete(each);
      gone.add(parent);
      grew = true;
    }
  }
  return [...stays, ...[...gone].map((path) => ({ path, to: undefined }))];
}

type Place =
  | { kind: 'present'; within: Container; index: number }
  /** The nearest mapping there is, and the keys that lead on from it. */
  | { kind: 'absent'; within: MapNode; at: string; missing: string[] };

function placeOf(root: Node | undefined, path: string): Place | undefined {
  const segments = parsePath(path);
  let at = root;
  for (const [depth, segment] of segments.entries()) {
    // What stands behind an alias is written somewhere else, and holds there too.
    if (!at || at.anchoredAt || at.kind === 'scalar') return undefined;
    const index =
      at.kind === 'list'
        ? (segment as number)
        : at.entries.findIndex((entry) => entry.key === segment && isOwn(at as MapNode, entry));
    const child: Node | undefined = at.kind === 'list' ? at.items[index] : at.entries[index]?.value;
    if (!child)
      return at.kind === 'map'
        ? {
            kind: 'absent',
            within: at,
            at: formatPath(segments.slice(0, depth)),
            missing: segments.slice(depth).map(String),
          }
        : undefined;
    if (depth === segments.length - 1) return { kind: 'present', within: at, index };
    at = child;
  }
  return undefined;
}

function nest(values: Record<string, Value>, [key = '', ...deeper]: string[], to: Value): void {
  if (deeper.length === 0) {
    values[key] = to;
    return;
  }
  values[key] ??= {};
  nest(values[key] as Record<string, Value>, deeper, to);
}

const nodeAt = (within: Container, index: number): Node =>
  (within.kind === 'map' ? within.entries[index]?.value : within.items[index]) as Node;

function replacement(text: string, within: Container, index: number, to: Value): Edit | undefined {
  const node = nodeAt(within, index);
  if (node.kind === 'scalar' || node.anchoredAt) return { range: node.range, newText: scalarLike(text, node, to) };
  if (isFlow(text, node)) return { range: node.range, newText: flowText(to, isQuoted(text, within)) };
  const key = within.kind === 'map' ? within.entries[index]?.keyRange : undefined;
  if (!key || !/^:\s*$/.test(text.slice(key.end, node.range.start))) return undefined;
  return { range: { start: key.end, end: endOf(text, node) }, newText: `: ${flowText(to)}` };
}

/** Each with the comma before it, or after it where nothing that stays is before. */
function flowRemovals(within: Container, indices: ReadonlySet<number>): Range[] {
  const size = within.kind === 'map' ? within.entries.length : within.items.length;
  const startOf = (index: number): number =>
    within.kind === 'map' ? (within.entries[index] as Entry).keyRange.start : nodeAt(within, index).range.start;
  if (indices.size === size) return [{ start: within.range.start + 1, end: within.range.end - 1 }];
  const firstKept = Array.from({ length: size }, (_, index) => index).find((index) => !indices.has(index)) as number;
  return [...indices].map((index) =>
    index < firstKept
      ? { start: startOf(index), end: startOf(index + 1) }
      : { start: nodeAt(within, index - 1).range.end, end: nodeAt(within, index).range.end },
  );
}

/** Whole lines, with the comment that may stand behind the value. */
function blockRemovals(text: string, within: Container, indices: ReadonlySet<number>): Range[] | undefined {
  const ranges: Range[] = [];
  for (const index of indices) {
    const node = nodeAt(within, index);
    const at = within.kind === 'map' ? (within.entries[index] as Entry).keyRange.start : node.range.start;
    const start = lineStart(text, at);
    const before = text.slice(start, at);
    if (!(within.kind === 'map' ? /^[ \t]*$/ : /^[ \t]*-[ \t]+$/).test(before)) return undefined;
    ranges.push({ start, end: nextLine(text, endOf(text, node)) });
  }
  return ranges;
}
