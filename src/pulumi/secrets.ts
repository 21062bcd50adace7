import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expressionsIn } from '../expr.ts';
import { reasonOf } from '../files.ts';
import type { Plan } from '../plan.ts';

export type SecretProblem = { path: string; message: string };

/**
 * The values behind every `env:` and `file:` reference of a plan, by reference; all are looked up before anything is
 * deployed. Problems name the reference, never a value. Files are relative to the project's root.
 */
export function resolveSecrets(
  plan: Plan,
  env: NodeJS.ProcessEnv,
  root: string,
): { values: Map<string, string>; problems: SecretProblem[] } {
  const values = new Map<string, string>();
  const problems: SecretProblem[] = [];
  for (const expression of expressionsIn(plan.resources.map(({ inputs }) => inputs))) {
    if (!('secret' in expression.$)) continue;
    const { secret: reference, path } = expression.$;
    if (values.has(reference) || problems.some((problem) => problem.path === path)) continue;
    const [kind = '', name = ''] = split(reference);
    try {
      const value = kind === 'env' ? env[name] : readFileSync(resolve(root, name), 'utf8').replace(/\r?\n$/, '');
      if (value === undefined || value === '')
        problems.push({
          path,
          message: kind === 'env' ? `the environment variable ${name} is not set` : `the file "${name}" is empty`,
        });
      else values.set(reference, value);
    } catch (error) {
      problems.push({ path, message: `can't read "${name}": ${reasonOf(error)}` });
    }
  }
  return { values, problems };
}

const split = (reference: string): [string, string] => {
  const colon = reference.indexOf(':');
  return [reference.slice(0, colon), reference.slice(colon + 1)];
};
