import { ask, canAsk } from '../engine/ask.ts';
import { readBack } from '../engine/refresh.ts';
import { bounded, exitCodeOf, guarded, type Result } from '../engine/result.ts';
import { documentOf, doneSummary, planSummary } from '../engine/summary.ts';
import { UsageError } from '../files.ts';
import { engineOptions, environmentsOf, jobsOf, jobsOption, withEngine } from './engine.ts';
import { type Command, dateOf } from './options.ts';

export const refreshCommand: Command = {
  name: 'refresh',
  positional: '[ENV...] [-- ENGINE FLAGS]',
  describe: 'makes the state say what is really there; changes nothing in Azure',
  passesThrough: true,
  options: {
    ...engineOptions,
    ...jobsOption,
    yes: { type: 'boolean', alias: 'y', describe: "don't ask" },
  },
  run: (args, streams) =>
    withEngine(args, streams, async ({ session, ...work }) => {
      const { json, yes } = args.values;
      if (yes !== true && !canAsk(streams)) throw new UsageError('nobody can be asked here: "--yes" refreshes');
      const all = (mode: 'look' | 'keep', environments: readonly string[]): Promise<Result[]> =>
        bounded(environments, jobsOf(args), (environment) =>
          guarded(session, environment, 'refresh', () => readBack(session, work, environment, mode)),
        );
      let environments = environmentsOf(session, args);
      if (yes !== true) {
        const looks = await all('look', environments);
        streams.stderr.write((await Promise.all(looks.map(planSummary))).join('\n'));
        environments = looks.filter(({ exitCode }) => exitCode === 0).map(({ environment }) => environment);
        if (environments.length === 0) return exitCodeOf(looks);
        if ((await ask(streams, work.interrupt, `keep this as the state? only "yes" does: `)) !== 'yes') return 8;
      }
      const results = await all('keep', environments);
      streams.stdout.write(
        json === true
          ? documentOf(results, dateOf(undefined, streams.env))
          : (await Promise.all(results.map(doneSummary))).join('\n'),
      );
      return exitCodeOf(results);
    }),
};
