import { drift } from '../engine/drift.ts';
import { driftMarkdown, driftSummary } from '../engine/drift-summary.ts';
import { bounded, exitCodeOf, guarded } from '../engine/result.ts';
import { documentOf } from '../engine/summary.ts';
import { UsageError } from '../files.ts';
import { engineOptions, environmentsOf, jobsOf, jobsOption, withEngine } from './engine.ts';
import { type Command, dateOf } from './options.ts';

export const driftCommand: Command = {
  name: 'drift',
  positional: '[ENV...] [-- ENGINE FLAGS]',
  describe:
    'what the deployed spec promises and Azure no longer has, and what was added beside it; exit code 7 when there is anything',
  passesThrough: true,
  options: {
    ...engineOptions,
    ...jobsOption,
    format: {
      type: 'string',
      alias: 'f',
      describe: 'pretty (the default) or markdown, as for the summary of a job',
      choices: ['pretty', 'markdown'],
      placeholder: 'FMT',
    },
  },
  async run(args, streams) {
    const { json, format } = args.values;
    if (json === true && format !== undefined) throw new UsageError('"--json" is a format of its own');
    return withEngine(args, streams, async ({ session, ...work }) => {
      const results = await bounded(environmentsOf(session, args), jobsOf(args), (environment) =>
        guarded(session, environment, 'drift', () => drift(session, work, environment)),
      );
      const texts = format === 'markdown' ? results.map(driftMarkdown) : await Promise.all(results.map(driftSummary));
      streams.stdout.write(json === true ? documentOf(results, dateOf(undefined, streams.env)) : texts.join('\n'));
      return exitCodeOf(results);
    });
  },
};
