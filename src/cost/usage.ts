import type { Spec } from '../spec/schema.ts';
import { usage as section } from '../spec/sections/usage.ts';
import { fieldOf, keysOf } from '../spec/shape.ts';

/** What the bill assumes about use, from the spec's `usage`. */
export type Usage = Spec['usage'];

/** The assumptions of a spec; its defaults where it has nothing usable, and for programs that have no spec. */
export function usageOf(spec: Spec | undefined): Usage {
  const given: Partial<Usage> = typeof spec?.usage === 'object' ? spec.usage : {};
  const entries = Object.entries(keysOf(section) ?? {}).map(([key, schema]) => {
    const value = given[key as keyof Usage];
    return [key, typeof value === 'number' ? value : fieldOf(schema).fallback];
  });
  return Object.fromEntries(entries) as Usage;
}
