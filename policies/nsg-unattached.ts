import { definePolicy } from '../src/policy/policy.ts';
import { securityGroups } from '../src/policy/reach/groups.ts';

export default definePolicy({
  id: 'nsg-unattached',
  title: 'a network security group should be on a subnet or a network interface',
  why: 'a group that is on nothing protects nothing and opens nothing: the subnets beside it stand without it',
  fix: 'set networkSecurityGroup.id of the subnet of the nodes, or remove the group',
  source: 'https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview',
  example: {
    wrong: 'a NetworkSecurityGroup that no Subnet names',
    right: 'networkSecurityGroup: { id: the id of the group } on the Subnet',
  },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  *plan({ resources }) {
    for (const { name, attached } of securityGroups(resources)) {
      if (attached === 'nowhere')
        yield {
          resource: name,
          message: `the network security group "${name}" is on no subnet and no network interface`,
        };
    }
  },
});
