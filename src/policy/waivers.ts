import type { Waiver } from '../diagnostic.ts';
import { isWithin } from '../spec/path.ts';
import type { Spec } from '../spec/schema.ts';
import { isWaivable, type PolicyConfig } from './config.ts';
import type { Policy } from './policy.ts';

/** A waiver as it is written: without an unusable part, because one that has any counts as expired. */
type Written = Waiver & { policy: string; path: string };

/** One entry of `policies.waivers` and what has become of it. */
export type WaiverState = Partial<Written> & {
  /** Its place in the list. */
  index: number;
  state: 'valid' | 'expired' | 'unusable';
  /** Days after today on which it still counts; below 0 when it has ended. */
  daysLeft?: number;
  /** Is there a violation it stands for? Unknown while the spec has errors that hide some. */
  used?: boolean;
};

/** A violation as far as waivers care. */
export type Violation = { policy: string; path: string };

/** The waiver that covers a violation at a path of the spec, through its last day. */
export function waiverFor(
  spec: Spec,
  policy: Policy,
  config: PolicyConfig,
  path: string,
  today: string,
): Waiver | undefined {
  if (!isWaivable(policy, config)) return undefined;
  const waiver = writtenIn(spec).find(
    (each) => each !== undefined && covers(each, { policy: policy.id, path }) && each.expires >= today,
  );
  return waiver && { reason: waiver.reason, owner: waiver.owner, expires: waiver.expires };
}

/** All waivers of a spec, in their order, against everything the policies found in it. */
export function waiverStates(
  spec: Spec,
  violations: readonly Violation[],
  isComplete: boolean,
  today: string,
): WaiverState[] {
  return writtenIn(spec).map((waiver, index) => {
    if (!waiver) return { index, state: 'unusable' };
    const used = violations.some((violation) => covers(waiver, violation));
    return {
      index,
      ...waiver,
      state: waiver.expires >= today ? 'valid' : 'expired',
      daysLeft: (Date.parse(waiver.expires) - Date.parse(today)) / 86_400_000,
      ...((used || isComplete) && { used }),
    };
  });
}

const covers = (waiver: Written, { policy, path }: Violation): boolean =>
  waiver.policy === policy && isWithin(path, waiver.path);

function writtenIn({ policies }: Spec): (Written | undefined)[] {
  const waivers: unknown = typeof policies === 'object' ? policies.waivers : undefined;
  return (Array.isArray(waivers) ? waivers : []).map((each: unknown) => {
    const { policy, reason, owner, expires, path = '' } = (typeof each === 'object' ? each : {}) as Partial<Written>;
    const parts: unknown[] = [policy, reason, owner, expires, path];
    return parts.every((part) => typeof part === 'string')
      ? ({ policy, path, reason, owner, expires } as Written)
      : undefined;
  });
}
