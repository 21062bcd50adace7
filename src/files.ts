import { isUtf8 } from 'node:buffer';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** A wrong invocation or a file that can't be used: printed as one line, and what the program exits with. */
export class UsageError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

const specName = 'perpetual-node.yaml';
const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ELOOP: 'its links go round in circles',
  ENAMETOOLONG: 'its name is too long',
};

const occupied = 'something else of that name is in the way';
const writeReasons: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EACCES: 'it may not be written',
  EPERM: 'it may not be written',
  EEXIST: occupied,
  EISDIR: occupied,
  ENOTDIR: occupied,
};

export const reasonOf = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return reasons[code] ?? `the system says ${code || 'no'}`;
};

/** A file's text. UTF-8 only: anything else is refused rather than read with replaced characters. */
export function readText(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UsageError(`can't read "${file}": ${reasonOf(error)}`);
  }
  return decode(bytes, file);
}

export function decode(bytes: Buffer, file: string): string {
  if (!isUtf8(bytes)) throw new UsageError(`can't read "${file}": it is not UTF-8 text`);
  return bytes.toString();
}

/** The specs an argument stands for: itself, or every perpetual-node.yaml below a folder. Paths are relative, with "/". */
export function specFiles(argument: string): string[] {
  let isFolder: boolean;
  try {
    isFolder = statSync(argument).isDirectory();
  } catch (error) {
    throw new UsageError(`can't read "${argument}": ${reasonOf(error)}`);
  }
  if (!isFolder) return [display(argument)];
  const found = [...below(argument)].map(display).sort();
  if (found.length === 0) throw new UsageError(`there is no ${specName} below "${argument}"`);
  return found;
}

function* below(folder: string): Generator<string> {
  let entries: ReturnType<typeof list>;
  try {
    entries = list(folder);
  } catch (error) {
    throw new UsageError(`can't read "${folder}": ${reasonOf(error)}`);
  }
  for (const entry of entries) {
    if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
      yield* below(join(folder, entry.name));
    else if (entry.name === specName) yield join(folder, entry.name);
  }
}

const list = (folder: string) => readdirSync(folder, { withFileTypes: true });

export function display(file: string): string {
  const path = relative('.', file);
  return (path.startsWith('..') ? resolve(file) : path).split(sep).join('/');
}

/** The nearest file of that name in the folder of `from` or one above it. */
export function nearestAbove(from: string, name: string): string | undefined {
  for (let folder = dirname(resolve(from)); ; folder = dirname(folder)) {
    const file = join(folder, name);
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Writes a whole file or nothing: under a temporary name beside it, then renamed. */
export function writeWhole(file: string, text: string): void {
  // A device or a pipe has no whole to keep, and renaming would put a file in its place.
  const temporary = isSpecial(file) ? file : `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(temporary, text);
    if (temporary !== file) renameSync(temporary, file);
  } catch (error) {
    if (temporary !== file) discard(temporary);
    throw cannotWrite(file, error);
  }
}

/** Adds to a file that others write to as well. */
export function appendText(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

export function cannotWrite(file: string, error: unknown): UsageError {
  const { code = '' } = error as NodeJS.ErrnoException;
  return new UsageError(`can't write "${file}": ${writeReasons[code] ?? `the system says ${code || 'no'}`}`);
}

function isSpecial(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It was never made: what kept us from writing is what is reported.
  }
}
