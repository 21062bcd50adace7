import type { Entry, ListNode, MapNode, Node } from '../spec/node.ts';

/** Where the parts of a collection stand in the text, line by line. */

export type Container = MapNode | ListNode;

/** Is it written in brackets? */
export const isFlow = (text: string, { range }: Container): boolean => /[{[]/.test(text[range.start] ?? '');

/** Not one that a merge key brought in: such an entry stands elsewhere, and an own one of the same name overrules it. */
export const isOwn = ({ range }: MapNode, { keyRange }: Entry): boolean =>
  range.start <= keyRange.start && keyRange.end <= range.end;

/** Where a value ends: the range of a block runs on over the comments below it, which may be about what comes next. */
export function endOf(text: string, node: Node): number {
  if (node.kind === 'scalar' || node.anchoredAt || isFlow(text, node)) return node.range.end;
  const entries = node.kind === 'map' ? node.entries.filter((entry) => isOwn(node, entry)) : [];
  const last = node.kind === 'map' ? entries.at(-1)?.value : node.items.at(-1);
  return last ? endOf(text, last) : node.range.end;
}

/** Are the keys of the mapping in quotes, as in JSON? */
export const isQuoted = (text: string, within: Container): boolean =>
  within.kind === 'map' && within.entries[0] !== undefined && text[within.entries[0].keyRange.start] === '"';

export const newLine = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** The end of the line without its line break. */
export const lineEnd = (text: string, offset: number): number => {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : text[end - 1] === '\r' ? end - 1 : end;
};

export const nextLine = (text: string, offset: number): number => {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
};
