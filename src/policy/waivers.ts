import type { Waiver } from '../diagnostic.ts';
import { isWithin } from '../spec/path.ts';
import type { Spec } from '../spec/schema.ts';
import { isWaivable, type PolicyConfig } from './config.ts';
import type { Policy } from './policy.ts';

/** The waiver that covers a violation at a path of the spec: through its last day; one with an unusable part counts as expired. */
export function waiverFor(
  { policies }: Spec,
  policy: Policy,
  config: PolicyConfig,
  path: string,
  today: string,
): Waiver | undefined {
  if (!isWaivable(policy, config) || typeof policies !== 'object' || !Array.isArray(policies.waivers)) return undefined;
  const waiver = policies.waivers.find((each) => {
    const parts: unknown[] =
      typeof each === 'object' ? [each.policy, each.reason, each.owner, each.expires, each.path ?? ''] : [undefined];
    return (
      parts.every((part) => typeof part === 'string') &&
      each.policy === policy.id &&
      isWithin(path, each.path ?? '') &&
      each.expires >= today
    );
  });
  return waiver && { reason: waiver.reason, owner: waiver.owner, expires: waiver.expires };
}
