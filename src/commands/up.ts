import { ask, canAsk } from '../engine/ask.ts';
import { readPlan, withPlans } from '../engine/kept-plan.ts';
import { bounded, exitCodeOf, guarded, type Result } from '../engine/result.ts';
import { returnToLastGood } from '../engine/rollback.ts';
import { documentOf, doneSummary, planSummary } from '../engine/summary.ts';
import { isIdle, isReady, preview, type Ready, resultOf, update } from '../engine/update.ts';
import { UsageError } from '../files.ts';
import { type EngineWork, engineOptions, environmentsOf, jobsOf, jobsOption, withEngine } from './engine.ts';
import { editOptions } from './gates.ts';
import { type Arguments, type Command, dateOf, manyOf } from './options.ts';

export const upCommand: Command = {
  name: 'up',
  positional: '[ENV...] [-- ENGINE FLAGS]',
  describe: 'previews, asks, and deploys what was previewed and nothing else',
  passesThrough: true,
  options: {
    ...engineOptions,
    ...jobsOption,
    allow: editOptions.allow,
    yes: { type: 'boolean', alias: 'y', describe: "don't ask" },
    'rollback-on-failure': {
      type: 'boolean',
      describe: 'when it fails part-way, deploy what was there before again; the exit code stays that of the failure',
    },
    plan: {
      type: 'string',
      describe: 'deploy what "preview --save-plan" kept there, without a new preview',
      placeholder: 'DIR',
    },
  },
  async run(args, streams) {
    if (args.values.yes !== true && !canAsk(streams))
      throw new UsageError('nobody can be asked here: "perpetual preview" shows what would be done, "--yes" does it');
    if (args.values.plan !== undefined && args.values.allow !== undefined)
      throw new UsageError('"--allow" is for the preview: what a plan may do was decided when it was made');
    return withEngine(args, streams, (engine) => withPlans((planOf) => deploy(engine, args, planOf)));
  },
};

/** Did the engine begin, and fail? */
const isHalfDone = ({ exitCode, done }: Result): boolean =>
  exitCode === 4 && done !== undefined && done.changes.length + done.failures.length > 0;

async function deploy(
  { session, streams, ...work }: EngineWork,
  args: Arguments,
  planOf: (environment: string) => string,
): Promise<number> {
  const { json, yes, allow, plan: folder } = args.values;
  const jobs = jobsOf(args);
  const previews = await bounded(environmentsOf(session, args), jobs, (environment) =>
    guarded(session, environment, 'up', () => {
      const plan = planOf(environment);
      return folder === undefined
        ? preview(session, work, environment, { verb: 'up', plan, allowed: manyOf(allow) })
        : readPlan(session, environment, { folder: String(folder), plan });
    }),
  );
  // A program gets one document, and people see what they are asked about.
  (json === true ? streams.stderr : streams.stdout).write((await Promise.all(previews.map(planSummary))).join('\n'));

  const changing = previews.filter((each): each is Ready => isReady(each) && each.planned.changes.length > 0);
  if (changing.length > 0 && yes !== true && !(await agrees(changing))) {
    streams.stderr.write('perpetual: nothing was deployed\n');
    return 8;
  }
  const results = await bounded<Result | Ready, Result>(previews, jobs, async (each) => {
    if (!isReady(each)) return each;
    const result = {
      ...resultOf(each),
      ...(await guarded(session, each.environment, 'up', () => update(session, work, each))),
    };
    if (args.values['rollback-on-failure'] !== true || !isHalfDone(result)) return result;
    const { environment } = each;
    work.progress.say(`${environment}: it failed; going back to what was there before`);
    const rollback = await guarded(session, environment, 'rollback', () =>
      returnToLastGood(session, work, each, result),
    );
    return { ...result, rollback };
  });
  if (json === true) streams.stdout.write(documentOf(results, dateOf(undefined, streams.env)));
  else {
    const tried = results.filter((_, index) => isReady(previews[index] as Result) && !isIdle(previews[index] as Ready));
    for (const result of tried) streams.stdout.write(`\n${await doneSummary(result)}`);
  }
  return exitCodeOf(results);

  async function agrees(ready: readonly Ready[]): Promise<boolean> {
    const names = ready.map(({ environment }) => environment).join(' and ');
    return (await ask(streams, work.interrupt, `deploy ${names}? only "yes" does: `)) === 'yes';
  }
}
