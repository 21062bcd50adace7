import type { Fix, Range } from '../diagnostic.ts';

/** How text that is not YAML becomes what it was meant to be. */
export type YamlMend =
  | 'remove'
  | 'comma before'
  | 'comma inside'
  | 'space before'
  | 'space after colon'
  | 'quote'
  | 'spaces for tabs';

/** The edit at the place of a fault; none where the text there leaves a choice. */
export function yamlFix(text: string, { start, end }: Range, mend: YamlMend): Fix[] {
  const fix = (title: string, at: Range, newText: string, safe = true): Fix[] => [
    { title, safe, edits: [{ range: at, newText }] },
  ];
  switch (mend) {
    case 'remove':
      return fix('remove it', { start, end: start + 1 }, '');
    case 'comma before': {
      const behind = text.slice(0, start).trimEnd().length;
      return fix('put a comma there', { start: behind, end: behind }, ',');
    }
    case 'comma inside': {
      const [value] = /^\S+(?=\s+[\w.-]+:\s)/.exec(text.slice(start, end)) ?? [];
      const at = start + (value?.length ?? 0);
      return value ? fix('put a comma there', { start: at, end: at }, ',') : [];
    }
    case 'space before':
      return fix('put a space there', { start, end: start }, ' ');
    case 'space after colon': {
      const colon = /^[^\s:]+:(?=[^\s:])/.exec(text.slice(start, end));
      const at = start + (colon?.[0].length ?? 0);
      return colon ? fix('put a space there', { start: at, end: at }, ' ') : [];
    }
    case 'quote': {
      const word = text.slice(start, end);
      const isAlone = /^[^\S\r\n]*(?:[\r\n]|$)/.test(text.slice(end));
      return isAlone ? fix('put it in quotes', { start, end }, JSON.stringify(word)) : [];
    }
    case 'spaces for tabs': {
      const from = text.lastIndexOf('\n', start - 1) + 1;
      const [indent = ''] = /^[ \t]*/.exec(text.slice(from)) ?? [];
      const spaces = indent.replaceAll('\t', '  ');
      // How far the line is to be in is a guess.
      return fix('write two spaces for each tab', { start: from, end: from + indent.length }, spaces, false);
    }
  }
}
