import { definePolicy } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';

// They give an identity rights; none of them uses it.
const grants = [
  'azure-native:authorization:RoleAssignment',
  'azure-native:keyvault:Vault',
  'azure-native:keyvault:AccessPolicy',
];

export default definePolicy({
  id: 'identity-unused',
  title: 'an identity should be used by something',
  why: 'nothing acts in its name, so its rights help nobody but the one who takes it over',
  fix: 'give it to the cluster, or bind it to a service account by a federated credential; else remove it',
  source: 'https://learn.microsoft.com/azure/aks/workload-identity-overview',
  example: {
    wrong: 'a UserAssignedIdentity with a role and without a user',
    right: 'identity: { type: UserAssigned, userAssignedIdentities: [...] }',
  },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  wholePlan: true,
  waivable: true,
  *plan({ resources, usersOf }) {
    for (const { name } of ofType(resources, 'azure-native:managedidentity:UserAssignedIdentity')) {
      const users = usersOf(name);
      if (users.some(({ type }) => !grants.includes(type))) continue;
      yield {
        resource: name,
        message: `nothing here acts as the identity "${name}"${users.length > 0 ? ', which has rights' : ''}`,
      };
    }
  },
});
