import type { PlanBuilder } from '../builder.ts';
import type { Spec } from '../spec/schema.ts';
import type { Access } from './access.ts';
import type { Names } from './names.ts';

/** What every concern builds with. `spec` is tracked: read it inside the functions given to the builder. */
export type Context = { spec: Spec; plan: PlanBuilder; names: Names; access: Access };

/** The tags of every Azure resource: the operator's own, and those that lead from Azure back to the spec. */
export function tags({ spec }: Pick<Context, 'spec'>): Record<string, () => string> {
  const own = spec.metadata.tags;
  const all: Record<string, () => string> = {
    'managed-by': () => 'perpetual',
    environment: () => spec.metadata.environment,
  };
  if (spec.metadata.owner !== undefined) all.owner = () => spec.metadata.owner as string;
  for (const key of Object.keys(own)) all[key] = () => own[key] as string;
  const sorted: typeof all = {};
  for (const key of Object.keys(all).sort()) sorted[key] = all[key] as () => string;
  return sorted;
}
