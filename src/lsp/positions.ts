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
