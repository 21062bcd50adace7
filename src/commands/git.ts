import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { decode, UsageError } from '../files.ts';

/** The text a file has in a commit; undefined when the commit has no such file. */
export function textAt(commit: string, file: string): string | undefined {
  // What begins with a dash would be an option of git's.
  if (commit.startsWith('-')) throw unknownCommit(commit);
  const folder = nearestFolder(file);
  const path = relative(folder, resolve(file)).split(sep).join('/');
  const blob = git(folder, 'cat-file', 'blob', `${commit}:./${path}`);
  if (blob.status === 0) return decode(blob.stdout, `${file} at ${commit}`);
  const known = git(folder, 'rev-parse', '--verify', '--quiet', `${commit}^{commit}`);
  if (known.status === 1) throw unknownCommit(commit);
  const listed = known.status === 0 ? git(folder, 'ls-tree', commit, '--', path) : known;
  if (listed.status === 0 && listed.stdout.length === 0) return undefined;
  throw new UsageError(
    `can't read "${file}" at "${commit}": git says "${reasonOf(listed.status === 0 ? blob : listed)}"`,
  );
}

/** The specs of a commit at or below a path, named as from here; none when the commit has nothing there. */
export function specsAt(commit: string, path: string): string[] {
  if (commit.startsWith('-')) throw unknownCommit(commit);
  const folder = nearestFolder(join(path, 'any'));
  const below = relative(folder, resolve(path)).split(sep).join('/');
  const listed = git(folder, 'ls-tree', '-r', '-z', '--name-only', commit, '--', ...(below === '' ? ['.'] : [below]));
  if (listed.status !== 0) {
    if (git(folder, 'rev-parse', '--verify', '--quiet', `${commit}^{commit}`).status === 1) throw unknownCommit(commit);
    throw new UsageError(`can't read "${path}" at "${commit}": git says "${reasonOf(listed)}"`);
  }
  return String(Buffer.from(listed.stdout))
    .split('\0')
    .filter((name) => name !== '' && (name === below || /(^|\/)perpetual-node\.yaml$/.test(name)))
    .map((name) => join(folder, name));
}

/** The latest commit that gave a file this text, in short; undefined where git knows none. */
export function commitOf(file: string, text: string): string | undefined {
  const folder = nearestFolder(file);
  const bytes = Buffer.from(text);
  const blob = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  const path = relative(folder, resolve(file)).split(sep).join('/');
  const { status, stdout } = git(folder, 'log', '--format=%H', '--raw', '--no-abbrev', '--', path);
  if (status !== 0) return undefined;
  let commit: string | undefined;
  for (const line of String(stdout).split('\n')) {
    // ":100644 100644 BEFORE AFTER M<tab>PATH" stands below its commit.
    if (line.startsWith(':') && line.split(' ')[3] === blob) return commit?.slice(0, 12);
    if (/^[0-9a-f]+$/.test(line)) commit = line;
  }
  return undefined;
}

/** Where a remote is; undefined without one. */
export function remoteOf(name: string): string | undefined {
  const { status, stdout } = git('.', 'remote', 'get-url', name);
  return status === 0 ? String(Buffer.from(stdout)).trim() : undefined;
}

const unknownCommit = (commit: string): UsageError =>
  new UsageError(`git knows no commit "${commit}" ("git fetch" brings what a shallow clone lacks)`);

type Answer = { status: number; stdout: Buffer; stderr: string };

function git(folder: string, ...args: string[]): Answer {
  const { status, stdout, stderr, error } = spawnSync('git', ['-C', folder, ...args], {
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 1 << 28,
  });
  if (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(code === 'ENOENT' ? 'there is no git on PATH' : `can't run git: the system says ${code}`);
  }
  return { status: status ?? 128, stdout, stderr: String(stderr) };
}

const reasonOf = ({ stderr }: Answer): string => (stderr.split('\n')[0] ?? '').replace(/^(fatal|error): /, '');

/** What comes from standard input may be named like a file in a folder that does not exist yet. */
function nearestFolder(file: string): string {
  let folder = dirname(resolve(file));
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}
