import { appendFileSync, existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { cannotWrite } from '../files.ts';
import type { NewFile } from './templates.ts';

/**
 * Writes all of the files or none, and does what comes after: what is there is never touched, and what was written is
 * taken back when anything fails.
 */
export function writeNew<T>(files: readonly NewFile[], after: () => T): T {
  const undo: (() => void)[] = [];
  try {
    for (const file of files) write(file, undo);
    return after();
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
}

function write({ path, text }: NewFile, undo: (() => void)[]): void {
  try {
    const made = mkdirSync(dirname(path), { recursive: true });
    if (made !== undefined) undo.push(...foldersBetween(made, dirname(path)).map((folder) => () => rmdirSync(folder)));
    // Fails where somebody was faster.
    writeFileSync(path, text, { flag: 'wx' });
    undo.push(() => rmSync(path));
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** The first of them and all down to the last. */
function foldersBetween(first: string, last: string): string[] {
  return last === first ? [first] : [...foldersBetween(first, dirname(last)), last];
}

/** Adds the lines that a file lacks, at its end, and says which. */
export function addLines(file: string, lines: readonly string[]): string[] {
  try {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const present = new Set(text.split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, '')));
    const missing = lines.filter((line) => !present.has(line.replace(/\/$/, '')));
    const separator = text === '' || text.endsWith('\n') ? '' : '\n';
    if (missing.length > 0) appendFileSync(file, `${separator}${missing.join('\n')}\n`);
    return missing;
  } catch (error) {
    throw cannotWrite(file, error);
  }
}
