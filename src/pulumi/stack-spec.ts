import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { policies as builtIn } from '../../policies/index.ts';
import { type Compiled, compile } from '../compile.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { readText } from '../files.ts';
import { defaultConfig, type PolicyConfig } from '../policy/config.ts';
import { ownFolder, ownPolicies } from '../policy/own.ts';
import type { Policy } from '../policy/policy.ts';
import { readConfig } from '../policy/read-config.ts';
import { Source } from '../spec/source.ts';

/** A spec compiled with the owners' policy settings, and what is wrong with those. */
export type JudgedSpec = {
  compiled: Compiled;
  config: PolicyConfig;
  configDiagnostics: Diagnostic[];
  configSource?: Source;
  /** Given as an object: its text is ours, and nobody has seen its lines. */
  isData?: boolean;
};

/** The project's root: the nearest folder with a Pulumi.yaml, else where the search starts. */
export function projectRoot(from: string): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'Pulumi.yaml'))) return folder;
    if (folder === dirname(folder)) return resolve(from);
  }
}

/** The root of the project whose program this is; the engine says where it found it. */
export const programRoot = (): string => projectRoot(process.env.PULUMI_NODEJS_ROOT_DIRECTORY ?? process.cwd());

/** The clock of whatever the engine starts. */
export const today = (): string => process.env.PERPETUAL_AS_OF ?? new Date().toISOString().slice(0, 10);

export const specFileOf = (root: string, stack: string): string => join(root, 'specs', stack, 'perpetual-node.yaml');

/** The spec a stack is deployed from. */
export const compileStack = (root: string, stack: string): JudgedSpec => compileFile(root, specFileOf(root, stack));

export function compileFile(root: string, file: string): JudgedSpec {
  const path = resolve(root, file);
  return compileText(root, within(root, path), readText(path));
}

export function compileText(root: string, file: string, text: string): JudgedSpec {
  const { policies, config, configDiagnostics, configSource } = ownersOf(root);
  return {
    compiled: compile(file, text, { today: today(), config, policies }),
    config,
    configDiagnostics,
    ...(configSource && { configSource }),
  };
}

/** What the owners of a project decide: their policies beside ours, and their settings for all of them. */
export type Owners = Pick<JudgedSpec, 'config' | 'configDiagnostics' | 'configSource'> & {
  policies: readonly Policy[];
};

const owners = new Map<string, Owners>();

export function ownersOf(root: string): Owners {
  const known = owners.get(root) ?? readOwners(root);
  owners.set(root, known);
  return known;
}

function readOwners(root: string): Owners {
  const policies = [...builtIn, ...ownPolicies(ownFolder(root, undefined), builtIn)];
  const configFile = join(root, 'policies', 'config.yaml');
  if (!existsSync(configFile)) return { policies, config: defaultConfig, configDiagnostics: [] };
  const configSource = new Source(within(root, configFile), readText(configFile));
  const { config, diagnostics } = readConfig(configSource, policies);
  return { policies, config, configDiagnostics: diagnostics, configSource };
}

/** Paths are shown from the root, whatever folder the engine starts a process in. */
const within = (root: string, file: string): string => relative(root, file).split(sep).join('/');

export function positionIn(source: Source, offset: number): string {
  const { line, column } = source.position(offset);
  return `${source.file}:${line}:${column}`;
}
