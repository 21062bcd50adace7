import type { Bill } from '../cost/bill.ts';
import type { Resource } from '../plan.ts';
import { regionFinder } from '../views.ts';
import { defaultConfig, type PolicyConfig, settingsOf } from './config.ts';
import type { Finding, Policy, PolicyContext, Stage } from './policy.ts';
import { usersByName } from './references.ts';

export type Verdict = { policy: Policy; finding: Finding };

/** What every policy knows; its own settings come to it when it judges. */
export type SharedContext = Omit<PolicyContext, 'settings'>;

/** Every finding of every policy on a plan, in the order of policies and resources. Levels and waivers come later. */
export function judge(
  policies: readonly Policy[],
  shared: SharedContext,
  config: PolicyConfig = defaultConfig,
): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const policy of policies) {
    const context = { ...shared, settings: settingsOf(policy, shared.stage, config) };
    for (const resource of policy.resource ? context.resources : []) {
      const judgeOne = policy.resource?.[resource.type];
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
): SharedContext {
  let users: Map<string, Resource[]> | undefined;
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  return {
    stage,
    today,
    resources,
    bill,
    budgetUsd,
    regionOf: regionFinder(resources),
    resource: (name) => byName.get(name),
    usersOf: (name) => {
      users ??= usersByName(resources);
      return users.get(name) ?? [];
    },
  };
}
