import { definePolicy } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';

const rules = ['loadBalancingRules', 'inboundNatRules', 'inboundNatPools', 'outboundRules'];

export default definePolicy({
  id: 'load-balancer-unused',
  title: 'a cluster needs no load balancer beside its own',
  why: 'AKS makes and manages a load balancer in the node resource group, and Services use that one only; another is paid for in vain',
  fix: 'remove it; a Service of type LoadBalancer is what opens a port',
  source: 'https://learn.microsoft.com/azure/aks/load-balancer-standard',
  example: { wrong: 'a LoadBalancer beside the cluster', right: 'a Service with spec: { type: LoadBalancer }' },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  *plan({ resources, usersOf }) {
    if (ofType(resources, 'azure-native:containerservice:ManagedCluster').length === 0) return;
    for (const { name, inputs } of ofType(resources, 'azure-native:network:LoadBalancer')) {
      const routes = rules.some((key) => {
        const list = inputs[key];
        return list !== undefined && !(Array.isArray(list) && list.length === 0);
      });
      if (!routes && usersOf(name).length === 0)
        yield { resource: name, message: `the load balancer "${name}" has no rules and routes nothing` };
    }
  },
});
