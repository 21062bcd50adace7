import { isExpr } from '../expr.ts';
import type { Resource } from '../plan.ts';
import { ofTheLast } from './last.ts';
import { currentType } from './provider-types.ts';

/** Who uses whom: a resource uses those its inputs refer to and those it is ordered after. */
export const usersByName = ofTheLast((resources: readonly Resource[]): Map<string, Resource[]> => {
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
});

function collect(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) for (const item of value) collect(item, into);
  else if (isExpr(value) && 'ref' in value.$) into.add(value.$.ref);
  else for (const key in value) collect(value[key as keyof typeof value], into);
}

/** The resources of some types; every policy on a plan asks for its own. */
export function ofType(resources: readonly Resource[], ...types: string[]): readonly Resource[] {
  const index = byType(resources);
  const [only = ''] = types;
  return types.length === 1 ? (index.get(only) ?? []) : types.flatMap((type) => index.get(type) ?? []);
}

const byType = ofTheLast((resources: readonly Resource[]) => Map.groupBy(resources, ({ type }) => currentType(type)));
