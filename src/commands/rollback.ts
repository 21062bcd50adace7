import { relative } from 'node:path';
import { ask, canAsk } from '../engine/ask.ts';
import { withPlans } from '../engine/kept-plan.ts';
import { guarded, type Result } from '../engine/result.ts';
import { type Earlier, lastGood, previewRollback } from '../engine/rollback.ts';
import type { Session } from '../engine/session.ts';
import { documentOf, doneSummary, planSummary } from '../engine/summary.ts';
import { specFileOf, textOf } from '../engine/target.ts';
import { isIdle, isReady, resultOf, update } from '../engine/update.ts';
import { UsageError } from '../files.ts';
import { type EngineWork, engineOptions, environmentOf, withEngine } from './engine.ts';
import { editOptions } from './gates.ts';
import { commitOf, textAt } from './git.ts';
import { type Arguments, type Command, dateOf, manyOf } from './options.ts';

export const rollbackCommand: Command = {
  name: 'rollback',
  positional: 'ENV [-- ENGINE FLAGS]',
  describe: 'deploys an earlier spec again, and says first what does not come back with it',
  passesThrough: true,
  options: {
    ...engineOptions,
    to: {
      type: 'string',
      describe: 'the commit that has the spec; default what the stack keeps from before',
      placeholder: 'REF',
    },
    allow: editOptions.allow,
    yes: { type: 'boolean', alias: 'y', describe: "don't ask" },
  },
  async run(args, streams) {
    if (args.values.yes !== true && !canAsk(streams))
      throw new UsageError('nobody can be asked here: "--yes" rolls back');
    return withEngine(args, streams, (engine) => withPlans((planOf) => rollBack(engine, args, planOf)));
  },
};

async function rollBack(
  { session, streams, ...work }: EngineWork,
  args: Arguments,
  planOf: (environment: string) => string,
): Promise<number> {
  const { json, yes, to, allow } = args.values;
  const environment = environmentOf(session, args, 'rollback');
  const earlier = to === undefined ? undefined : specAt(session, environment, String(to));
  const opened = await session.open(environment, 'refuse');
  const chosen = earlier ?? known(session, environment, await lastGood(environment, opened));
  const options = { to: chosen, plan: planOf(environment), allowed: manyOf(allow) };
  const ready = await guarded(session, environment, 'rollback', () =>
    previewRollback(session, work, environment, options),
  );
  (json === true ? streams.stderr : streams.stdout).write(await planSummary(ready));
  if (isReady(ready) && !isIdle(ready) && yes !== true && !(await agrees())) {
    streams.stderr.write('perpetual: nothing was rolled back\n');
    return 8;
  }
  const done = isReady(ready)
    ? { ...resultOf(ready), ...(await guarded(session, environment, 'rollback', () => update(session, work, ready))) }
    : ready;
  const notes = done.exitCode === 0 ? still(session, done, chosen) : [];
  const whole = { ...done, notes: [...(done.notes ?? []), ...notes] };
  if (json === true) streams.stdout.write(documentOf([whole], dateOf(undefined, streams.env)));
  // What is known from the preview was said with it.
  else if (isReady(ready)) streams.stdout.write(`\n${await doneSummary({ ...done, notes })}`);
  return done.exitCode;

  async function agrees(): Promise<boolean> {
    return (await ask(streams, work.interrupt, `roll back ${environment}? only "yes" does: `)) === 'yes';
  }
}

/** The spec of a commit. */
function specAt({ root }: Session, environment: string, commit: string): Earlier {
  const file = specFileOf(root, environment);
  const text = textAt(commit, file);
  if (text === undefined) throw new UsageError(`at "${commit}" there is no "${relative(root, file)}"`);
  return { text, commit, name: `"${commit}"` };
}

/** With the commit that it came from, if git still has one. */
function known({ root }: Session, environment: string, earlier: Earlier): Earlier {
  const commit = commitOf(specFileOf(root, environment), earlier.text);
  return { ...earlier, ...(commit !== undefined && { commit }) };
}

/** What is deployed is now behind what the repository says, and the next deployment would bring that back. */
function still({ root }: Session, { environment }: Result, { text, commit }: Earlier): string[] {
  const path = specFileOf(root, environment);
  const file = relative(root, path);
  if (textOf(path) === text) return [];
  const mend =
    commit === undefined
      ? `"perpetual outputs ${environment} --json" has the text that is deployed, as spec.text`
      : `"git checkout ${commit} -- ${file}" brings it in line`;
  return [`${file} is still another one, which the next "perpetual up ${environment}" deploys: ${mend}`];
}
