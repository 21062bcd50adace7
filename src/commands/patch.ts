import { createTwoFilesPatch } from 'diff';
import { loadSpec } from '../spec/load.ts';
import { Source } from '../spec/source.ts';

/** What an edit of a file does to it, as a unified diff that `git apply` takes; nothing where it does nothing. */
export const unifiedDiff = (file: string, before: string, after: string): string =>
  before === after
    ? ''
    : createTwoFilesPatch(`a/${file}`, `b/${file}`, shown(file, before), shown(file, after)).replace(/^=+\n/, '');

/** The text as it may be shown: what may be a secret is replaced by dots. */
function shown(file: string, text: string): string {
  const { source } = loadSpec(new Source(file, text));
  let result = source.text;
  for (const { start, end } of source.redactions)
    result = result.slice(0, start) + '•'.repeat(end - start) + result.slice(end);
  return result;
}
