import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Input } from '@pulumi/pulumi';
import { expressionsIn } from '../expr.ts';
import { reasonOf } from '../files.ts';
import type { Plan } from '../plan.ts';

export type SecretProblem = { path: string; message: string };
export type SecretValues = ReadonlyMap<string, Input<string>>;

/**
 * The values behind every `env:` and `file:` reference of a plan, by reference; those not given are all looked up before
 * anything is deployed. Problems name the reference, never a value. Files are relative to the project's root.
 */
export function resolveSecrets(
  plan: Plan,
  given: Readonly<Record<string, Input<string>>>,
  env: NodeJS.ProcessEnv,
  root: string,
): { values: SecretValues; problems: SecretProblem[]; unused: string[] } {
  const values = new Map<string, Input<string>>();
  const problems: SecretProblem[] = [];
  for (const expression of expressionsIn(plan.resources.map(({ inputs }) => inputs))) {
    if (!('secret' in expression.$)) continue;
    const { secret: reference, path } = expression.$;
    if (values.has(reference) || problems.some((problem) => problem.path === path)) continue;
    const own = Object.hasOwn(given, reference) ? given[reference] : undefined;
    if (own !== undefined) {
      values.set(reference, own);
      continue;
    }
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
  return { values, problems, unused: Object.keys(given).filter((reference) => !values.has(reference)) };
}

const split = (reference: string): [string, string] => {
  const colon = reference.indexOf(':');
  return [reference.slice(0, colon), reference.slice(colon + 1)];
};
