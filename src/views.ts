import { regionByDisplayName, region as regionNamed } from './catalog/regions.ts';
import { expressionsIn, isExpr } from './expr.ts';
import { type Resource, UNKNOWN } from './plan.ts';

/**
 * How policies and costs read inputs: a literal or nothing. An expression, a hole of the spec and a value the engine
 * does not know yet are all nothing, so a check that needs it says nothing instead of guessing.
 */
type Inputs = Record<string, unknown>;

const isUnknown = (value: unknown): boolean =>
  value === UNKNOWN || isExpr(value) || (typeof value === 'object' && value !== null && '$unknown' in value);

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
export const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** A nested object; empty when absent or unknown. */
export const object = (value: unknown): Inputs =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnknown(value) ? (value as Inputs) : {};

/** The items of a list; none when absent or unknown. */
export const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Is there a value, known or not? */
export const isPresent = (value: unknown): boolean => value !== undefined && value !== null;

/** The logical name of the resource an input refers to. */
export function referenceOf(value: unknown): string | undefined {
  return isExpr(value) && 'ref' in value.$ ? value.$.ref : undefined;
}

/** The logical names of everything that must be there before a resource. */
export function namesUsedBy({ inputs, options }: Resource): Set<string> {
  const references = [...expressionsIn(inputs)].flatMap((each) => referenceOf(each) ?? []);
  return new Set([...references, ...(options.dependsOn ?? []), ...(options.provider ? [options.provider] : [])]);
}

/** Without a location of its own a resource is created in that of its group. */
export function regionFinder(resources: readonly Resource[]): (resource: Resource) => string | undefined {
  const group = text(resources.find(({ type }) => type === 'azure-native:resources:ResourceGroup')?.inputs.location);
  return ({ inputs }) => {
    const location =
      text(inputs.location) ?? (inputs.location === undefined || referenceOf(inputs.location) ? group : undefined);
    return location === undefined
      ? undefined
      : ((regionNamed(location) ?? regionByDisplayName(location))?.name ?? location);
  };
}
