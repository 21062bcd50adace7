import { definePolicy } from '../src/policy/policy.ts';
import { isPresent, object, text } from '../src/views.ts';

export default definePolicy({
  id: 'cluster-support-plan-refused',
  title: 'long-term support needs the tier Premium',
  why: 'Azure refuses the cluster: the support plan and the tier are chosen together or not at all',
  fix: 'set sku.tier: Premium, or supportPlan: KubernetesOfficial',
  source: 'https://learn.microsoft.com/azure/aks/long-term-support',
  example: {
    wrong: '{ sku: { tier: Free }, supportPlan: AKSLongTermSupport }',
    right: '{ sku: { tier: Premium }, supportPlan: AKSLongTermSupport }',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: {
    *'azure-native:containerservice:ManagedCluster'({ inputs: { sku, supportPlan } }) {
      if (text(supportPlan)?.toLowerCase() !== 'akslongtermsupport') return;
      const tier = isPresent(sku) && object(sku) !== sku ? undefined : (object(sku).tier ?? 'Free');
      if (text(tier) !== undefined && text(tier)?.toLowerCase() !== 'premium')
        yield {
          input: 'supportPlan',
          message: `long-term support needs the tier Premium, and this is "${text(tier)}"`,
        };
    },
  },
});
