import { advise } from '../advice/advise.ts';
import { changeRules } from '../catalog/changes.ts';
import { type Change, comparePlans, type ChangeKind as Kind } from '../changes/compare.ts';
import { hazardsOf } from '../changes/hazards.ts';
import type { Compiled } from '../compile.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { labelAt } from '../locate.ts';
import type { Plan, Resource } from '../plan.ts';
import { object } from '../views.ts';
import { eventLines, newsLines } from './cluster-news.ts';
import type { ChangeKind, Failure, Outcome } from './outcome.ts';
import { isBeyondPlan } from './result.ts';
import type { Held } from './state.ts';
import type { Target } from './target.ts';

const kinds: Readonly<Record<ChangeKind, Kind>> = {
  create: 'created',
  update: 'updated',
  replace: 'replaced',
  delete: 'deleted',
};

/**
 * What must not be done unasked, at the lines that cause it. What is replaced and deleted is the engine's word, because it
 * knows what is really there; what Azure will not change is known from what was deployed.
 */
export function refusals(
  { compiled: { plan, loaded } }: Target,
  { base, held }: { base: Compiled | undefined; held: readonly Held[] },
  outcome: Outcome,
  allowed: readonly string[],
): Diagnostic[] {
  if (!plan) return [];
  const refused = [leftBy(held, plan), ...(base?.plan ? [base.plan] : [])].flatMap((before) =>
    comparePlans(before, plan).filter(({ kind }) => kind === 'refused'),
  );
  return hazardsOf([...changesOf(outcome, base?.plan, plan), ...refused], loaded, allowed);
}

/**
 * A plan as it is asked for, but for what goes one way only, which is as the stack has it: an update that failed half-way
 * may have grown a disk that the spec deployed before it knows nothing of.
 */
function leftBy(held: readonly Held[], plan: Plan): Plan {
  const there = new Map(held.map((each) => [each.name, each]));
  const resources = plan.resources.flatMap((resource) => {
    const has = there.get(resource.name);
    if (has?.type !== resource.type) return [];
    const { grows, steps, kept } = changeRules(resource.type);
    const inputs = [...grows, ...steps, ...kept].reduce(
      (inputs, path) => withValue(inputs, path.split('.'), valueAt(has.inputs, path)),
      resource.inputs,
    );
    return [{ ...resource, inputs }];
  });
  return { ...plan, resources };
}

/** What the stack has no value of stays as it is asked for. */
function withValue(inputs: Record<string, unknown>, [key = '', ...rest]: string[], value: unknown): typeof inputs {
  if (value === undefined) return inputs;
  const own = object(inputs[key]);
  return { ...inputs, [key]: rest.length === 0 ? value : withValue(own, rest, value) };
}

const valueAt = (inputs: Record<string, unknown>, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => object(value)[key], inputs);

/** The engine's account in the terms of an edit, in the plan's order: the engine's own is another one every time. */
export function changesOf({ changes }: Pick<Outcome, 'changes'>, base: Plan | undefined, head: Plan): Change[] {
  const [before, after] = [base, head].map(
    (plan) => new Map(plan?.resources.map((resource) => [resource.name, resource])),
  ) as [Map<string, Resource>, Map<string, Resource>];
  const order = [...after.keys(), ...before.keys()];
  const inOrder = changes.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  return inOrder.map(({ kind, type, name, inputs }) => {
    const [old, next] = [before.get(name), after.get(name)];
    return { kind: kinds[kind], type, name, inputs, ...(old && { base: old }), ...(next && { head: next }) };
  });
}

/** What failed, at the line of the spec that the resource is there for; what stands in no plan stays a mere message. */
export const failed = (target: Target, { failures }: Pick<Outcome, 'failures'>): Diagnostic[] =>
  failures.flatMap((failure) => (isBeyondPlan(failure.message) ? [] : (failureOf(target, failure) ?? [])));

function failureOf(
  { environment, compiled: { plan, loaded } }: Target,
  { resource: name, message, cluster }: Failure,
): Diagnostic | undefined {
  const resource = plan?.resources.find((each) => each.name === name);
  if (!plan || !resource || name === undefined) return undefined;
  // A log is no answer of the cluster's: it may say anything of other servers.
  const answers = [message, ...(cluster ? eventLines(cluster) : [])].join('\n');
  const advised = advise({ resource: name, message: answers }, plan, loaded);
  const path = advised?.path ?? resource.origin;
  return {
    code: 'deploy/failed',
    severity: 'error',
    message: `"${name}" failed${advised ? `: ${advised.meaning}` : ''}`,
    path,
    labels: [labelAt(loaded, path)],
    why: [
      `${speakerOf(resource, message)} says: ${reasonsIn(message).join('\n')}`,
      ...(cluster ? newsLines(cluster) : []),
    ].join('\n'),
    help: advised?.advice ?? `mend what is said there; "perpetual up ${environment}" goes on from here`,
    resource: { type: resource.type, name, path: advised?.input ?? '' },
  };
}

/** One by one, where the engine lists several: of a pod that never ran, how it stands and the last lines of its log. */
function reasonsIn(message: string): string[] {
  const [head = '', ...listed] = message.split(/\n\s*\* /);
  const lines = /^\d+ errors? occurred:$/.test(head.trim()) ? listed.flatMap((each) => each.split('\n')) : [message];
  return lines.map((line) => line.replace(/\s+/g, ' ').trim()).filter(Boolean);
}

function speakerOf({ type }: Resource, message: string): string {
  // Whoever asked Azure did not come back, or nobody was asked.
  if (/error reading from server|failed to save snapshot/.test(message)) return 'the engine';
  return type.startsWith('azure-native:') ? 'Azure' : type.startsWith('kubernetes:') ? 'Kubernetes' : 'the engine';
}
