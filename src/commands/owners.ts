import { join } from 'node:path';
import { policies as builtIn } from '../../policies/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { display, nearestAbove, readText } from '../files.ts';
import { defaultConfig, type PolicyConfig } from '../policy/config.ts';
import { ownFolder, ownPolicies } from '../policy/own.ts';
import type { Policy } from '../policy/policy.ts';
import { readConfig } from '../policy/read-config.ts';
import { Source } from '../spec/source.ts';
import type { Arguments, Option } from './options.ts';

/** For every command that judges. */
export const policiesOption: Option = {
  type: 'string',
  describe: 'a folder with policies of your own; else what "perpetual": { "policies" } says in package.json',
  placeholder: 'DIR',
};

export const ownFolderOf = ({ values }: Arguments): string | undefined =>
  ownFolder('.', values.policies === undefined ? undefined : String(values.policies));

/** The policies in force: ours, and those of the folder that the command line or the package names. */
export const policiesOf = (args: Arguments): readonly Policy[] => [
  ...builtIn,
  ...ownPolicies(ownFolderOf(args), builtIn),
];

export type Configured = { config: PolicyConfig; diagnostics: Diagnostic[]; source: Source | undefined };

/** The owners' settings for a spec: the nearest policies/config.yaml above it, each file read once. */
export function configFor(
  file: string,
  known = new Map<string, Configured>(),
  policies: readonly Policy[] = builtIn,
): Configured {
  const path = nearestAbove(file, join('policies', 'config.yaml'));
  const key = path ?? '';
  const configured = known.get(key) ?? load(path, policies);
  known.set(key, configured);
  return configured;
}

function load(path: string | undefined, policies: readonly Policy[]): Configured {
  if (path === undefined) return { config: defaultConfig, diagnostics: [], source: undefined };
  const source = new Source(display(path), readText(path));
  return { ...readConfig(source, policies), source };
}
