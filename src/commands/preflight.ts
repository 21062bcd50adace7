import { existsSync } from 'node:fs';
import type { Compiled } from '../compile.ts';
import { counts, type Diagnostic, type Severity } from '../diagnostic.ts';
import { UsageError } from '../files.ts';
import { specFileOf } from '../pulumi/stack-spec.ts';
import { formatNames, formats } from '../report/formats.ts';
import { plural, type Report } from '../report/report.ts';
import { deployRole } from '../setup/role.ts';
import { exitCode, judgeSpecs, specOptions } from './judge-specs.ts';
import type { Arguments, Command, Streams } from './options.ts';
import { outputOptions, outputsOf, print } from './outputs.ts';

const { env, 'as-of': asOf, policies, 'stdin-filename': name } = specOptions;

export const preflightCommand: Command = {
  name: 'preflight',
  positional: '[ENV|SPEC...]',
  describe:
    'asks Azure what would keep specs from being deployed: quota, versions and sizes in the region, names, providers, rights; changes nothing',
  options: {
    ...{ env, 'as-of': asOf, policies, 'stdin-filename': name },
    ...outputOptions(formatNames),
    json: { type: 'boolean', describe: 'the same as "--format json"' },
    'fail-on': {
      type: 'string',
      describe: 'the least that makes the exit code other than 0',
      choices: ['error', 'warning', 'never'],
    },
    role: { type: 'boolean', describe: 'print the role that deploying takes and no more, and ask nothing' },
    timeout: { type: 'string', describe: 'how long Azure may take for all of it; default 60', placeholder: 'SECONDS' },
  },
  run,
};

async function run(given: Arguments, streams: Streams): Promise<number> {
  const { values } = given;
  if (values.json === true && values.format !== undefined)
    throw new UsageError('"--json" is "--format json": one of the two is enough');
  const outputs = outputsOf(values.json === true ? 'json' : values.format, formatNames);
  const args = { ...given, positional: given.positional.map(fileOf) };
  const timeoutMs = secondsOf(values.timeout) * 1000;
  const compiled: Compiled[] = [];
  const judged = await judgeSpecs(args, streams, { keepTexts: true, see: (each) => compiled.push(each) });
  const errors = judged.diagnostics.filter((each) => each.severity === 'error' && counts(each));
  if (values.role === true && errors.length === 0) return printRole(compiled, streams);
  const found = errors.length > 0 ? errors : await asked(compiled, timeoutMs, streams);
  const report: Report = { ...judged, diagnostics: found };
  await print(outputs, (format, drawing) => formats[format](report, { ...drawing, quiet: true }), values, streams);
  return exitCode(found, (values['fail-on'] ?? 'error') as Severity | 'never');
}

/** An environment stands for its spec. */
function fileOf(argument: string): string {
  const file = specFileOf('.', argument);
  return !existsSync(argument) && existsSync(file) ? file : argument;
}

function secondsOf(value: Arguments['values'][string]): number {
  const text = String(value ?? '60');
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new UsageError(`"--timeout" takes seconds from 1 to 9999, and "${text}" is none`);
  return Number(text);
}

/** One spec after the other: Azure counts questions. The library for them is loaded here and nowhere else. */
async function asked(specs: readonly Compiled[], timeoutMs: number, { stderr, env }: Streams): Promise<Diagnostic[]> {
  const { askAzure } = await import('../preflight/ask.ts');
  const all: Diagnostic[] = [];
  for (const compiled of specs) {
    const found = await askAzure(compiled, env, timeoutMs);
    const open = found.filter(({ code }) => code === 'preflight/not-asked').length;
    const faults = found.length - open;
    stderr.write(
      `perpetual: ${compiled.environment}: ${faults === 0 ? 'nothing found' : `${faults} found`}${open === 0 ? '' : `, ${plural(open, 'question')} without an answer`}\n`,
    );
    all.push(...found);
  }
  return all;
}

/** As `az role definition create` takes it. */
function printRole(specs: readonly Compiled[], { stdout }: Streams): number {
  const [compiled, ...more] = specs;
  const { plan, loaded, environment } = compiled ?? {};
  if (!plan || !loaded?.spec || more.length > 0) throw new UsageError('"--role" takes one environment at a time');
  const { metadata, azure } = loaded.spec;
  const role = deployRole(`perpetual deploy ${metadata.name} ${environment}`, plan.resources, azure.subscription);
  stdout.write(`${JSON.stringify(role, null, 2)}\n`);
  return 0;
}
