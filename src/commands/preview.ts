import { keepPlan, withPlans } from '../engine/kept-plan.ts';
import { bounded, exitCodeOf, guarded } from '../engine/result.ts';
import { documentOf, planSummary } from '../engine/summary.ts';
import { preview } from '../engine/update.ts';
import { engineOptions, environmentsOf, jobsOf, jobsOption, withEngine } from './engine.ts';
import { editOptions } from './gates.ts';
import { type Command, dateOf, manyOf } from './options.ts';

export const previewCommand: Command = {
  name: 'preview',
  positional: '[ENV...] [-- ENGINE FLAGS]',
  describe: 'what deploying would create, change, replace and delete, what is lost with it and what it costs',
  passesThrough: true,
  options: {
    ...engineOptions,
    ...jobsOption,
    allow: editOptions.allow,
    'expect-no-changes': { type: 'boolean', describe: 'exit with 7 when there is anything to do' },
    'save-plan': {
      type: 'string',
      describe: 'keep what was previewed there, a file for each environment, for "up --plan"',
      placeholder: 'DIR',
    },
  },
  run: (args, streams) =>
    withEngine(args, streams, async ({ session, ...work }) => {
      const environments = environmentsOf(session, args);
      const allowed = manyOf(args.values.allow);
      const expectNoChanges = args.values['expect-no-changes'] === true;
      const folder = args.values['save-plan'];
      const results = await withPlans((planOf) =>
        bounded(environments, jobsOf(args), async (environment) => {
          const plan = folder === undefined ? {} : { plan: planOf(environment) };
          const result = await guarded(session, environment, 'preview', () =>
            preview(session, work, environment, { expectNoChanges, allowed, ...plan }),
          );
          if (folder !== undefined) keepPlan(session, String(folder), result);
          return result;
        }),
      );
      streams.stdout.write(
        args.values.json === true
          ? documentOf(results, dateOf(undefined, streams.env))
          : (await Promise.all(results.map(planSummary))).join('\n'),
      );
      return exitCodeOf(results);
    }),
};
