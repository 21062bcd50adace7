import { isExpr } from '../expr.ts';
import type { Resource } from '../plan.ts';

/** Who uses whom: a resource uses those its inputs refer to and those it is ordered after. */
export function usersByName(resources: readonly Resource[]): Map<string, Resource[]> {
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
  if (isExpr(value) && 'ref' in value.$) into.add(value.$.ref);
  else for (const part of Object.values(value)) collect(part, into);
}

export const ofType = (resources: readonly Resource[], ...types: string[]): Resource[] =>
  resources.filter(({ type }) => types.includes(type));
