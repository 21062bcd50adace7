import { definePolicy } from '../src/policy/policy.ts';
import { cutsOf } from '../src/policy/reach/cuts.ts';
import { securityGroups } from '../src/policy/reach/groups.ts';
import { ofType } from '../src/policy/references.ts';

export default definePolicy({
  id: 'nsg-cuts-cluster-traffic',
  title: 'a rule that denies must leave in the load balancer and the network itself',
  why: "a deny of one's own comes before the rules by which Azure lets in its load balancer and the virtual network; the closing deny is there already, at 65500",
  fix: 'remove the rule, or put rules before it that allow AzureLoadBalancer and VirtualNetwork on all ports',
  source: 'https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules',
  example: {
    wrong: '{ priority: 4000, access: Deny, sourceAddressPrefix: "*" }',
    right: 'no rule: Azure closes with 65500',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  *plan({ resources }) {
    if (ofType(resources, 'azure-native:containerservice:ManagedCluster').length === 0) return;
    for (const group of securityGroups(resources)) {
      // One that can't be seen to be on anything may be on the nodes.
      if (!group.resource || !(group.guardsNodes || group.attached === 'elsewhere')) continue;
      for (const { rule, tags, losses } of cutsOf(group))
        yield {
          resource: rule.resource,
          input: rule.input === '' ? 'priority' : `${rule.input}.priority`,
          message: `"${rule.name}" keeps out ${tags.join(' and ')}`,
          note: losses.join('; '),
        };
    }
  },
});
