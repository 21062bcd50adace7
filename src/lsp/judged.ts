import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Compiled, compile } from '../compile.ts';
import { nearestAbove, readText } from '../files.ts';
import { pinnedAt } from '../lock.ts';
import { defaultConfig, type PolicyConfig } from '../policy/config.ts';
import type { Policy } from '../policy/policy.ts';
import { readConfig } from '../policy/read-config.ts';
import { Source } from '../spec/source.ts';

/** A text as it stands in the editor; its uri is a file's, or one of a buffer that was never saved. */
export type Opened = { uri: string; version: number; text: string };

/**
 * Specs as the editor has them, each judged once a version under the owners' settings around its file. `today` is asked
 * anew each time: an editor stays open for days.
 */
export class Judge {
  readonly #known = new Map<string, { version: number; day: string; compiled: Compiled }>();
  readonly #configs = new Map<string, { stamp: string; config: PolicyConfig }>();
  readonly #policies: readonly Policy[];
  readonly #today: () => string;

  constructor(policies: readonly Policy[], today: () => string) {
    this.#policies = policies;
    this.#today = today;
  }

  judge({ uri, version, text }: Opened): Compiled {
    const known = this.#known.get(uri);
    const day = this.#today();
    if (known?.version === version && known.day === day) return known.compiled;
    const file = fileOf(uri);
    const compiled = compile(file, text, {
      today: day,
      policies: this.#policies,
      config: this.#configAbove(file),
      catalog: pinnedAt(file, false).catalog,
    });
    this.#known.set(uri, { version, day, compiled });
    return compiled;
  }

  /** Settings have changed beside the specs, or one is closed. */
  forget(uri?: string): void {
    if (uri === undefined) this.#known.clear();
    else this.#known.delete(uri);
  }

  /** Read again when the file is another one: not every editor tells of files that change beside it. */
  #configAbove(file: string): PolicyConfig {
    const path = nearestAbove(file, 'policies/config.yaml');
    if (path === undefined) return defaultConfig;
    const { mtimeMs, size } = statSync(path);
    const stamp = `${mtimeMs} ${size}`;
    const known = this.#configs.get(path);
    if (known?.stamp === stamp) return known.config;
    const { config } = readConfig(new Source(path, readText(path)), this.#policies);
    this.#configs.set(path, { stamp, config });
    return config;
  }
}

export const fileOf = (uri: string): string => (uri.startsWith('file:') ? fileURLToPath(uri) : uri);

/** Only specs are ours; every other YAML is somebody else's. */
export const isSpec = ({ uri, text }: Pick<Opened, 'uri' | 'text'>): boolean =>
  /(^|[/\\])perpetual-node\.ya?ml$/.test(fileOf(uri)) || /^apiVersion:\s*["']?perpetual\.dev\//m.test(text);
