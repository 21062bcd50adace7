import type { Severity } from '../diagnostic.ts';
import type { Mend } from '../edit/mend.ts';
import type { Spec } from '../spec/schema.ts';
import { record } from '../spec/track.ts';

/** What a check across several keys has to say, about a path of the spec. */
export type CheckFinding = {
  code: string;
  severity?: Severity;
  path: string;
  message: string;
  note?: string;
  help?: string;
  /** A second place that matters, as the first of two equal names. */
  related?: { path: string; message: string };
  /** What would end it. */
  mends?: readonly Mend[];
};

/** Looks at a tracked spec; a check that meets an unusable value says nothing. `today` is `YYYY-MM-DD`. */
export type Check = (spec: Spec, today: string) => Iterable<CheckFinding>;

/** The items of a list that have a usable value, with their index. */
export function* each<T>(list: readonly T[]): Generator<[T, number]> {
  for (let index = 0; index < list.length; index++) {
    const item = record(() => list[index] as T);
    if (!item.hole) yield [item.value, index];
  }
}

/** The first pair of equal keys for each repeated one: the later index and the earlier. */
export function* repeats(
  keys: readonly (readonly [string, number])[],
): Generator<[key: string, later: number, earlier: number]> {
  const first = new Map<string, number>();
  for (const [key, index] of keys) {
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, index);
    else yield [key, index, earlier];
  }
}

/** Runs checks on a tracked spec; each goes as far as the values it needs are usable. */
export function runChecks(checks: readonly Check[], spec: Spec, today: string): CheckFinding[] {
  const findings: CheckFinding[] = [];
  for (const check of checks) {
    record(() => {
      for (const finding of check(spec, today)) findings.push(finding);
    });
  }
  return findings;
}
