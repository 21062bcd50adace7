import { isExpr } from '../expr.ts';
import type { Resource } from '../plan.ts';
import { currentType } from './provider-types.ts';

const usersKnown = new WeakMap<readonly Resource[], Map<string, Resource[]>>();

/** Who uses whom: a resource uses those its inputs refer to and those it is ordered after. */
export function usersByName(resources: readonly Resource[]): Map<string, Resource[]> {
  const users = usersKnown.get(resources) ?? readUsers(resources);
  usersKnown.set(resources, users);
  return users;
}

function readUsers(resources: readonly Resource[]): Map<string, Resource[]> {
  const users = new Map<string, Resource[]>();
  for (const resource of resources) {
    const used = new Set(resource.options.dependsOn);
    collect(resource.inputs, used);
    used.delete(resource.name);
    for (const name of used) {
      const known = users.get(name);
      if (known) known.push(resource);
      else users.set(name, [resource]);
    }
  }
  return users;
}

function collect(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) for (const item of value) collect(item, into);
  else if (isExpr(value) && 'ref' in value.$) into.add(value.$.ref);
  else for (const part of Object.values(value)) collect(part, into);
}

const indexes = new WeakMap<readonly Resource[], Map<string, Resource[]>>();

/** The resources of some types; every policy on a plan asks for its own. */
export function ofType(resources: readonly Resource[], ...types: string[]): readonly Resource[] {
  let index = indexes.get(resources);
  if (!index) {
    index = new Map();
    for (const resource of resources) {
      const type = currentType(resource.type);
      const known = index.get(type);
      if (known) known.push(resource);
      else index.set(type, [resource]);
    }
    indexes.set(resources, index);
  }
  const [only = ''] = types;
  return types.length === 1 ? (index.get(only) ?? []) : types.flatMap((type) => index.get(type) ?? []);
}
