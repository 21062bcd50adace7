import { join } from 'node:path';
import type { Outcome } from './outcome.ts';
import { follow, type Result, type Work } from './result.ts';
import type { Opened, Session } from './session.ts';
import { stateOf } from './state.ts';
import { moneyOf, type Target, targetOf } from './target.ts';
import { usersOf } from './waiting.ts';

/** A preview that went well, with what it takes to make it true. */
export type Ready = Result & { planned: Outcome; opened: Opened; target: Target; plan: string };

type Options = {
  /** Where the engine keeps what it is about to do, so that `up` does that and nothing else. */
  plan?: string;
  expectNoChanges?: boolean;
};

/** What a deployment of the spec would do. The engine is started only for a spec without faults whose secrets are there. */
export async function preview(
  session: Session,
  work: Work,
  environment: string,
  { plan, expectNoChanges = false }: Options,
): Promise<Result | Ready> {
  const verb = plan === undefined ? 'preview' : 'up';
  const target = targetOf(session.root, environment, session.env);
  const { spec } = target;
  if (target.exitCode > 0) return { environment, verb, exitCode: target.exitCode, problems: target.problems };
  const opened = await session.open(environment, 'create');
  const { deployed, resources } = stateOf(opened);
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
  const unexpected = exitCode === 0 && expectNoChanges && outcome.changes.length > 0;
  const result: Result = {
    environment,
    verb,
    exitCode: unexpected ? 7 : exitCode,
    planned: outcome,
    spec: { file: spec.file, sha256: spec.sha256, ...(deployed && { deployedSha256: deployed.sha256 }) },
    money: moneyOf(session.root, target, deployed, resources.length === 0),
    problems: unexpected ? ['changes where none were expected'] : problems,
  };
  return plan !== undefined && result.exitCode === 0 ? { ...result, opened, target, plan } : result;
}

export const isReady = (result: Result | Ready): result is Ready => 'opened' in result;

/** Is there anything to do: a change, or a spec to be remembered that says the same in other words? */
export const isIdle = ({ planned, spec }: Ready): boolean =>
  planned.changes.length === 0 && spec?.sha256 === spec?.deployedSha256;

/** Does what was previewed, and nothing beyond it. */
export async function update(session: Session, work: Work, ready: Ready): Promise<Result> {
  const { opened, target, plan, ...previewed } = ready;
  if (isIdle(ready)) return previewed;
  const { outcome, exitCode, problems } = await follow(
    work,
    { ...aboutOf(target), verb: 'up', done: true },
    (onEvent) =>
      opened.stack.up({
        ...judged(session),
        plan,
        onEvent,
        // What the history says of it leads back to the spec.
        message: `${target.spec.file} sha256:${target.spec.sha256}`,
      }),
  );
  return { ...previewed, done: outcome, exitCode, problems };
}

const aboutOf = ({ environment, compiled, redact }: Target) => ({
  environment,
  users: usersOf(compiled.plan),
  redact,
});

/** No deployment without the pack. */
const judged = ({ root }: Session) => ({ policyPacks: [join(root, 'policies')], color: 'never' as const });
