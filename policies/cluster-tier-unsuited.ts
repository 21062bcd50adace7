import { aksTier } from '../src/catalog/prices.ts';
import { hoursPerMonth } from '../src/cost/item.ts';
import type { Resource } from '../src/plan.ts';
import { poolsOf } from '../src/policy/node-pools.ts';
import { definePolicy, type PolicyContext } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';
import { isPresent, number, object, text } from '../src/views.ts';

const clusterType = 'azure-native:containerservice:ManagedCluster';

export default definePolicy({
  id: 'cluster-tier-unsuited',
  title: "a cluster's tier should suit what it is for",
  why: 'Free promises nothing about the API server and is meant for tests; Premium is paid for its long-term support',
  fix: 'write Standard in production; Premium only with supportPlan: AKSLongTermSupport',
  source: 'https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers',
  example: { wrong: 'tier: Premium', right: 'tier: Standard' },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  *plan({ resources, stage }) {
    for (const cluster of ofType(resources, clusterType)) {
      const { sku, supportPlan } = cluster.inputs;
      const tier = text(object(sku).tier)?.toLowerCase() ?? (isPresent(sku) ? undefined : 'free');
      // One node goes down with every upgrade, and a promise about the API server doesn't change that.
      if (tier === 'free' && stage === 'production' && hasSeveralNodes(cluster, resources))
        yield {
          resource: cluster.name,
          input: 'sku.tier',
          message: 'a cluster of several nodes is in production without any promise about its API server',
          help: `Standard, ${fee('Standard')} more`,
          suggestion: { value: 'Standard', safe: false },
        };
      else if (tier === 'premium' && !mayBeLongTerm(supportPlan))
        yield {
          resource: cluster.name,
          input: 'sku.tier',
          message: 'the tier Premium is paid for long-term support, which supportPlan does not ask for',
          help: `Standard, ${fee('Standard')} instead of ${fee('Premium')}; or supportPlan: AKSLongTermSupport`,
          suggestion: { value: 'Standard', safe: false },
        };
    }
  },
});

const fee = (tier: 'Standard' | 'Premium'): string =>
  `${((aksTier(tier)?.usd ?? 0) * hoursPerMonth).toFixed(2)} USD/month`;

const mayBeLongTerm = (plan: unknown): boolean =>
  isPresent(plan) && (text(plan) ?? 'akslongtermsupport').toLowerCase() === 'akslongtermsupport';

/** Certainly more than one node, in the cluster's own pools and those beside it. */
function hasSeveralNodes(cluster: Resource, resources: PolicyContext['resources']): boolean {
  const beside = ofType(resources, 'azure-native:containerservice:AgentPool');
  const counts = [cluster, ...beside]
    .flatMap(poolsOf)
    .map(({ inputs }) =>
      inputs.enableAutoScaling === true ? (number(inputs.minCount) ?? 0) : (number(inputs.count) ?? 0),
    );
  return counts.reduce((sum, count) => sum + count, 0) > 1;
}
