import { find, type Node } from '../spec/node.ts';
import { parseYaml } from '../spec/parse-yaml.ts';
import { formatPath, type Segment } from '../spec/path.ts';
import { Source } from '../spec/source.ts';

/** What is being written at a place: a key of a mapping, or the value at a path. */
export type Cursor = {
  kind: 'key' | 'value';
  /** Of the mapping whose key is written, or of the value. */
  path: Segment[];
  /** The keys that the mapping has already. */
  taken: string[];
  /** What of the word is written, from where to where. */
  start: number;
  end: number;
  /** In flow style, where keys end with a comma and not with the line. */
  inFlow: boolean;
};

const mark = 'cursor-of-the-editor';

/**
 * Finds out by putting a word there and reading the YAML again: that is right in block and in flow style, in lists and
 * half-written files, wherever the parser itself gets along. Undefined in comments and where nobody can tell.
 */
export function cursorAt(text: string, offset: number): Cursor | undefined {
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  const before = text.slice(lineStart, offset);
  if (/(^|\s)#/.test(before)) return undefined;
  const word = /[^\s,[\]{}"':]*$/.exec(before)?.[0] ?? '';
  const start = offset - word.length;
  const end = offset + (/^[^\s,[\]{}"'#:]*/.exec(text.slice(offset))?.[0].length ?? 0);
  const hasColon = /^["']?\s*:(\s|$)/.test(text.slice(end));
  const isLine = /^\s*(- +)*$/.test(text.slice(lineStart, start));
  const written = hasColon ? [mark] : isLine ? [`${mark}: `, mark] : [mark, `${mark}: `];
  for (const each of written) {
    const found = search(text.slice(0, start) + each + text.slice(end));
    if (found) return { ...found, start, end };
  }
  return undefined;
}

function search(text: string): Omit<Cursor, 'start' | 'end'> | undefined {
  const { root } = parseYaml(new Source('', text));
  return root && within(root, [], text);
}

function within(node: Node, path: Segment[], text: string): Omit<Cursor, 'start' | 'end'> | undefined {
  const inFlow = '{['.includes(text[node.range.start] ?? ' ');
  if (node.kind === 'scalar')
    return node.value === mark ? { kind: 'value', path, taken: [], inFlow: false } : undefined;
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      const found = within(item, [...path, index], text);
      if (found) return { ...found, inFlow: found.inFlow || inFlow };
    }
    return undefined;
  }
  for (const { key, value } of node.entries) {
    if (key === mark)
      return {
        kind: 'key',
        path,
        taken: node.entries.map((entry) => entry.key).filter((each) => each !== mark),
        inFlow,
      };
    const found = within(value, [...path, key], text);
    if (found) return { ...found, inFlow: found.inFlow || inFlow };
  }
  return undefined;
}

/** The innermost path at an offset, with the text that stands for it: a key, or a value. */
export function pathAt(
  root: Node | undefined,
  offset: number,
): { path: string; start: number; end: number } | undefined {
  let best: { path: Segment[]; start: number; end: number } | undefined;
  const visit = (node: Node, path: Segment[]): void => {
    if (node.kind === 'scalar') {
      if (node.range.start <= offset && offset <= node.range.end) best = { path, ...node.range };
    } else if (node.kind === 'list') for (const [index, item] of node.items.entries()) visit(item, [...path, index]);
    else
      for (const { key, keyRange, value } of node.entries) {
        if (keyRange.start <= offset && offset <= keyRange.end) best = { path: [...path, key], ...keyRange };
        visit(value, [...path, key]);
      }
  };
  if (root) visit(root, []);
  return best && { ...best, path: formatPath(best.path) };
}

/** The value written at a path, for whoever wants to know what stands beside. */
export const valueAt = (root: Node | undefined, path: readonly Segment[]): unknown => {
  const found = find(root, path)?.node;
  return found?.kind === 'scalar' ? found.value : undefined;
};
