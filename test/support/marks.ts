import type { Compiled } from '../../src/compile.ts';
import type { Diagnostic } from '../../src/diagnostic.ts';

/** A text in which « and » stand around what a finding must underline, to the character. */
export function unmark(marked: string): { text: string; ranges: { start: number; end: number }[] } {
  const ranges: { start: number; end: number }[] = [];
  const open: number[] = [];
  let text = '';
  for (const character of marked) {
    if (character === '«') open.push(text.length);
    else if (character === '»') ranges.push({ start: open.pop() as number, end: text.length });
    else text += character;
  }
  return { text, ranges: ranges.sort((a, b) => a.start - b.start || a.end - b.end) };
}

export const linesOf = (
  { loaded: { source } }: Compiled,
  diagnostics: readonly Diagnostic[],
): { line: number; code: string }[] =>
  diagnostics.map(({ code, labels: [{ range }] }) => ({ line: source.position(range.start).line, code }));
