import type { Fix } from '../diagnostic.ts';
import type { Entry, MapNode } from '../spec/node.ts';
import { parsePath } from '../spec/path.ts';
import { specSchema } from '../spec/schema.ts';
import { at, keysOf } from '../spec/shape.ts';
import type { Value } from './change.ts';
import { endOf, isFlow, isOwn, isQuoted, lineEnd, lineStart, newLine } from './layout.ts';
import { flowText, keyText } from './yaml-text.ts';

type Edit = Fix['edits'][number];

/** The keys of a mapping of the spec in the order in which the schema has them; none where it takes any name. */
export const orderAt = (path: string): string[] =>
  Object.keys(keysOf(at(specSchema, parsePath(path)) ?? specSchema) ?? {});

/** New keys of a mapping, each behind the last one that the schema has before it, and written as its others are. */
export function insertions(
  text: string,
  within: MapNode,
  path: string,
  values: Readonly<Record<string, Value>>,
): Edit[] {
  const order = orderAt(path);
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  const own = within.entries.filter((entry) => isOwn(within, entry));
  const behind = new Map<Entry | undefined, string[]>();
  for (const key of Object.keys(values).sort((a, b) => rank(a) - rank(b))) {
    const before = own.findLast((entry) => rank(entry.key) <= rank(key));
    behind.set(before, [...(behind.get(before) ?? []), key]);
  }
  const write = isFlow(text, within) ? inFlow : inBlock;
  return [...behind].map(([before, keys]) =>
    write(
      text,
      within,
      own,
      before,
      keys.map((key) => [key, values[key] as Value]),
    ),
  );
}

type Pairs = [key: string, value: Value][];

function inFlow(text: string, within: MapNode, own: readonly Entry[], before: Entry | undefined, pairs: Pairs): Edit {
  const quoted = isQuoted(text, within);
  const written = pairs.map(([key, value]) => `${keyText(key, quoted)}: ${flowText(value, quoted)}`);
  const neighbour = before ?? own[0];
  if (!neighbour) return { range: within.range, newText: `{ ${written.join(', ')} }` };
  const indent = text.slice(lineStart(text, neighbour.keyRange.start), neighbour.keyRange.start);
  const separator = own.length > 1 && /^[ \t]*$/.test(indent) ? `,${newLine(text)}${indent}` : ', ';
  const position = before ? before.value.range.end : neighbour.keyRange.start;
  return {
    range: { start: position, end: position },
    newText: written.map((each) => (before ? separator + each : each + separator)).join(''),
  };
}

function inBlock(text: string, within: MapNode, own: readonly Entry[], before: Entry | undefined, pairs: Pairs): Edit {
  const first = own[0]?.keyRange.start ?? within.range.start;
  const indent = ' '.repeat(first - lineStart(text, first));
  const lines = pairs.flatMap(([key, value]) =>
    // A section of its own is written as sections are: its keys below it.
    indent === '' && typeof value === 'object' && !Array.isArray(value)
      ? [`${key}:`, ...Object.entries(value).map(([inner, each]) => `  ${inner}: ${flowText(each as Value)}`)]
      : [`${indent}${keyText(key)}: ${flowText(value)}`],
  );
  if (!before && own.length > 0) {
    const newText = `${lines.map((line) => line.slice(indent.length) + newLine(text) + indent).join('')}`;
    return { range: { start: first, end: first }, newText };
  }
  const position = lineEnd(text, before ? endOf(text, before.value) : endOf(text, within));
  return {
    range: { start: position, end: position },
    newText: lines.map((line) => newLine(text) + line).join(''),
  };
}
