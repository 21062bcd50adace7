import type { TextEdit } from 'vscode-languageserver';
import { inOrder } from '../edit/order.ts';
import { Source } from '../spec/source.ts';
import { rangeAt } from './positions.ts';

/** The keys in the order of the schema, as "perpetual fmt" writes them; nothing for what is not YAML. */
export function formattingOf(file: string, text: string): TextEdit[] {
  const ordered = inOrder(file, text);
  if (ordered === undefined || ordered === text) return [];
  return [{ range: rangeAt(new Source(file, text), { start: 0, end: text.length }), newText: ordered }];
}
