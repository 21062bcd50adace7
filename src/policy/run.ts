import { type Bill, billOf } from '../cost/bill.ts';
import type { Usage } from '../cost/usage.ts';
import type { Resource, Token } from '../plan.ts';
import { regionFinder } from '../views.ts';
import { defaultConfig, type PolicyConfig, settingsOf } from './config.ts';
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
  const verdicts: Verdict[] = [];
  const typed = shared.resources.map((resource) => ({ resource, current: currentType(resource.type) }));
  const present = new Set(typed.flatMap(({ resource, current }) => [resource.type, current]));
  for (const policy of policies) {
    const judged = Object.keys(policy.resource ?? {}).some((type) => present.has(type)) ? typed : [];
    // Most policies have nothing to judge in most plans.
    let made: PolicyContext | undefined;
    const context = (): PolicyContext => {
      made ??= { ...shared, settings: settingsOf(policy, shared.stage, config) };
      return made;
    };
    for (const { resource, current } of judged) {
      const judgeOne = judgeFor(policy, resource.type, current);
      if (!judgeOne) continue;
      for (const finding of judgeOne(resource, context()))
        verdicts.push({ policy, finding: { resource: resource.name, ...finding } });
    }
    for (const finding of policy.plan?.(context()) ?? []) verdicts.push({ policy, finding });
  }
  return verdicts;
}

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
