import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { policies } from '../../policies/index.ts';
import { type Compiled, compile } from '../compile.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { readText } from '../files.ts';
import { type PolicyConfig, readConfig } from '../policy/config.ts';
import { Source } from '../spec/source.ts';

export type StackSpec = { compiled: Compiled; config: PolicyConfig; configDiagnostics: Diagnostic[] };

/** The project's root: the nearest folder with a Pulumi.yaml. */
export function projectRoot(from: string): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'Pulumi.yaml')) || folder === dirname(folder)) return folder;
  }
}

export const specFileOf = (root: string, stack: string): string => join(root, 'specs', stack, 'perpetual-node.yaml');

/** Paths are shown from the root, whatever folder the engine starts a process in. */
const within = (root: string, file: string): string => relative(root, file).split(sep).join('/');

/** The spec a stack is deployed from, compiled with the owners' policy settings. */
export function compileStack(root: string, stack: string, today: string): StackSpec {
  const file = specFileOf(root, stack);
  const configFile = join(root, 'policies', 'config.yaml');
  const { config, diagnostics } = existsSync(configFile)
    ? readConfig(new Source(within(root, configFile), readFileSync(configFile, 'utf8')), policies)
    : { config: { levels: new Map(), waivable: new Map() }, diagnostics: [] };
  return {
    compiled: compile(within(root, file), readText(file), { today, config, policies }),
    config,
    configDiagnostics: diagnostics,
  };
}

export const position = ({ loaded: { source } }: Compiled, offset: number): string => {
  const { line, column } = source.position(offset);
  return `${source.file}:${line}:${column}`;
};

/** One line for a finding, as it appears among the engine's own messages. */
export function oneLine(compiled: Compiled, { code, message, labels: [{ range }], help }: Diagnostic): string {
  return `${position(compiled, range.start)}: ${code}: ${message}${help ? ` (fix: ${help})` : ''}`;
}
