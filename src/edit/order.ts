import { type LoadedSpec, loadSpec } from '../spec/load.ts';
import { type Entry, type MapNode, type Node, toPlain } from '../spec/node.ts';
import { childPath } from '../spec/path.ts';
import { Source } from '../spec/source.ts';
import { same } from './change.ts';
import { applied, type Edit } from './edits.ts';
import { orderAt } from './insertion.ts';
import { endOf, isFlow, isOwn, lineEnd, lineStart, nextLine } from './layout.ts';

/**
 * The text with the keys of each mapping in the order in which the schema has them, and nothing else changed: a comment
 * stays with the key below it, brackets stay brackets. Undefined when it is not YAML. A mapping whose keys can't change
 * places without changing what is meant, as where an alias would stand before its anchor, stays as it is.
 */
export function inOrder(file: string, text: string): string | undefined {
  const settled = new Set<string>();
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  let now = read(file, text);
  if (!now) return undefined;
  for (;;) {
    const next = firstEdit(now, settled);
    if (!next) return mark + now.source.text;
    settled.add(next.path);
    const tried = read(file, applied(now.source.text, next.edits));
    if (tried && same(plainOf(tried), plainOf(now))) now = tried;
  }
}

function read(file: string, text: string): LoadedSpec | undefined {
  const loaded = loadSpec(new Source(file, text));
  return loaded.root && !loaded.diagnostics.some(({ code }) => code.startsWith('yaml/')) ? loaded : undefined;
}

const plainOf = ({ root }: LoadedSpec): unknown => root && toPlain(root);

/** Of the first mapping that is not in order and was not tried: inner ones keep theirs until it is their turn. */
function firstEdit({ source: { text }, root }: LoadedSpec, settled: ReadonlySet<string>) {
  for (const [path, node] of mapsOf(root)) {
    if (settled.has(path)) continue;
    const edits = reordered(text, node, orderAt(path));
    if (edits) return { path, edits };
  }
  return undefined;
}

function* mapsOf(node: Node | undefined, path = ''): Generator<[string, MapNode]> {
  if (!node || node.kind === 'scalar' || node.anchoredAt) return;
  if (node.kind === 'map') {
    yield [path, node];
    for (const { key, value } of node.entries) yield* mapsOf(value, childPath(path, key));
  } else for (const [index, item] of node.items.entries()) yield* mapsOf(item, childPath(path, index));
}

function reordered(text: string, node: MapNode, order: readonly string[]): Edit[] | undefined {
  const rank = ({ key }: Entry): number => (order.includes(key) ? order.indexOf(key) : order.length);
  const written = node.entries
    .filter((entry) => isOwn(node, entry))
    .sort((a, b) => a.keyRange.start - b.keyRange.start);
  const sorted = written.toSorted((a, b) => rank(a) - rank(b));
  if (written.every((entry, index) => entry === sorted[index])) return undefined;
  return isFlow(text, node) ? inFlow(text, written, sorted) : inBlock(text, written, sorted);
}

/** The places stay, with what is between them; the entries change places. */
function inFlow(text: string, written: readonly Entry[], sorted: readonly Entry[]): Edit[] | undefined {
  const extent = ({ keyRange, value }: Entry) => ({
    start: keyRange.start,
    end: Math.max(keyRange.end, value.range.end),
  });
  const [first, last] = [written[0] as Entry, written.at(-1) as Entry];
  const between = text.slice(extent(first).start, extent(last).end);
  // A comment in brackets is about the entry before it or behind it, and nobody can say which.
  if (/(^|\s)#/.test(between)) return undefined;
  return written.map((entry, index) => {
    const { start, end } = extent(sorted[index] as Entry);
    return { range: extent(entry), newText: text.slice(start, end) };
  });
}

/** An entry of a block with the comments above it, all of its lines, and the comments that are indented below it. */
type Chunk = { blank: string; above: string; body: string };

function inBlock(text: string, written: readonly Entry[], sorted: readonly Entry[]): Edit[] | undefined {
  const first = written[0] as Entry;
  const indent = first.keyRange.start - lineStart(text, first.keyRange.start);
  // Behind "- " there is no room for comments, and none is above a first key at the top: that is about the file.
  const isItem = text.slice(lineStart(text, first.keyRange.start), first.keyRange.start).trim() !== '';
  const start = lineStart(text, first.keyRange.start);
  const head = isItem || indent === 0 ? '' : commentsAbove(text, start);
  const chunks = new Map<Entry, Chunk>();
  let from = first.keyRange.start;
  for (const [index, entry] of written.entries()) {
    const next = written[index + 1];
    const gapStart = nextLine(text, endOf(text, entry.value));
    const gapEnd = next ? lineStart(text, next.keyRange.start) : lineEnd(text, endOf(text, entry.value));
    if (next && (gapStart > gapEnd || text.slice(gapEnd, next.keyRange.start).trim() !== '')) return undefined;
    const own = next ? gapStart + belonging(text.slice(gapStart, gapEnd), indent) : gapEnd;
    const lead = index === 0 ? head : text.slice(from, lineStart(text, entry.keyRange.start));
    const blank = /^(?:[ \t]*\r?\n)*/.exec(lead)?.[0] ?? '';
    const body = text.slice(index === 0 ? from : lineStart(text, entry.keyRange.start) + indent, own);
    chunks.set(entry, { blank, above: lead.slice(blank.length), body: body.replace(/\r?\n$/, '') });
    from = own;
  }
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const margin = ' '.repeat(indent);
  const parts = sorted.map((entry, index) => {
    const { above, body } = chunks.get(entry) as Chunk;
    // Blank lines part places, not keys: groups stay groups.
    const { blank } = chunks.get(written[index] as Entry) as Chunk;
    return index === 0 ? { above, body } : { above: blank + above, body: margin + body };
  });
  const [top, ...rest] = parts as [{ above: string; body: string }, ...{ above: string; body: string }[]];
  if (isItem && top.above !== '') return undefined;
  const newText = [top.above + (isItem ? '' : margin) + top.body, ...rest.map(({ above, body }) => above + body)].join(
    eol,
  );
  const range = {
    start: isItem ? first.keyRange.start : start - head.length,
    end: lineEnd(text, endOf(text, (written.at(-1) as Entry).value)),
  };
  return [{ range, newText }];
}

/** The comments right above a line, as they stand there. */
function commentsAbove(text: string, start: number): string {
  let from = start;
  while (from > 0 && /^[ \t]*#/.test(text.slice(lineStart(text, from - 1), from))) from = lineStart(text, from - 1);
  return text.slice(from, start);
}

/** How far the comments below an entry are its own: as far as they are indented more than its key. */
function belonging(gap: string, indent: number): number {
  let length = 0;
  for (const line of gap.match(/[^\n]*\n/g) ?? []) {
    const [blanks = ''] = /^[ \t]*/.exec(line) ?? [];
    if (line.trim() === '' || blanks.length <= indent) break;
    length += line.length;
  }
  return length;
}
