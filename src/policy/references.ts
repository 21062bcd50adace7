import { expressionsIn } from '../expr.ts';
import type { Resource } from '../plan.ts';

/** The resources that use one: an input of theirs refers to it, or they are ordered after it. */
export const dependantsOf = (name: string, resources: readonly Resource[]): Resource[] =>
  resources.filter(
    (each) => each.name !== name && (each.options.dependsOn?.includes(name) || refersTo(each.inputs, name)),
  );

function refersTo(inputs: unknown, name: string): boolean {
  for (const { $: body } of expressionsIn(inputs)) if ('ref' in body && body.ref === name) return true;
  return false;
}

export const ofType = (resources: readonly Resource[], ...types: string[]): Resource[] =>
  resources.filter(({ type }) => types.includes(type));
