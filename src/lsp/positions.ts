import type { Position, Range } from 'vscode-languageserver';
import type { Range as Offsets } from '../diagnostic.ts';
import type { Source } from '../spec/source.ts';

/** The protocol counts from 0 and in UTF-16 units, as offsets do; a byte order mark is no part of either text. */
export function positionAt(source: Source, offset: number): Position {
  const { line, column } = source.position(Math.max(0, Math.min(offset, source.text.length)));
  return { line: line - 1, character: column - 1 };
}

export const rangeAt = (source: Source, { start, end }: Offsets): Range => ({
  start: positionAt(source, start),
  end: positionAt(source, Math.max(start, end)),
});

/** The offset of a position; beyond the end of its line it is the end, as the protocol has it. */
export function offsetAt(text: string, { line, character }: Position): number {
  let start = 0;
  for (let index = 0; index < line; index++) {
    const next = /\r\n|\n|\r/g;
    next.lastIndex = start;
    const found = next.exec(text);
    if (!found) return text.length;
    start = found.index + found[0].length;
  }
  const rest = text.slice(start);
  const length = rest.search(/[\r\n]/);
  return start + Math.min(character, length < 0 ? rest.length : length);
}
