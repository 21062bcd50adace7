import type { EngineEvent } from '@pulumi/pulumi/automation/index.js';
import type { Beside } from '../drift/beside/look.ts';
import { driftOf } from '../drift/findings.ts';
import type { There } from '../drift/promise.ts';
import { UsageError } from '../files.ts';
import type { Plan } from '../plan.ts';
import { foreignLogin } from '../pulumi/login.ts';
import { compileText, errorsOf, ownersOf, today } from '../pulumi/stack-spec.ts';
import { nameOf } from './outcome.ts';
import { secretsOf } from './redact.ts';
import { follow, type Result, type Work } from './result.ts';
import type { Session } from './session.ts';
import type { Held } from './state.ts';
import { specFileOf, textOf } from './target.ts';

/** How long Azure may take to say what was added beside the state, in the time that the engine reads it back. */
const besideMs = 60_000;

/**
 * What was promised by the spec that is deployed and is not so any more, and what was added beside it. The engine reads
 * what is there of everything it knows, Azure is asked about the rest, and nothing is changed, not even the state.
 */
export async function drift(session: Session, work: Work, environment: string): Promise<Result> {
  const { root } = session;
  const opened = await session.open(environment, 'refuse');
  const { deployed, resources } = opened.held;
  if (!deployed)
    throw new UsageError(`"${environment}" was never deployed as a whole: nothing is promised that could be broken`, 6);
  const judged = compileText(root, deployed.file, deployed.text);
  const { compiled } = judged;
  const { plan } = compiled;
  if (!plan)
    throw new UsageError(
      `what "${environment}" was deployed from can't be read any more: ${errorsOf(judged).faults.join('; ')}`,
      1,
    );
  const { redact } = secretsOf(plan, session.env, root);
  const events: EngineEvent[] = [];
  const look = await lookerBeside(session, work, plan, resources);
  // The engine is not left alone, whatever becomes of the questions.
  const [looked, followed] = await Promise.allSettled([
    look(),
    follow(work, { environment, verb: 'refresh', users: new Map(), redact, done: false }, (onEvent) =>
      opened.stack.previewRefresh({
        color: 'never',
        onEvent: (event) => {
          if (event.resOutputsEvent) events.push(event);
          onEvent(event);
        },
      }),
    ),
  ]);
  if (followed.status === 'rejected') throw followed.reason;
  if (looked.status === 'rejected') throw looked.reason;
  const [beside, { outcome, exitCode, problems }] = [looked.value, followed.value];
  const there = thereIn(events);
  // What could not be read is not gone.
  const unread = resources.filter(({ name }) => exitCode !== 0 && !there.has(name));
  for (const { name, inputs } of unread) there.set(name, { before: inputs, now: inputs });
  const { policies, config } = ownersOf(root);
  const found = driftOf({ compiled, policies, config, catalog: judged.catalog, today: today() }, there, beside.added);
  const promised = new Set(plan.resources.map(({ name }) => name));
  const left = resources.filter(({ name }) => !promised.has(name)).map(({ name }) => name);
  return {
    ...{ environment, verb: 'drift', exitCode: exitCode !== 0 ? exitCode : found.findings.length > 0 ? 7 : 0 },
    findings: found.findings.map(({ message, ...rest }) => ({ ...rest, message: redact(message) })),
    source: compiled.loaded.source,
    drift: { resources: promised.size, drifted: found.drifted },
    notes: [
      ...(textOf(specFileOf(root, environment)) === deployed.text
        ? []
        : [`${deployed.file} is another one than was deployed; this is about what was deployed, and so are its lines`]),
      ...(left.length > 0 ? [`left by an update that failed, and promised by nobody: ${left.join(', ')}`] : []),
      ...beside.notes,
    ],
    problems: [
      ...outcome.failures.map(({ resource, message }) => `${resource ? `${resource}: ` : ''}${message}`),
      ...problems,
    ],
  };
}

/** The library that asks Azure is loaded here and nowhere else of the engine. */
async function lookerBeside(
  { env }: Session,
  { interrupt: { signal } }: Work,
  plan: Plan,
  resources: readonly Held[],
): Promise<() => Promise<Beside>> {
  const [{ endpointOf }, { armBy, lookBeside }] = await Promise.all([
    import('../azure/arm.ts'),
    import('../drift/beside/look.ts'),
  ]);
  const arm = armBy(env, { endpoint: endpointOf(env), timeoutMs: besideMs, signal });
  return () =>
    lookBeside(plan.resources, resources, (subscription) => {
      const foreign = foreignLogin(plan, env);
      if (foreign !== undefined) throw new UsageError(foreign, 3);
      return arm(subscription);
    });
}

/** What a refresh has found, by the names of resources. */
function thereIn(events: readonly EngineEvent[]): Map<string, There> {
  const there = new Map<string, There>();
  for (const { resOutputsEvent } of events) {
    const { op, urn, old, new: now, detailedDiff } = resOutputsEvent?.metadata ?? {};
    if (urn === undefined) continue;
    there.set(nameOf(urn), {
      ...(old && { before: old.inputs }),
      ...(op !== 'delete' && now && { now: now.inputs }),
      ...(op === 'update' && { differing: Object.keys(detailedDiff ?? {}) }),
    });
  }
  return there;
}
