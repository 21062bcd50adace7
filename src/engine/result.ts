import type { EngineEvent } from '@pulumi/pulumi/automation/index.js';
import type { Diagnostic } from '../diagnostic.ts';
import type { Drifted } from '../drift/findings.ts';
import { UsageError } from '../files.ts';
import type { Source } from '../spec/source.ts';
import { EngineError } from './command.ts';
import { Cancelled, type Interrupt } from './interrupt.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Progress, Verb } from './progress.ts';
import type { Redact } from './redact.ts';
import type { Session } from './session.ts';
import type { Money } from './target.ts';
import { troubleOf } from './trouble.ts';
import type { Users } from './waiting.ts';

/** What has become of one environment. */
export type Result = {
  environment: string;
  verb: Verb | 'rollback' | 'drift';
  exitCode: number;
  /** What the engine would do, and what it did. */
  planned?: Outcome;
  done?: Outcome;
  spec?: { file: string; sha256: string; deployedSha256?: string };
  /** What is wrong at lines of the spec: what must not be done unasked, and what failed. */
  findings?: readonly Diagnostic[];
  /** The text that the findings point into. */
  source?: Source;
  money?: Money;
  /** The earlier spec it goes back to, as people know it. */
  returnsTo?: { name: string; sha256?: string; commit?: string };
  /** What one should know of it besides. */
  notes?: readonly string[];
  /** What is not as it was promised; how many resources were promised. */
  drift?: { resources: number; drifted: readonly Drifted[] };
  /** What became of the way back, where it failed. */
  rollback?: Result;
  /** What kept it from going on, a line each. */
  problems: string[];
};

/** What the verbs work with. */
export type Work = { progress: Progress; interrupt: Interrupt };

/** What became of one run of the engine. */
export type Followed = { outcome: Outcome; exitCode: number; problems: string[] };

/** Runs the engine once, shows how it comes along, and sorts what it said. */
export async function follow(
  { progress, interrupt }: Work,
  about: { environment: string; verb: Verb; users: Users; redact: Redact; done: boolean },
  run: (onEvent: (event: EngineEvent) => void) => Promise<unknown>,
): Promise<Followed> {
  const events: EngineEvent[] = [];
  const track = progress.begin(about);
  let error: EngineError | undefined;
  try {
    await run((event) => {
      // Kept out of memory, too: it is most of what the engine says.
      if ((event.diagnosticEvent?.severity as string | undefined) === 'debug') return;
      events.push(event);
      track.take(event);
    });
  } catch (thrown) {
    if (!(thrown instanceof EngineError)) throw thrown;
    error = thrown;
  }
  const outcome = outcomeOf(events, about);
  const followed = { outcome, ...verdictOn(outcome, error, about, interrupt) };
  track.end(followed.exitCode);
  return followed;
}

function verdictOn(
  { failures, policies, unneeded }: Outcome,
  error: EngineError | undefined,
  { environment, redact }: { environment: string; redact: Redact },
  { signal }: Interrupt,
): { exitCode: number; problems: string[] } {
  if (!error) return { exitCode: 0, problems: [] };
  const trouble = troubleOf({ message: redact(error.message), isKilled: error.isKilled }, environment);
  if (error.isKilled) return { exitCode: signal.aborted ? 8 : 4, problems: [trouble.message] };
  if (signal.aborted) return { exitCode: 8, problems: [] };
  if (failures.some(({ message }) => isBeyondPlan(message)))
    return {
      exitCode: 4,
      problems: [
        `the update would have gone beyond what the preview showed and was stopped there; "perpetual up ${environment}" shows what is left`,
      ],
    };
  if (failures.length > 0) return { exitCode: 4, problems: [] };
  if (policies.some(({ level }) => level === 'mandatory')) return { exitCode: 5, problems: [] };
  // The engine fails an update that does less than was foreseen; where a preview has to guess, it guesses too much.
  if (unneeded > 0) return { exitCode: 0, problems: [] };
  return { exitCode: trouble.exitCode, problems: [trouble.message] };
}

/** The engine's words for what its plan does not allow. */
export const isBeyondPlan = (message: string): boolean => /violates plan|not allowed by the plan/.test(message);

/**
 * One environment's misfortune is no other's: what an operator can mend becomes its result. Of what went wrong nothing is
 * said before the engine is known to be `ready`: without one that is there is no result.
 */
export async function guarded<R extends Result>(
  { ready }: Pick<Session, 'ready'>,
  environment: string,
  verb: Result['verb'],
  work: () => Promise<R>,
): Promise<R | Result> {
  const [done] = await Promise.allSettled([(async () => work())()]);
  if (wentWrong(done)) await ready();
  if (done.status === 'fulfilled') return done.value;
  const thrown: unknown = done.reason;
  const error = thrown instanceof EngineError ? troubleOf(thrown, environment) : thrown;
  if (error instanceof Cancelled) return { environment, verb, exitCode: 8, problems: [] };
  if (error instanceof UsageError) return { environment, verb, exitCode: error.exitCode, problems: [error.message] };
  throw error;
}

/** Neither was it cancelled, nor is there only something that was not expected. */
const wentWrong = (done: PromiseSettledResult<Result>): boolean =>
  done.status === 'rejected' ? !(done.reason instanceof Cancelled) : ![0, 7, 8].includes(done.value.exitCode);

/** At most so many at a time, in order; the results in the order of what they are of. */
export async function bounded<T, R>(items: readonly T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

/** Of several, the code that says most: that it was cancelled, that something failed, that it was not even tried. */
export function exitCodeOf(results: readonly Result[]): number {
  const codes = results.map(({ exitCode }) => exitCode).filter((code) => code !== 0);
  return [8, 4, 3, 2, 6, 1, 5, 7].find((code) => codes.includes(code)) ?? codes[0] ?? 0;
}
