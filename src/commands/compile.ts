import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { policies } from '../../policies/index.ts';
import { catalogDateInUse, copyWarning } from '../catalog/copy.ts';
import { type Compiled, compile } from '../compile.ts';
import { atLeast, counts, type Diagnostic, type Severity, sortDiagnostics } from '../diagnostic.ts';
import { decode, display, nearestAbove, readText, specFiles, UsageError, writeWhole } from '../files.ts';
import { type Pinned, pinnedAt } from '../lock.ts';
import { type PolicyConfig, readConfig } from '../policy/config.ts';
import { json } from '../report/json.ts';
import { pretty } from '../report/pretty.ts';
import { isOk, type Report, type SpecReport, summarise } from '../report/report.ts';
import { Source } from '../spec/source.ts';
import { version } from '../version.ts';
import { type Arguments, type Command, dateOf, frozenOf, frozenOption, manyOf, type Streams } from './options.ts';

export { specRegions } from './spec-regions.ts';

const formats = ['pretty', 'json'] as const;
type Format = (typeof formats)[number];

export const compileCommand: Command = {
  name: 'compile',
  aliases: ['check'],
  positional: '[SPEC...]',
  describe:
    'validate, plan, price and judge specs; without SPEC every specs/**/perpetual-node.yaml; "-" is standard input',
  options: {
    check: { type: 'boolean', describe: 'write nothing ("check" is the same)' },
    env: { type: 'string', alias: 'e', describe: 'only this environment', repeatable: true, placeholder: 'NAME' },
    format: {
      type: 'string',
      alias: 'f',
      describe: `how to print, to a file with =FILE: ${formats.join(', ')}`,
      repeatable: true,
      placeholder: 'FMT[=FILE]',
    },
    'fail-on': {
      type: 'string',
      describe: 'the least that makes the exit code other than 0',
      choices: ['error', 'warning', 'never'],
    },
    only: { type: 'string', describe: 'show only findings of these codes', repeatable: true, placeholder: 'CODE' },
    skip: {
      type: 'string',
      describe: 'leave out findings of these codes; never errors',
      repeatable: true,
      placeholder: 'CODE',
    },
    'as-of': {
      type: 'string',
      describe: 'judge as on this day; default PERPETUAL_AS_OF, else today',
      placeholder: 'DATE',
    },
    frozen: frozenOption,
    out: { type: 'string', alias: 'o', describe: 'write plan.json there', placeholder: 'DIR' },
    'stdin-filename': { type: 'string', describe: 'the name of what comes from standard input', placeholder: 'FILE' },
    quiet: { type: 'boolean', describe: 'findings only, no summary' },
    color: { type: 'string', describe: 'whether to use colour', choices: ['auto', 'always', 'never'] },
    timing: { type: 'boolean', describe: 'say on standard error how long it took' },
  },
  run,
};

async function run(args: Arguments, streams: Streams): Promise<number> {
  const { positional, values } = args;
  const started = performance.now();
  const today = dateOf(values['as-of'], streams.env);
  const outputs = outputsOf(values.format);
  const frozen = frozenOf(args, streams);
  const configs = new Map<string, Configured>();
  const locks = new Map<string, Pinned>();
  const wanted = manyOf(values.env);
  const environments: string[] = [];
  const specs: SpecReport[] = [];
  const sources = new Map<string, Source>();
  const found: Diagnostic[] = [];
  const deployable: Compiled[] = [];
  for await (const { file, text } of inputsOf(positional, values, streams)) {
    const { config } = configFor(file, configs);
    const { catalog } = pinnedAt(file, frozen, locks);
    const compiled = compile(file, text, { today, config, policies, catalog });
    if (compiled.environment !== undefined) environments.push(compiled.environment);
    if (wanted.length > 0 && !wanted.includes(compiled.environment ?? '')) continue;
    specs.push(summarise(compiled));
    found.push(...compiled.diagnostics);
    if (compiled.diagnostics.length > 0) sources.set(file, compiled.loaded.source);
    if (values.out !== undefined) deployable.push(compiled);
  }
  const missing = wanted.find((name) => !environments.includes(name));
  if (missing !== undefined) {
    streams.stderr.write(`perpetual: there is no environment "${missing}"; known: ${environments.join(', ')}\n`);
    return 6;
  }
  for (const { diagnostics, source } of [...configs.values(), ...locks.values()]) {
    found.push(...diagnostics);
    if (source) sources.set(source.file, source);
  }

  const all = sortDiagnostics(found);
  const skipped = manyOf(values.skip);
  const relevant = all.filter(({ code, severity }) => severity === 'error' || !skipped.includes(code));
  const only = manyOf(values.only);
  const catalog = [...locks.values()].some((lock) => lock.catalog === 'copy') ? 'copy' : 'shipped';
  const environmentByFile = new Map(specs.map(({ file, environment }) => [file, environment]));
  const report: Report = {
    specs,
    diagnostics: only.length === 0 ? relevant : relevant.filter(({ code }) => only.includes(code)),
    source: (file) => sources.get(file),
    environmentOf: (file) => environmentByFile.get(file) ?? '',
    asOf: today,
    tool: { version, catalog: catalogDateInUse(catalog) },
  };
  const warning = copyWarning(catalog);
  if (warning !== undefined) streams.stderr.write(`perpetual: ${warning}\n`);
  const color = useColor(values.color, streams);
  for (const { format, file } of outputs) {
    const text =
      format === 'json'
        ? json(report)
        : await pretty(report, {
            color: color && file === undefined,
            quiet: values.quiet === true,
            ...(file === undefined && streams.stdout.columns !== undefined && { width: streams.stdout.columns }),
          });
    if (file === undefined) streams.stdout.write(text);
    else writeWhole(file, text);
  }
  if (values.out !== undefined && values.check !== true) await writePlans(String(values.out), deployable, streams);
  if (values.timing === true)
    streams.stderr.write(`perpetual: ${specs.length} specs in ${(performance.now() - started).toFixed(0)} ms\n`);
  return exitCode(relevant, (values['fail-on'] ?? 'error') as Severity | 'never');
}

