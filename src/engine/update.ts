import { join } from 'node:path';
import { packed } from '../pulumi/handed.ts';
import { insteadVariable } from '../pulumi/stack-spec.ts';
import { withNews } from './cluster-news.ts';
import { failed, refusals } from './located.ts';
import { joined, type Outcome } from './outcome.ts';
import { notLiveYet } from './promotion.ts';
import { abandoned, forgetUnfinished, unknownToStack } from './recover.ts';
import { type Followed, follow, type Result, type Work } from './result.ts';
import type { Opened, Session } from './session.ts';
import { baseOf, moneyOf, type Target, targetOf } from './target.ts';
import { usersOf } from './waiting.ts';

/** A preview that went well, with what it takes to make it true. */
export type Ready = Result & {
  planned: Outcome;
  opened: Opened;
  target: Target;
  plan: string;
  instead: string | undefined;
};

/** What has become of it, without what it takes to do it. */
export const resultOf = ({ opened: _, target: __, plan: ___, instead: ____, ...result }: Ready): Result => result;

type Options = {
  /** For whom it is. */
  verb?: 'preview' | 'up' | 'rollback';
  /** Where the engine keeps what it is about to do, so that `up` does that and nothing else. */
  plan?: string;
  expectNoChanges?: boolean;
  /** Resources that may go, with what is lost with them. */
  allowed?: readonly string[];
  /** The text of the spec, where it is not the one in the environment's file. */
  instead?: string;
};

/** What a deployment of the spec would do. The program is run only for a spec without faults whose secrets are there. */
export async function preview(
  session: Session,
  work: Work,
  environment: string,
  { verb = 'preview', plan, expectNoChanges = false, allowed = [], instead }: Options,
): Promise<Result | Ready> {
  session.readAhead(environment);
  const target = targetOf(session.root, environment, session.env, instead);
  const { spec } = target;
  if (target.exitCode > 0) return { environment, verb, exitCode: target.exitCode, problems: target.problems };
  const opened = await session.open(environment, 'create');
  const state = opened.held;
  const { deployed, resources } = state;
  const { loaded } = target.compiled;
  // What ran here before may come back, wherever the others are by now.
  const early = instead === undefined && (await notLiveYet(session, environment, loaded, deployed));
  if (early) return { environment, verb, exitCode: 1, findings: [early], source: loaded.source, problems: [] };
  const base = baseOf(session.root, deployed);
  if (instead !== undefined) opened.env[insteadVariable] = packed(instead);
  // All of what would go is seen, what is protected too; whether it may is decided here.
  opened.flags.push(unprotecting);
  const { outcome, exitCode, problems } = await follow(
    work,
    { ...aboutOf(target), verb: 'preview', done: false },
    (onEvent) =>
      opened.stack.preview({
        ...judged(session),
        onEvent,
        ...(plan !== undefined && { plan }),
      }),
  );
  if (target.compiled.plan) outcome.warnings.push(...abandoned(state, target.compiled.plan));
  const refused = refusals(target, { base, held: resources }, outcome, allowed);
  const unexpected = exitCode === 0 && expectNoChanges && outcome.changes.length > 0;
  const result: Result = {
    environment,
    verb,
    exitCode: refused.length > 0 && [0, 5].includes(exitCode) ? 1 : unexpected ? 7 : exitCode,
    planned: outcome,
    findings: [...refused, ...failed(target, outcome)],
    source: loaded.source,
    spec: { file: spec.file, sha256: spec.sha256, ...(deployed && { deployedSha256: deployed.sha256 }) },
    money: moneyOf(target, base, resources.length === 0),
    problems: unexpected ? ['changes where none were expected'] : problems,
  };
  return plan !== undefined && result.exitCode === 0 ? { ...result, ...{ opened, target, plan, instead } } : result;
}

export const isReady = (result: Result | Ready): result is Ready => 'opened' in result;

/** Is there anything to do: a change, or a spec to be remembered that says the same in other words? */
export const isIdle = ({ planned, spec }: Ready): boolean =>
  planned.changes.length === 0 && spec?.sha256 === spec?.deployedSha256;

/**
 * Does what was previewed, and nothing beyond it. What the engine knows nothing of and Azure has already is taken into the
 * stack first, if it is this environment's: a vault that was deleted with it, a resource whose making was interrupted.
 */
export async function update(session: Session, work: Work, ready: Ready): Promise<Result> {
  const { opened, target, plan, instead, ...previewed } = ready;
  if (isIdle(ready)) return previewed;
  session.requireRoom();
  if (!ready.planned.changes.some(({ isProtected }) => isProtected)) opened.flags.length = 0;
  const { environment, spec } = target;
  const run = (only: { plan: string } | { target: string[] }): Promise<Followed> =>
    follow(work, { ...aboutOf(target), verb: 'up', done: true }, (onEvent) =>
      opened.stack.up({
        // A part by itself is not judged: the whole was, and the program judges itself besides.
        ...('target' in only ? { color: 'never' } : judged(session)),
        ...only,
        onEvent,
        // What the history says of it leads back to the spec.
        message: `${spec.file} sha256:${spec.sha256}`,
      }),
    );
  let followed = await run({ plan });
  const known = new Set<string>();
  for (;;) {
    const all = await unknownToStack(target, opened, followed.outcome);
    const unknown = all.filter(({ name }) => !known.has(name));
    if (unknown.length === 0) break;
    let { outcome } = followed;
    for (const { name, found, take } of unknown) {
      known.add(name);
      work.progress.say(`${environment}: ${found}`);
      const taken = await take((urns) => run({ target: urns }));
      if (!taken) continue;
      outcome = joined(outcome, taken.outcome);
      if (taken.exitCode !== 0) return { ...previewed, ...(await doneBy({ ...taken, outcome })) };
    }
    const rest = await preview(session, work, environment, { plan, ...(instead !== undefined && { instead }) });
    if (!isReady(rest)) return { ...rest, ...{ verb: ready.verb, planned: previewed.planned, done: outcome } };
    opened.flags.length = 0;
    const next = await run({ plan });
    followed = { ...next, outcome: joined(outcome, next.outcome) };
  }
  const before = opened.held;
  if (followed.exitCode === 0 && before.unfinished.length > 0) await forgetUnfinished(opened, before);
  return { ...previewed, ...(await doneBy(followed)) };

  async function doneBy({ outcome, exitCode, problems }: Followed): Promise<Partial<Result>> {
    const done = exitCode === 4 ? await withNews(work, target, opened, outcome) : outcome;
    return { done, findings: failed(target, done), exitCode, problems };
  }
}

/** What is protected is seen and done as well: whether it may go was decided before. */
export const unprotecting = '--ignore-protect';

const aboutOf = ({ environment, compiled, redact }: Target) => ({
  environment,
  users: usersOf(compiled.plan),
  redact,
});

/** No deployment without the pack. */
const judged = ({ root }: Session) => ({ policyPacks: [join(root, 'policies')], color: 'never' as const });
