import { definePolicy } from '../src/policy/policy.ts';

export default definePolicy({
  id: 'type-nonexistent',
  title: 'a resource must be of a type that azure-native has',
  why: 'the type is that of another provider: the program does not compile, or the engine finds nobody who can make it',
  fix: 'set networkSecurityGroup: { id } on the Subnet',
  source: 'https://www.pulumi.com/registry/packages/azure-native/api-docs/network/subnet/',
  example: {
    wrong: 'new SubnetNetworkSecurityGroupAssociation(...)',
    right: 'networkSecurityGroup: { id: group.id } on the Subnet',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: {
    *'azure-native:network:SubnetNetworkSecurityGroupAssociation'() {
      yield { message: 'azure-native has no SubnetNetworkSecurityGroupAssociation' };
    },
  },
});
