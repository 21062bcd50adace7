import type { Compiled } from '../compile.ts';
import { atLeast, counts, type Diagnostic, type Severity, sortDiagnostics } from '../diagnostic.ts';
import { type Report, type SpecReport, summarise } from '../report/report.ts';
import type { Source } from '../spec/source.ts';
import { gateOptions, gatesOf } from './gates.ts';
import { inputsOf } from './inputs.ts';
import { expectEnvironments, Judging, judgingOptions } from './judging.ts';
import { type Arguments, manyOf, type Option, type Streams } from './options.ts';

export const specArguments = '[SPEC...]';
export const specsMeant = 'without SPEC every specs/**/perpetual-node.yaml; "-" is standard input';

/** What every command that judges specs can be told. */
export const specOptions = {
  env: { type: 'string', alias: 'e', describe: 'only this environment', repeatable: true, placeholder: 'ENV' },
  ...judgingOptions,
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
  const judging = new Judging(args, streams);
  const gates = gatesOf(values, judging, judgesEdits);
  const wanted = manyOf(values.env);
  const environments: string[] = [];
  const specs: SpecReport[] = [];
  const sources = new Map<string, Source>();
  const found: Diagnostic[] = [];
  for await (const { file, text } of inputsOf(args, streams)) {
    const judged = judging.compile(file, text);
    if (judged.environment !== undefined) environments.push(judged.environment);
    if (wanted.length > 0 && !wanted.includes(judged.environment ?? '')) continue;
    const compiled = { ...judged, diagnostics: [...judged.diagnostics, ...(await gates(judged))] };
    specs.push(summarise(compiled));
    found.push(...compiled.diagnostics);
    if (keepTexts || compiled.diagnostics.length > 0) sources.set(file, compiled.loaded.source);
    see?.(compiled);
  }
  expectEnvironments(wanted, environments);
  for (const { diagnostics, source } of judging.ownFindings) {
    found.push(...diagnostics);
    if (source) sources.set(source.file, source);
  }
  const environmentByFile = new Map(specs.map(({ file, environment }) => [file, environment]));
  return {
    specs,
    diagnostics: sortDiagnostics(found),
    source: (file) => sources.get(file),
    environmentOf: (file) => environmentByFile.get(file) ?? '',
    ...judging.about(),
  };
}

/** 0 nothing at or above the threshold, 5 when only policies are concerned, else 1. */
export function exitCode(diagnostics: readonly Diagnostic[], threshold: Severity | 'never'): number {
  if (threshold === 'never') return 0;
  const grave = diagnostics.filter((diagnostic) => counts(diagnostic) && atLeast(diagnostic.severity, threshold));
  return grave.length === 0 ? 0 : grave.every(({ level }) => level !== undefined) ? 5 : 1;
}
