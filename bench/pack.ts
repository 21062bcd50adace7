import { isExpr } from '../src/expr.ts';
import type { Resource } from '../src/plan.ts';
import { startPack } from '../test/support/pack.ts';

/** Milliseconds that a resource takes in the engine's pack, alone and with all others, in the pack's own process, warm. */
export async function millisecondsInPack(resources: readonly Resource[], runs: number): Promise<number> {
  const pack = await startPack();
  try {
    for (let run = 0; run < runs; run++) await pack.analyze(resources);
    const started = performance.now();
    for (let run = 0; run < runs; run++) await pack.analyze(resources);
    return (performance.now() - started) / runs / resources.length;
  } finally {
    pack.close();
  }
}

/** A program of that many resources: a plan again and again, each time under names of its own. */
export function manyTimes(resources: readonly Resource[], count: number): Resource[] {
  const copies = Array.from({ length: Math.ceil(count / resources.length) }, (_, copy) => {
    const renamed = (value: unknown): unknown => {
      if (typeof value !== 'object' || value === null) return value;
      if (isExpr(value) && 'ref' in value.$) return { $: { ...value.$, ref: `${value.$.ref}-${copy}` } };
      if (Array.isArray(value)) return value.map(renamed);
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, renamed(part)]));
    };
    return resources.map((resource) => ({
      ...resource,
      name: `${resource.name}-${copy}`,
      inputs: renamed(resource.inputs) as Record<string, unknown>,
      options: { dependsOn: (resource.options.dependsOn ?? []).map((name) => `${name}-${copy}`) },
    }));
  });
  return copies.flat().slice(0, count);
}
