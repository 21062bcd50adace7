import { definePolicy } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';
import { referenceOf, text } from '../src/views.ts';

export default definePolicy({
  id: 'budget-blind-to-nodes',
  title: 'the budget of a cluster should see the node resource group',
  why: "machines, their disks, load balancer and addresses are in the node resource group (MC_...): a budget on the cluster's own group stays near zero for ever",
  fix: 'set the scope to the subscription, with a filter on both groups',
  source: 'https://learn.microsoft.com/azure/aks/faq#why-are-two-resource-groups-created-with-aks',
  example: { wrong: 'scope: /subscriptions/ID/resourceGroups/perpetual-prod-rg', right: 'scope: /subscriptions/ID' },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  *plan({ resources }) {
    const groups = ofType(resources, 'azure-native:containerservice:ManagedCluster').map(
      ({ inputs }) => referenceOf(inputs.resourceGroupName) ?? text(inputs.resourceGroupName)?.toLowerCase(),
    );
    for (const { name, inputs } of ofType(resources, 'azure-native:consumption:Budget')) {
      const scope = text(inputs.scope)?.toLowerCase();
      const group = referenceOf(inputs.scope) ?? /\/resourcegroups\/([^/]+)\/?$/.exec(scope ?? '')?.[1];
      if (group !== undefined && groups.includes(group))
        yield { resource: name, input: 'scope', message: "the budget is on the cluster's own resource group" };
    }
  },
});