/** 0 nothing at or above the threshold, 5 when only policies are concerned, else 1. */
function exitCode(diagnostics: readonly Diagnostic[], threshold: Severity | 'never'): number {
  if (threshold === 'never') return 0;
  const grave = diagnostics.filter((diagnostic) => counts(diagnostic) && atLeast(diagnostic.severity, threshold));
  return grave.length === 0 ? 0 : grave.every(({ level }) => level !== undefined) ? 5 : 1;
}

type Input = { file: string; text: string };

/** One text at a time: a thousand specs are never in memory together. */
async function* inputsOf(positional: string[], values: Arguments['values'], { stdin }: Streams): AsyncGenerator<Input> {
  if (positional.includes('-')) {
    if (positional.length > 1) throw new UsageError('"-" stands for the only spec: name no other beside it');
    const file = display(String(values['stdin-filename'] ?? '<stdin>'));
    yield { file, text: decode(await (await import('node:stream/consumers')).buffer(stdin), file) };
    return;
  }
  const files = positional.length > 0 ? await filesOf(positional) : defaultFiles();
  for (const file of new Set(files)) yield { file, text: readText(file) };
}

/** Files, folders, and patterns such as `specs/*` that the shell left alone. */
async function filesOf(positional: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const argument of positional) {
    if (!/[*?[\]{}]/.test(argument) || existsSync(argument)) {
      files.push(...specFiles(argument));
      continue;
    }
    const { glob } = await import('tinyglobby');
    const matches = await glob(argument, { onlyFiles: false, expandDirectories: false });
    if (matches.length === 0) throw new UsageError(`nothing is called like "${argument}"`);
    files.push(...matches.sort().flatMap(specFiles));
  }
  return files;
}

function defaultFiles(): string[] {
  try {
    return specFiles('specs');
  } catch (error) {
    if (error instanceof UsageError)
      throw new UsageError('there is no specs/**/perpetual-node.yaml here; name a spec, or a folder with specs');
    throw error;
  }
}

type Configured = { config: PolicyConfig; diagnostics: Diagnostic[]; source: Source | undefined };

/** The owners' settings for a spec: the nearest policies/config.yaml above it, each file read once. */
function configFor(file: string, known: Map<string, Configured>): Configured {
  const path = nearestAbove(file, join('policies', 'config.yaml'));
  const key = path ?? '';
  const configured = known.get(key) ?? load(path);
  known.set(key, configured);
  return configured;
}

function load(path: string | undefined): Configured {
  if (path === undefined)
    return { config: { levels: new Map(), waivable: new Map() }, diagnostics: [], source: undefined };
  const source = new Source(display(path), readText(path));
  return { ...readConfig(source, policies), source };
}

function outputsOf(value: Arguments['values'][string]): { format: Format; file?: string }[] {
  const given = Array.isArray(value) ? value : typeof value === 'string' ? [value] : ['pretty'];
  const outputs = given.map((each) => {
    const [name = '', ...rest] = each.split('=');
    if (!(formats as readonly string[]).includes(name))
      throw new UsageError(`there is no format "${name}"; expected one of ${formats.join(', ')}`);
    return { format: name as Format, ...(rest.length > 0 && { file: rest.join('=') }) };
  });
  if (outputs.filter(({ file }) => file === undefined).length > 1)
    throw new UsageError('only one format can go to standard output: give the others a file, as in json=report.json');
  return outputs;
}

function useColor(value: unknown, { stdout, env }: Streams): boolean {
  if (value === 'always' || value === 'never') return value === 'always';
  if (env.NO_COLOR) return false;
  return env.FORCE_COLOR ? env.FORCE_COLOR !== '0' : stdout.isTTY === true && env.TERM !== 'dumb';
}

async function writePlans(folder: string, specs: readonly Compiled[], { stderr }: Streams): Promise<void> {
  const { createHash } = await import('node:crypto');
  for (const compiled of specs) {
    const { plan, loaded, environment } = compiled;
    if (!plan || !isOk(compiled)) {
      stderr.write(`perpetual: no plan is written for ${loaded.source.file}, because it has errors\n`);
      continue;
    }
    const { formatVersion, resources } = plan;
    const spec = { file: loaded.source.file, sha256: createHash('sha256').update(loaded.source.text).digest('hex') };
    const file = join(folder, ...(specs.length > 1 ? [environment ?? ''] : []), 'plan.json');
    writeWhole(file, `${JSON.stringify({ formatVersion, environment, spec, resources }, null, 2)}\n`);
  }
}
