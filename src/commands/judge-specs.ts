import { catalogDateInUse, copyWarning } from '../catalog/copy.ts';
import { type Compiled, compile } from '../compile.ts';
import { atLeast, counts, type Diagnostic, type Severity, sortDiagnostics } from '../diagnostic.ts';
import { UsageError } from '../files.ts';
import { type Pinned, pinnedAt } from '../lock.ts';
import { type Report, type SpecReport, summarise } from '../report/report.ts';
import type { Source } from '../spec/source.ts';
import { version } from '../version.ts';
import { gateOptions, gatesOf } from './gates.ts';
import { inputsOf } from './inputs.ts';
import { type Arguments, dateOf, frozenOf, frozenOption, manyOf, type Option, type Streams } from './options.ts';
import { type Configured, configFor, policiesOf, policiesOption } from './owners.ts';

export const specArguments = '[SPEC...]';
export const specsMeant = 'without SPEC every specs/**/perpetual-node.yaml; "-" is standard input';

/** What every command that judges specs can be told. */
export const specOptions = {
  env: { type: 'string', alias: 'e', describe: 'only this environment', repeatable: true, placeholder: 'ENV' },
  'as-of': {
    type: 'string',
    describe: 'judge as on this day; default PERPETUAL_AS_OF, else today',
    placeholder: 'DATE',
  },
  frozen: frozenOption,
  policies: policiesOption,
  'stdin-filename': { type: 'string', describe: 'the name of what comes from standard input', placeholder: 'FILE' },
  ...gateOptions,
} as const satisfies Record<string, Option>;

export type Watching = {
  /** Sees each spec that is judged, one after the other: only what it keeps stays in memory. */
  see?: (compiled: Compiled) => void;
  /** Keep the texts of all specs, not only of those that something is said about. */
  keepTexts?: boolean;
  /** Say what an edit replaces, deletes or can never change, when there is a commit to compare with. */
  judgesEdits?: boolean;
};

/** Compiles the specs of a command line under their owners' settings and its own gates. */
export async function judgeSpecs(
  args: Arguments,
  streams: Streams,
  { see, keepTexts = false, judgesEdits = false }: Watching = {},
): Promise<Report> {
  const { values } = args;
  const today = dateOf(values['as-of'], streams.env);
  const policies = policiesOf(args);
  const gates = gatesOf(values, today, judgesEdits, policies);
  const frozen = frozenOf(args, streams);
  const configs = new Map<string, Configured>();
  const locks = new Map<string, Pinned>();
  const wanted = manyOf(values.env);
  const environments: string[] = [];
  const specs: SpecReport[] = [];
  const sources = new Map<string, Source>();
  const found: Diagnostic[] = [];
  for await (const { file, text } of inputsOf(args, streams)) {
    const { config } = configFor(file, configs, policies);
    const { catalog } = pinnedAt(file, frozen, locks);
    const judged = compile(file, text, { today, config, policies, catalog });
    if (judged.environment !== undefined) environments.push(judged.environment);
    if (wanted.length > 0 && !wanted.includes(judged.environment ?? '')) continue;
    const compiled = { ...judged, diagnostics: [...judged.diagnostics, ...(await gates(judged, config))] };
    specs.push(summarise(compiled));
    found.push(...compiled.diagnostics);
    if (keepTexts || compiled.diagnostics.length > 0) sources.set(file, compiled.loaded.source);
    see?.(compiled);
  }
  const missing = wanted.find((name) => !environments.includes(name));
  if (missing !== undefined)
    throw new UsageError(`there is no environment "${missing}"; known: ${environments.join(', ')}`, 6);
  for (const { diagnostics, source } of [...configs.values(), ...locks.values()]) {
    found.push(...diagnostics);
    if (source) sources.set(source.file, source);
  }
  const catalog = [...locks.values()].some((lock) => lock.catalog === 'copy') ? 'copy' : 'shipped';
  const warning = copyWarning(catalog);
  if (warning !== undefined) streams.stderr.write(`perpetual: ${warning}\n`);
  const environmentByFile = new Map(specs.map(({ file, environment }) => [file, environment]));
  return {
    specs,
    diagnostics: sortDiagnostics(found),
    source: (file) => sources.get(file),
    environmentOf: (file) => environmentByFile.get(file) ?? '',
    asOf: today,
    tool: { version, catalog: catalogDateInUse(catalog) },
  };
}

/** 0 nothing at or above the threshold, 5 when only policies are concerned, else 1. */
export function exitCode(diagnostics: readonly Diagnostic[], threshold: Severity | 'never'): number {
  if (threshold === 'never') return 0;
  const grave = diagnostics.filter((diagnostic) => counts(diagnostic) && atLeast(diagnostic.severity, threshold));
  return grave.length === 0 ? 0 : grave.every(({ level }) => level !== undefined) ? 5 : 1;
}
