import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Compiled } from '../compile.ts';
import { readText, UsageError } from '../files.ts';
import { type DeployedSpec, recordOf } from '../pulumi/deployed-spec.ts';
import { foreignLogin } from '../pulumi/login.ts';
import { compileStack, compileText, errorsOf, placeOf, specFileOf } from '../pulumi/stack-spec.ts';
import { didYouMean, nearestName } from '../spec/nearest-name.ts';
import { type Redact, secretsOf } from './redact.ts';

export { specFileOf };

/** The text of a file; what is deployed outlives its spec. */
export const textOf = (file: string): string | undefined => (existsSync(file) ? readText(file) : undefined);

/** An environment with its spec, judged before the engine is started. */
export type Target = {
  environment: string;
  compiled: Compiled;
  spec: DeployedSpec;
  redact: Redact;
  /** What keeps it from being deployed, a line each, and the exit code that says so. */
  problems: string[];
  exitCode: number;
};

/** `instead` is the text of another spec of the environment than the one in its file. */
export function targetOf(root: string, environment: string, env: NodeJS.ProcessEnv, instead?: string): Target {
  const judged = compileStack(root, environment, instead);
  const { compiled } = judged;
  const { faults } = errorsOf(judged);
  const { redact, problems } = secretsOf(compiled.plan, env, root);
  const foreign =
    compiled.environment !== undefined && compiled.environment !== environment
      ? [
          `${compiled.loaded.source.file} is for "${compiled.environment}": metadata.environment must be "${environment}"`,
        ]
      : [];
  const login = compiled.plan && foreignLogin(compiled.plan, env);
  const elsewhere = login !== undefined ? [`${placeOf(judged, 'azure.subscription')}${login}`] : [];
  const wrong = [...faults, ...foreign];
  return {
    environment,
    compiled,
    spec: recordOf(compiled.loaded.source),
    redact,
    problems: [
      ...wrong,
      ...elsewhere,
      ...problems.map(({ path, message }) => `${placeOf(judged, path)}${path}: ${message}`),
    ],
    exitCode: wrong.length > 0 ? 1 : elsewhere.length > 0 ? 3 : problems.length > 0 ? 2 : 0,
  };
}

/** What is deployed, as it is judged today. */
export const baseOf = (root: string, deployed: DeployedSpec | undefined): Compiled | undefined =>
  deployed && compileText(root, deployed.file, deployed.text).compiled;

/** What takes out of the engine's words the secrets of what is deployed. */
export const redactorOf = (root: string, deployed: DeployedSpec | undefined, env: NodeJS.ProcessEnv): Redact =>
  secretsOf(baseOf(root, deployed)?.plan, env, root).redact;

/** A month's bill of what was deployed and of what would be, both at today's prices; `null` is not known. */
export type Money = { beforeUsd: number | null; afterUsd: number | null; partial: boolean };

export function moneyOf({ compiled }: Target, base: Compiled | undefined, isEmpty: boolean): Money {
  const before = base?.bill;
  return {
    beforeUsd: before?.monthlyUsd ?? (isEmpty ? 0 : null),
    afterUsd: compiled.bill?.monthlyUsd ?? null,
    partial: (before?.partial ?? false) || (compiled.bill?.partial ?? true),
  };
}

/** The environments of a project: the folders of specs/ with a spec. */
export function environmentsIn(root: string): string[] {
  const folder = join(root, 'specs');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(specFileOf(root, entry.name)))
    .map(({ name }) => name)
    .sort();
}

/** Which environments are meant. Without a name it is the only one there is: none is ever deployed by accident. */
export function chosen(root: string, named: readonly string[], { orphans = false } = {}): string[] {
  const known = environmentsIn(root);
  const list = known.length > 0 ? `; known: ${known.join(', ')}` : '';
  if (named.length === 0 && known.length !== 1)
    throw new UsageError(
      known.length === 0 ? 'there is no specs/ENV/perpetual-node.yaml' : `name an environment${list}`,
    );
  for (const name of named) {
    if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) throw new UsageError(`"${name}" is no name of an environment`);
    // What is deployed outlives its spec: it can still be looked at and destroyed.
    if (!orphans && !known.includes(name))
      throw new UsageError(`there is no environment "${name}"${didYouMean(nearestName(name, known))}${list}`, 6);
  }
  return named.length > 0 ? [...new Set(named)] : known;
}
