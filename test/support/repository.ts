import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './specs.ts';

export const git = (root: string, ...args: string[]): string =>
  execFileSync('git', ['-C', root, '-c', 'user.name=ada', '-c', 'user.email=ada@example.org', ...args], {
    encoding: 'utf8',
  });

/** A repository whose first commit has these files, and then others in the work tree. */
export function repository(before: Record<string, string>, after: Record<string, string>): string {
  const root = folder(before);
  git(root, 'init', '--quiet', '--initial-branch=main');
  git(root, 'add', '.');
  git(root, 'commit', '--quiet', '--allow-empty', '--message=first');
  for (const [name, text] of Object.entries(after)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}
