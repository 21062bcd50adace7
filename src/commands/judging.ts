import { type CatalogChoice, catalogDateInUse, copyWarning } from '../catalog/copy.ts';
import { type Compiled, type CompileOptions, compile } from '../compile.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { UsageError } from '../files.ts';
import { type Pinned, pinnedAt } from '../lock.ts';
import type { Policy } from '../policy/policy.ts';
import type { Source } from '../spec/source.ts';
import { version } from '../version.ts';
import {
  type Arguments,
  asOfOption,
  dateOf,
  frozenOf,
  frozenOption,
  type Option,
  type Streams,
  stdinOption,
} from './options.ts';
import { type Configured, configFor, policiesOf, policiesOption } from './owners.ts';

/** What decides on a verdict beside the spec itself. */
export const judgingOptions = {
  'as-of': asOfOption,
  frozen: frozenOption,
  policies: policiesOption,
  'stdin-filename': stdinOption,
} as const satisfies Record<string, Option>;

/** The terms a command line judges by: the day, the policies and, for each file, its owners' settings and its lock. */
export class Judging {
  readonly today: string;
  readonly policies: readonly Policy[];
  readonly #frozen: boolean;
  readonly #stderr: Streams['stderr'];
  readonly #configs = new Map<string, Configured>();
  readonly #locks = new Map<string, Pinned>();

  constructor(args: Arguments, streams: Streams) {
    this.today = dateOf(args.values['as-of'], streams.env);
    this.policies = policiesOf(args);
    this.#frozen = frozenOf(args, streams);
    this.#stderr = streams.stderr;
  }

  /** Those that hold for what lies in that place, be it read from there or from a commit. */
  termsFor(file: string): Required<CompileOptions> {
    const { config } = configFor(file, this.#configs, this.policies);
    const { catalog } = pinnedAt(file, this.#frozen, this.#locks);
    return { today: this.today, policies: this.policies, config, catalog };
  }

  /** Judges a text by the terms of its own place, or of another. */
  compile(file: string, text: string, place = file): Compiled {
    return compile(file, text, this.termsFor(place));
  }

  /** What is wrong with the settings and locks that were read so far. */
  get ownFindings(): { diagnostics: Diagnostic[]; source?: Source | undefined }[] {
    return [...this.#configs.values(), ...this.#locks.values()];
  }

  /** What a report says of itself; warns of a copy of the price list that was wanted and can't be used. */
  about(): { asOf: string; tool: { version: string; catalog: string } } {
    const catalog: CatalogChoice = [...this.#locks.values()].some((lock) => lock.catalog === 'copy')
      ? 'copy'
      : 'shipped';
    const warning = copyWarning(catalog);
    if (warning !== undefined) this.#stderr.write(`perpetual: ${warning}\n`);
    return { asOf: this.today, tool: { version, catalog: catalogDateInUse(catalog) } };
  }
}

/** An environment that was asked for must be one of those that were found. */
export function expectEnvironments(wanted: readonly string[], found: readonly string[]): void {
  const missing = wanted.find((name) => !found.includes(name));
  if (missing !== undefined)
    throw new UsageError(`there is no environment "${missing}"; known: ${found.join(', ')}`, 6);
}
