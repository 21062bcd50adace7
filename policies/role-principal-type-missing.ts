import { definePolicy } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';
import { isPresent, referenceOf } from '../src/views.ts';

export default definePolicy({
  id: 'role-principal-type-missing',
  title: 'a grant to an identity of the same program must say what kind of principal it is',
  why: 'Azure looks the new identity up in a copy of the directory that does not have it yet, and refuses the grant (PrincipalNotFound)',
  fix: 'set principalType: ServicePrincipal',
  source:
    'https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---assigning-a-role-to-a-new-principal-sometimes-fails',
  example: {
    wrong: '{ principalId: identity.principalId }',
    right: '{ principalId: identity.principalId, principalType: ServicePrincipal }',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  *plan({ resources, resource }) {
    for (const { name, inputs } of ofType(resources, 'azure-native:authorization:RoleAssignment')) {
      const principal = resource(referenceOf(inputs.principalId) ?? '');
      if (principal?.type === 'azure-native:managedidentity:UserAssignedIdentity' && !isPresent(inputs.principalType))
        yield {
          resource: name,
          input: 'principalType',
          message: `the grant to "${principal.name}" has no principalType`,
        };
    }
  },
});
