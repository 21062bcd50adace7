import { join } from 'node:path';
import { policies } from '../../policies/index.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { display, nearestAbove, readText } from '../files.ts';
import { defaultConfig, type PolicyConfig, readConfig } from '../policy/config.ts';
import { Source } from '../spec/source.ts';

export type Configured = { config: PolicyConfig; diagnostics: Diagnostic[]; source: Source | undefined };

/** The owners' settings for a spec: the nearest policies/config.yaml above it, each file read once. */
export function configFor(file: string, known: Map<string, Configured>): Configured {
  const path = nearestAbove(file, join('policies', 'config.yaml'));
  const key = path ?? '';
  const configured = known.get(key) ?? load(path);
  known.set(key, configured);
  return configured;
}

function load(path: string | undefined): Configured {
  if (path === undefined) return { config: defaultConfig, diagnostics: [], source: undefined };
  const source = new Source(display(path), readText(path));
  return { ...readConfig(source, policies), source };
}
