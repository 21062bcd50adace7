import { type ChangeRules, changeRules } from '../catalog/changes.ts';
import { isExpr } from '../expr.ts';
import type { Plan, Resource } from '../plan.ts';
import { UNKNOWN } from '../plan.ts';

/** What an edit does to a resource: `refused` is what Azure will not do, whatever it is asked. */
export type ChangeKind = 'created' | 'updated' | 'replaced' | 'deleted' | 'refused';

export type Change = {
  kind: ChangeKind;
  type: string;
  name: string;
  /** The inputs that decide; for an update those that differ. */
  inputs: string[];
  base?: Resource;
  head?: Resource;
};

/**
 * What it would take to get from one plan to the other, in the order of the head, then what is no longer there. A
 * reference to something that is replaced counts as changed; an unknown input says nothing.
 */
export function comparePlans(base: Plan, head: Plan): Change[] {
  const before = new Map(base.resources.map((resource) => [resource.name, resource]));
  const after = new Set(head.resources.map(({ name }) => name));
  const replaced = new Set<string>();
  const changes: Change[] = [];
  for (const resource of head.resources) {
    const old = before.get(resource.name);
    if (!old) changes.push({ kind: 'created', type: resource.type, name: resource.name, inputs: [], head: resource });
    else {
      const change = compareResources(old, resource, replaced);
      if (!change) continue;
      if (change.kind === 'replaced') replaced.add(resource.name);
      changes.push(change);
    }
  }
  for (const resource of base.resources)
    if (!after.has(resource.name))
      changes.push({ kind: 'deleted', type: resource.type, name: resource.name, inputs: [], base: resource });
  return changes;
}

function compareResources(base: Resource, head: Resource, replaced: ReadonlySet<string>): Change | undefined {
  const { type, name } = head;
  const ignored = new Set((head.options.ignoreChanges ?? []).map((path) => path.replaceAll('[*]', '')));
  const differing = [...differences(base.inputs, head.inputs, replaced)].filter(
    ({ path }) => ![...ignored].some((each) => isWithin(plain(path), each)),
  );
  if (base.type !== type) return { kind: 'replaced', type, name, inputs: [], base, head };
  if (differing.length === 0 && !isOf(head, replaced)) return undefined;
  const rules = changeRules(type);
  const of = (kind: ChangeKind, applies: (difference: Difference) => boolean): Change | undefined => {
    const inputs = differing.filter(applies).map(({ path }) => path);
    return inputs.length > 0 ? { kind, type, name, inputs, base, head } : undefined;
  };
  const replacing = [...rules.named, ...rules.replaced, ...(head.options.replaceOnChanges ?? [])];
  return (
    of(
      'replaced',
      ({ path, follows }) => (follows && isParent(path)) || replacing.some((each) => isWithin(plain(path), each)),
    ) ??
    (isOf(head, replaced) ? { kind: 'replaced', type, name, inputs: [], base, head } : undefined) ??
    of('refused', (difference) => isRefused(rules, difference)) ??
    of('updated', () => true)
  );
}

/** What a resource is in goes with it when that is replaced; what it is only connected to does not. */
const isParent = (path: string): boolean =>
  [
    'resourceGroupName',
    'resourceName',
    'vaultName',
    'accountName',
    'virtualNetworkName',
    'zoneName',
    'metadata.namespace',
  ].includes(path);

const isOf = ({ options }: Resource, replaced: ReadonlySet<string>): boolean =>
  options.provider !== undefined && replaced.has(options.provider);

/** `follows`: it differs only because what it refers to is replaced. */
type Difference = { path: string; from: unknown; to: unknown; follows?: boolean };

function isRefused({ refused, grows, kept, steps, items }: ChangeRules, { path, from, to }: Difference): boolean {
  const where = plain(path);
  if (refused.some((each) => isWithin(where, each))) return true;
  if (kept.some((each) => where === each) && to === undefined) return true;
  if (grows.includes(where)) return size(to) < size(from);
  if (steps.includes(where)) return ![0, 1].includes(minor(to) - minor(from));
  return Object.entries(items).some(
    ([list, parts]) =>
      from !== undefined && to !== undefined && parts.some((part) => isWithin(where, `${list}.${part}`)),
  );
}

/** A number, or a quantity of Kubernetes. */
const size = (value: unknown): number => (typeof value === 'number' ? value : Number.parseFloat(String(value)));

const minor = (version: unknown): number => Number(String(version).split('.')[1]);

const plain = (path: string): string => path.replace(/\[\d+\]/g, '');

const isWithin = (path: string, parent: string): boolean => path === parent || path.startsWith(`${parent}.`);

/** The leaves in which two inputs differ. Lists of named parts are compared by name, as Azure does. */
function* differences(from: unknown, to: unknown, replaced: ReadonlySet<string>, path = ''): Generator<Difference> {
  if (isUnknown(from) || isUnknown(to)) return;
  if (isExpr(to)) {
    if (JSON.stringify(from) !== JSON.stringify(to)) yield { path, from, to };
    else if (refersTo(to, replaced)) yield { path, from, to, follows: true };
    return;
  }
  if (Array.isArray(from) && Array.isArray(to)) {
    const partner = byName(from, to);
    for (let index = 0; index < Math.max(to.length, partner ? 0 : from.length); index++)
      yield* differences(partner ? partner(to[index]) : from[index], to[index], replaced, `${path}[${index}]`);
    if (partner && from.length !== to.length) yield { path, from: from.length, to: to.length };
    return;
  }
  if (isMapping(from) && isMapping(to) && !isExpr(from)) {
    for (const key of new Set([...Object.keys(from), ...Object.keys(to)]))
      yield* differences(from[key], to[key], replaced, path === '' ? key : `${path}.${key}`);
    return;
  }
  if (from !== to) yield { path, from, to };
}

function byName(from: unknown[], to: unknown[]): ((item: unknown) => unknown) | undefined {
  const nameOf = (item: unknown): unknown => (isMapping(item) ? item.name : undefined);
  if (![...from, ...to].every((item) => typeof nameOf(item) === 'string')) return undefined;
  return (item) => from.find((each) => nameOf(each) === nameOf(item));
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isUnknown = (value: unknown): boolean => value === UNKNOWN || (isMapping(value) && '$unknown' in value);

function refersTo(value: unknown, names: ReadonlySet<string>): boolean {
  if (names.size === 0 || typeof value !== 'object' || value === null) return false;
  if (isExpr(value) && 'ref' in value.$ && names.has(value.$.ref)) return true;
  return Object.values(value).some((part) => refersTo(part, names));
}
