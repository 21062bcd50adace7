import { changeRules } from '../catalog/changes.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { labelAt, specPathOf } from '../locate.ts';
import type { Plan } from '../plan.ts';
import type { LoadedSpec } from '../spec/load.ts';
import { type Change, comparePlans } from './compare.ts';

/** What is deployed, and what would take its place. */
export type Edit = { base: Plan; head: Plan; loaded: LoadedSpec };

/**
 * What an edit must not do unasked: what Azure refuses, what replaces or deletes something that is lost with it. Each is
 * said at the line of the head that causes it; `allowed` are logical names of resources that may go.
 */
export const hazards = ({ base, head, loaded }: Edit, allowed: readonly string[] = []): Diagnostic[] =>
  hazardsOf(comparePlans(base, head), loaded, allowed);

/** The same of changes that are known from elsewhere. */
export function hazardsOf(
  changes: readonly Change[],
  loaded: LoadedSpec,
  allowed: readonly string[] = [],
): Diagnostic[] {
  const found = new Map<string, Diagnostic[]>();
  for (const hazard of changes.flatMap((change) => [...hazardOf(change, changes, loaded, allowed)])) {
    const cause = `${hazard.code} ${hazard.path}`;
    found.set(cause, [...(found.get(cause) ?? []), hazard]);
  }
  return [...found.values()].map(together);
}

/** One cause is said once: of the first resource it concerns, with the names of all that have to be allowed. */
function together([first, ...others]: Diagnostic[]): Diagnostic {
  const { message, help = '' } = first as Diagnostic;
  if (others.length === 0 || (first as Diagnostic).code === 'plan/refused-change') return first as Diagnostic;
  const names = others.map(({ resource }) => resource?.name);
  return {
    ...(first as Diagnostic),
    message: `${message}, and ${names.map((name) => `"${name}"`).join(', ')}`,
    help: [help, ...names.map((name) => `--allow ${name}`)].join(' '),
  };
}

function* hazardOf(
  change: Change,
  all: readonly Change[],
  loaded: LoadedSpec,
  allowed: readonly string[],
): Generator<Diagnostic> {
  const { kind, name, type, inputs } = change;
  const { lost, url } = changeRules(type);
  const at = (code: string, input: string, message: string, why: string, help: string): Diagnostic => {
    const path = specPathOf(loaded, change.head ?? change.base, input);
    return {
      code,
      severity: 'error',
      message,
      path,
      labels: [labelAt(loaded, path)],
      why,
      help,
      ...(url && { url }),
      resource: { type, name, path: input },
    };
  };
  if (kind === 'refused') {
    for (const input of inputs) yield at('plan/refused-change', input, ...refusal(change, input));
    return;
  }
  if ((kind !== 'replaced' && kind !== 'deleted') || lost === undefined || allowed.includes(name)) return;
  if (kind === 'deleted' && isKept(change, all)) return;
  // Said of what started it; what goes along is counted.
  const own = ownOf(change);
  if (kind === 'replaced' && own.length === 0 && all.some(isStart)) return;
  const along = all.filter(
    (other) => other !== change && other.kind === 'replaced' && ownOf(other).length === 0,
  ).length;
  const [input = ''] = own;
  yield at(
    kind === 'deleted' ? 'plan/deletes' : 'plan/replaces',
    input,
    kind === 'deleted'
      ? `the edit deletes "${name}"`
      : `the edit replaces "${name}"${along > 0 ? ` and ${along} more that stand on it` : ''}`,
    `lost with it: ${lost}`,
    `put the value back, or allow it by name: --allow ${name}`,
  );
}

/** The message, the reason and the way out. */
function refusal({ name, type, base, head }: Change, input: string): [string, string, string] {
  const { grows, steps, items } = changeRules(type);
  const plain = input.replace(/\[\d+\]/g, '');
  const [from, to] = [base, head].map((resource) => valueAt(resource?.inputs, input));
  if (grows.includes(plain))
    return [`"${name}" can't shrink from ${from} to ${to}`, 'a disk only grows', `put ${from} back`];
  if (steps.includes(plain))
    return [
      `the cluster can't go from Kubernetes ${from} to ${to}`,
      'AKS goes up by one minor version at a time, and never down',
      'deploy the version next to the one that is there first',
    ];
  return [
    `"${name}" can't have another ${lastOf(input)} once it is deployed`,
    'Azure refuses the change some minutes into the deployment',
    `put the value back${Object.keys(items).some((list) => plain.startsWith(`${list}.`)) ? ', or add a pool with the new one under cluster.pools' : ''}`,
  ];
}

/** A disk that stays where it is while another one, filled from it or from a copy, takes its place. */
const isKept = ({ type, base }: Change, all: readonly Change[]): boolean =>
  base?.options.retainOnDelete === true &&
  all.some(
    ({ kind, type: other, head }) =>
      kind === 'created' &&
      other === type &&
      (head?.inputs.creationData as { createOption?: unknown } | undefined)?.createOption !== 'Empty',
  );

const lastOf = (input: string): string =>
  input
    .replace(/\[\d+\]/g, '')
    .split('.')
    .at(-1) as string;

/** The inputs that make it another resource, and not only one that goes along. */
const ownOf = (change: Change): string[] =>
  change.kind === 'replaced' ? change.inputs.filter((input) => !isSame(change, input)) : [];

/** Does it start what others go along with? It is said of itself. */
const isStart = (change: Change): boolean => ownOf(change).length > 0 && changeRules(change.type).lost !== undefined;

/** Does the input differ only because what it refers to is replaced? */
const isSame = ({ base, head }: Change, input: string): boolean =>
  JSON.stringify(valueAt(base?.inputs, input)) === JSON.stringify(valueAt(head?.inputs, input));

const valueAt = (value: unknown, input: string): unknown =>
  input
    .split(/\.|\[(\d+)\]/)
    .filter(Boolean)
    .reduce<unknown>((each, key) => (each as Record<string, unknown> | undefined)?.[key], value);
