import { EngineError } from '../engine/command.ts';
import { Cancelled, Interrupt } from '../engine/interrupt.ts';
import { Progress } from '../engine/progress.ts';
import type { Work } from '../engine/result.ts';
import { after, type Session, startSession } from '../engine/session.ts';
import { chosen } from '../engine/target.ts';
import { troubleOf } from '../engine/trouble.ts';
import { viewFor } from '../engine/views.ts';
import { UsageError } from '../files.ts';
import { type Arguments, manyOf, type Option, type Streams } from './options.ts';

/** Options of every command that runs the engine. */
export const engineOptions = {
  env: { type: 'string', alias: 'e', describe: 'the same as naming it', repeatable: true, placeholder: 'ENV' },
  json: { type: 'boolean', describe: 'for programs, as one JSON document' },
  events: { type: 'string', describe: 'write what happens to a file, a line of JSON each', placeholder: 'FILE' },
} satisfies Record<string, Option>;

export const jobsOption = {
  jobs: { type: 'string', alias: 'j', describe: 'how many environments at a time; default 2', placeholder: 'N' },
} satisfies Record<string, Option>;

export type EngineWork = Work & { session: Session; streams: Streams };

/** Starts what the verbs work with, and puts it away again whatever happens. */
export async function withEngine(
  { values, passed = [] }: Arguments,
  streams: Streams,
  work: (engine: EngineWork) => Promise<number>,
): Promise<number> {
  const view = viewFor(streams.stderr, streams.env);
  const interrupt = new Interrupt((line) => view.say(`perpetual: ${line}`));
  try {
    const progress = new Progress(view, values.events === undefined ? undefined : String(values.events));
    const session = await startSession(streams.env, passed, interrupt, (line) => progress.say(line));
    return await after(session.ready, () => work({ progress, interrupt, session, streams }));
  } catch (error) {
    if (error instanceof EngineError) throw troubleOf(error, 'ENV');
    if (!(error instanceof Cancelled)) throw error;
    streams.stderr.write('perpetual: cancelled\n');
    return 8;
  } finally {
    interrupt.close();
    view.close();
  }
}

/** The environments that were named, with `-e` or without. */
export const environmentsOf = ({ root }: Session, { positional, values }: Arguments): string[] =>
  chosen(root, [...positional, ...manyOf(values.env)]);

/** For what is done to one environment at a time; its spec may be gone. */
export function environmentOf({ root }: Session, { positional, values }: Arguments, command: string): string {
  const [environment, second] = chosen(root, [...positional, ...manyOf(values.env)], { orphans: true });
  if (environment === undefined || second !== undefined)
    throw new UsageError(`"${command}" takes one environment at a time`);
  return environment;
}

export function jobsOf({ values }: Arguments): number {
  const text = String(values.jobs ?? '2');
  if (!/^[1-9]\d?$/.test(text)) throw new UsageError(`"--jobs" takes a number from 1 to 99, and "${text}" is none`);
  return Number(text);
}
