import { UsageError } from '../files.ts';
import type { Grouping } from '../report/bill.ts';
import { markdownCost, prettyCost } from '../report/cost.ts';
import { json } from '../report/json.ts';
import { exitCode, judgeSpecs, specArguments, specOptions, specsMeant } from './judge-specs.ts';
import type { Arguments, Command, Streams } from './options.ts';
import { outputOptions, outputsOf, pageFormats, print } from './outputs.ts';

export const costCommand: Command = {
  name: 'cost',
  positional: specArguments,
  describe: `the monthly bill of specs, item by item; ${specsMeant}`,
  options: {
    by: { type: 'string', describe: 'what to add up; default item', choices: ['item', 'line', 'resource'] },
    fit: {
      type: 'string',
      describe: 'the lightest edits with which one spec costs no more, and what they give up',
      placeholder: 'USD',
    },
    meters: { type: 'boolean', describe: "show Azure's meter of each item" },
    ...specOptions,
    ...outputOptions(pageFormats),
  },
  run,
};

async function run(args: Arguments, streams: Streams): Promise<number> {
  const { values } = args;
  if (values.fit !== undefined) return (await import('./fit.ts')).runFit(args, streams);
  const outputs = outputsOf(values.format, pageFormats);
  const by = (values.by ?? 'item') as Grouping;
  const meters = values.meters === true;
  // An option that would change nothing is a mistake.
  if (outputs.every(({ format }) => format === 'json') && (values.by !== undefined || meters))
    throw new UsageError(
      'json always has every item with its line and its meter; "--by" and "--meters" are for other formats',
    );
  if (meters && by !== 'item') throw new UsageError(`"--meters" is for "--by item"`);
  const report = await judgeSpecs(args, streams, { keepTexts: by === 'line' });
  await print(
    outputs,
    async (format, drawing) => {
      if (format === 'json') return json(report);
      if (format === 'markdown') return markdownCost(report, { by, meters });
      return prettyCost(report, { ...drawing, by, meters });
    },
    values,
    streams,
  );
  return exitCode(report.diagnostics, 'error');
}
