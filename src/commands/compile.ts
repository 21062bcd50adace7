import { join } from 'node:path';
import { policies } from '../../policies/index.ts';
import { type Compiled, compile } from '../compile.ts';
import { atLeast, counts, type Diagnostic, type Severity, sortDiagnostics } from '../diagnostic.ts';
import { display, nearestAbove, readText, specFiles, UsageError, writeWhole } from '../files.ts';
import { type PolicyConfig, readConfig } from '../policy/config.ts';
import { json } from '../report/json.ts';
import { pretty } from '../report/pretty.ts';
import { isOk, type Report } from '../report/report.ts';
import { Source } from '../spec/source.ts';
import { catalogDate, version } from '../version.ts';
import { type Arguments, type Command, dateOf, manyOf, type Streams } from './options.ts';

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
    out: { type: 'string', alias: 'o', describe: 'write plan.json there', placeholder: 'DIR' },
    'stdin-filename': { type: 'string', describe: 'the name of what comes from standard input', placeholder: 'FILE' },
    quiet: { type: 'boolean', describe: 'findings only, no summary' },
    color: { type: 'string', describe: 'whether to use colour', choices: ['auto', 'always', 'never'] },
    timing: { type: 'boolean', describe: 'say on standard error how long it took' },
  },
  run,
};

async function run({ positional, values }: Arguments, streams: Streams): Promise<number> {
  const started = performance.now();
  const today = dateOf(values['as-of'], streams.env);
  const outputs = outputsOf(values.format);
  const configs = new Map<string, Configured>();
  const specs: Compiled[] = [];
  for (const input of await inputsOf(positional, values, streams)) {
    specs.push(compile(input.file, input.text, { today, config: configFor(input.file, configs).config, policies }));
  }
  const wanted = manyOf(values.env);
  const selected =
    wanted.length === 0
      ? specs
      : specs.filter(({ environment }) => environment !== undefined && wanted.includes(environment));
  const missing = wanted.filter((name) => !specs.some(({ environment }) => environment === name));
  if (missing.length > 0) {
    streams.stderr.write(
      `perpetual: there is no environment "${missing[0]}"; known: ${specs.map(({ environment }) => environment).join(', ')}\n`,
    );
    return 6;
  }

  const all = sortDiagnostics([
    ...selected.flatMap(({ diagnostics }) => diagnostics),
    ...[...configs.values()].flatMap(({ diagnostics }) => diagnostics),
  ]);
  const skipped = manyOf(values.skip);
  const relevant = all.filter(({ code, severity }) => severity === 'error' || !skipped.includes(code));
  const only = manyOf(values.only);
  const report: Report = {
    specs: selected,
    diagnostics: only.length === 0 ? relevant : relevant.filter(({ code }) => only.includes(code)),
    source: (file) =>
      selected.find(({ loaded }) => loaded.source.file === file)?.loaded.source ??
      [...configs.values()].find(({ source }) => source?.file === file)?.source,
    environmentOf: (file) => selected.find(({ loaded }) => loaded.source.file === file)?.environment ?? '',
    asOf: today,
    tool: { version, catalog: catalogDate },
  };
  const color = useColor(values.color, streams);
  for (const { format, file } of outputs) {
    const text =
      format === 'json'
        ? json(report)
        : await pretty(report, { color: color && file === undefined, quiet: values.quiet === true });
    if (file === undefined) streams.stdout.write(text);
    else writeWhole(file, text);
  }
  if (values.out !== undefined && values.check !== true) await writePlans(String(values.out), selected, streams);
  if (values.timing === true)
    streams.stderr.write(`perpetual: ${selected.length} specs in ${(performance.now() - started).toFixed(0)} ms\n`);
  return exitCode(relevant, (values['fail-on'] ?? 'error') as Severity | 'never');
}

/** 0 nothing at or above the threshold, 5 when only policies are concerned, else 1. */
function exitCode(diagnostics: readonly Diagnostic[], threshold: Severity | 'never'): number {
  if (threshold === 'never') return 0;
  const grave = diagnostics.filter((diagnostic) => counts(diagnostic) && atLeast(diagnostic.severity, threshold));
  return grave.length === 0 ? 0 : grave.every(({ level }) => level !== undefined) ? 5 : 1;
}

type Input = { file: string; text: string };

async function inputsOf(positional: string[], values: Arguments['values'], { stdin }: Streams): Promise<Input[]> {
  if (positional.includes('-')) {
    if (positional.length > 1) throw new UsageError('"-" stands for the only spec: name no other beside it');
    return [
      {
        file: display(String(values['stdin-filename'] ?? '<stdin>')),
        text: await (await import('node:stream/consumers')).text(stdin),
      },
    ];
  }
  const files = positional.length > 0 ? positional.flatMap(specFiles) : defaultFiles();
  return [...new Set(files)].map((file) => ({ file, text: readText(file) }));
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
