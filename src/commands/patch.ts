import { createTwoFilesPatch } from 'diff';

/** What an edit of a file does to it, as a unified diff that `git apply` takes; nothing where it does nothing. */
export const hunks = (file: string, before: string, after: string): string =>
  before === after
    ? ''
    : createTwoFilesPatch(`a/${file}`, `b/${file}`, before, after, '', '', { context: 3 }).replace(/^=+\n/, '');
