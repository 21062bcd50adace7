import { join } from 'node:path';
import type { Compiled } from '../compile.ts';
import type { Severity } from '../diagnostic.ts';
import { writeWhole } from '../files.ts';
import { formatNames, formats } from '../report/formats.ts';
import { isOk, type Report } from '../report/report.ts';
import { editOptions } from './gates.ts';
import { exitCode, judgeSpecs, specArguments, specOptions, specsMeant } from './judge-specs.ts';
import { type Arguments, type Command, manyOf, type Streams } from './options.ts';
import { outputOptions, outputsOf, print } from './outputs.ts';

export { specRegions } from './spec-regions.ts';

export const compileCommand: Command = {
  name: 'compile',
  aliases: ['check'],
  positional: specArguments,
  describe: `validate, plan, price and judge specs; ${specsMeant}`,
  options: {
    check: { type: 'boolean', describe: 'write nothing ("check" is the same)' },
    ...specOptions,
    ...editOptions,
    ...outputOptions(formatNames),
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
    horizon: {
      type: 'string',
      describe: 'list by date what will be found until then, if nobody touches the specs; always exits with 0',
      placeholder: 'DATE, or as in 12m',
    },
    out: { type: 'string', alias: 'o', describe: 'write plan.json there', placeholder: 'DIR' },
    quiet: { type: 'boolean', describe: 'findings only, no summary' },
    watch: { type: 'boolean', describe: 'check again whenever a spec or the settings change' },
    timing: { type: 'boolean', describe: 'say on standard error how long it took' },
  },
  run,
};

async function run(args: Arguments, streams: Streams): Promise<number> {
  const once = () => judgeOnce(args, streams);
  return args.values.watch === true ? (await import('./watch.ts')).watching(args, streams, once) : once();
}

async function judgeOnce(args: Arguments, streams: Streams): Promise<number> {
  // The clock of "performance" takes a millisecond to load.
  const started = process.hrtime.bigint();
  const { values } = args;
  if (values.horizon !== undefined) return (await import('./horizon.ts')).horizon(args, streams);
  const outputs = outputsOf(values.format, formatNames);
  const deployable: Compiled[] = [];
  const judged = await judgeSpecs(args, streams, {
    judgesEdits: true,
    ...(values.out !== undefined && { see: (compiled) => deployable.push(compiled) }),
  });
  const skipped = manyOf(values.skip);
  const only = manyOf(values.only);
  const relevant = judged.diagnostics.filter(({ code, severity }) => severity === 'error' || !skipped.includes(code));
  const report: Report = {
    ...judged,
    diagnostics: only.length === 0 ? relevant : relevant.filter(({ code }) => only.includes(code)),
  };
  await print(
    outputs,
    (format, drawing) => formats[format](report, { ...drawing, quiet: values.quiet === true }),
    values,
    streams,
  );
  if (values.out !== undefined && values.check !== true) await writePlans(String(values.out), deployable, streams);
  if (values.timing === true)
    streams.stderr.write(
      `perpetual: ${judged.specs.length} specs in ${(process.hrtime.bigint() - started) / 1_000_000n} ms\n`,
    );
  return exitCode(relevant, (values['fail-on'] ?? 'error') as Severity | 'never');
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
