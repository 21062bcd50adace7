import { poolInputs } from '../src/policy/node-pools.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';
import { isPresent, items } from '../src/views.ts';

export default definePolicy({
  id: 'pool-outside-network',
  title: 'where there is a virtual network the nodes should be in it',
  why: 'without a subnet AKS makes a network of its own: the rules of a network security group elsewhere do nothing for the nodes',
  fix: 'set vnetSubnetID of every pool; it can only be chosen when the cluster is made',
  source: 'https://learn.microsoft.com/azure/aks/concepts-network-cni-overview',
  example: {
    wrong: 'agentPoolProfiles: [{ name: system }]',
    right: 'agentPoolProfiles: [{ name: system, vnetSubnetID: the id of the Subnet }]',
  },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  *plan({ resources }) {
    const [network] = ofType(resources, 'azure-native:network:VirtualNetwork');
    if (!network || poolInputs(resources).some(({ vnetSubnetID }) => isPresent(vnetSubnetID))) return;
    for (const { name, inputs } of ofType(resources, 'azure-native:containerservice:ManagedCluster')) {
      if (items(inputs.agentPoolProfiles).length > 0)
        yield {
          resource: name,
          input: 'agentPoolProfiles[0].vnetSubnetID',
          message: `the nodes are not in the network "${network.name}"`,
        };
    }
  },
});
