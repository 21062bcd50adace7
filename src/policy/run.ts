import { type Bill, billOf } from '../cost/bill.ts';
import type { Usage } from '../cost/usage.ts';
import type { Resource, Token } from '../plan.ts';
import { regionFinder } from '../views.ts';
import { defaultConfig, type PolicyConfig, settingsOf } from './config.ts';
import { ofTheLast } from './last.ts';
import type { Finding, Policy, PolicyContext, Stage } from './policy.ts';
import { currentType } from './provider-types.ts';
import { usersByName } from './references.ts';

export type Verdict = { policy: Policy; finding: Finding };

/** A policy's judgement of one resource; a program may name the version of Azure's API in the type. */
export const judgeFor = ({ resource }: Policy, type: string, current: string = currentType(type)) =>
  resource?.[type] ?? (current === type ? undefined : resource?.[current]);

/** What every policy knows; its own settings come to it when it judges. */
export type SharedContext = Omit<PolicyContext, 'settings'>;

/** Every finding of every policy on a plan, in the order of policies and resources. Levels and waivers come later. */
export function judge(
  policies: readonly Policy[],
  shared: SharedContext,
  config: PolicyConfig = defaultConfig,
): Verdict[] {
  const judgesOf = judgesOfTypes(policies);
  const judged = new Map<Policy, { resource: Resource; judgeOne: Judge }[]>();
  for (const resource of shared.resources)
    for (const { policy, judgeOne } of judgesOf(resource.type)) {
      const known = judged.get(policy);
      if (known) known.push({ resource, judgeOne });
      else judged.set(policy, [{ resource, judgeOne }]);
    }
  const verdicts: Verdict[] = [];
  for (const policy of policies) {
    const resources = judged.get(policy);
    // Most policies have nothing to judge in most plans.
    if (!resources && !policy.plan) continue;
    const context: PolicyContext = { ...shared, settings: settingsOf(policy, shared.stage, config) };
    for (const { resource, judgeOne } of resources ?? []) {
      for (const finding of judgeOne(resource, context))
        verdicts.push({ policy, finding: { resource: resource.name, ...finding } });
    }
    for (const finding of policy.plan?.(context) ?? []) verdicts.push({ policy, finding });
  }
  return verdicts;
}

type Judge = NonNullable<ReturnType<typeof judgeFor>>;

/** Who judges a type, found once for all plans: most policies know one or two of all types. */
const judgesOfTypes = ofTheLast((policies: readonly Policy[]) => {
  const known = new Map<string, { policy: Policy; judgeOne: Judge }[]>();
  return (type: string) => {
    const judges =
      known.get(type) ??
      policies.flatMap((policy) => {
        const judgeOne = judgeFor(policy, type);
        return judgeOne ? [{ policy, judgeOne }] : [];
      });
    known.set(type, judges);
    return judges;
  };
});

/** Somebody's program as policies know it; its bill is the same whatever version of Azure's API the types name. */
export function programContext(
  resources: readonly Resource[],
  usage: Usage,
  stage: Stage,
  budgetUsd: number | undefined,
  today: string,
): SharedContext {
  const priced = resources.map((resource) => ({ ...resource, type: currentType(resource.type) as Token }));
  return policyContext(resources, billOf(priced, usage, true), stage, budgetUsd, today);
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
