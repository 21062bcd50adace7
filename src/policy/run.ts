import type { Bill } from '../cost/bill.ts';
import type { Resource } from '../plan.ts';
import { regionFinder } from '../views.ts';
import type { Finding, Policy, PolicyContext, Stage } from './policy.ts';
import { currentType } from './provider-types.ts';
import { usersByName } from './references.ts';

export type Verdict = { policy: Policy; finding: Finding };

/** Every finding of every policy on a plan, in the order of policies and resources. Levels and waivers come later. */
export function judge(policies: readonly Policy[], context: PolicyContext): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const policy of policies) {
    for (const resource of policy.resource ? context.resources : []) {
      const judgeOne = policy.resource?.[currentType(resource.type)];
      if (!judgeOne) continue;
      for (const finding of judgeOne(resource, context))
        verdicts.push({ policy, finding: { resource: resource.name, ...finding } });
    }
    for (const finding of policy.plan?.(context) ?? []) verdicts.push({ policy, finding });
  }
  return verdicts;
}

export function policyContext(
  resources: readonly Resource[],
  bill: Bill,
  stage: Stage,
  budgetUsd: number | undefined,
  today: string,
  ceilingUsd?: number,
): PolicyContext {
  let users: Map<string, Resource[]> | undefined;
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  return {
    stage,
    today,
    resources,
    bill,
    budgetUsd,
    ceilingUsd,
    regionOf: regionFinder(resources),
    resource: (name) => byName.get(name),
    usersOf: (name) => {
      users ??= usersByName(resources);
      return users.get(name) ?? [];
    },
  };
}
