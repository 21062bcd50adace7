import { differs, jsonDiff, markdownDiff, prettyDiff } from '../report/diff.ts';
import { editOptions, editsOf } from './edits.ts';
import type { Arguments, Command, Streams } from './options.ts';
import { outputOptions, outputsOf, pageFormats, print } from './outputs.ts';

export const diffCommand: Command = {
  name: 'diff',
  positional: '[BASE HEAD | SPEC...]',
  describe:
    'what an edit does: fields, resources, money, exposure, rights, findings, what is at risk; of two files, or of specs (without SPEC all) since a commit',
  options: {
    ...editOptions,
    'expect-no-changes': { type: 'boolean', describe: 'exit with 7 when there is a difference' },
    ...outputOptions(pageFormats),
  },
  run,
};

async function run(args: Arguments, streams: Streams): Promise<number> {
  const { values } = args;
  const outputs = outputsOf(values.format, pageFormats);
  const { report } = await editsOf(args, streams);
  await print(
    outputs,
    async (format, { color }) => {
      if (format === 'json') return jsonDiff(report);
      return format === 'markdown' ? markdownDiff(report) : prettyDiff(report, color);
    },
    values,
    streams,
  );
  return values['expect-no-changes'] === true && report.diffs.some(differs) ? 7 : 0;
}
