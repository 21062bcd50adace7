import type { Resource } from '../src/plan.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { hasEffect, type VaultGrant, vaultGrants } from '../src/policy/vault-rights.ts';
import { items, object } from '../src/views.ts';

export default definePolicy({
  id: 'keyvault-grant-without-effect',
  title: 'a right on a vault must be given in the way that the vault goes by',
  why: 'a vault asks either roles or its access policies, never both: whoever has the other kind is refused (403) once the pods run',
  fix: 'assign a role where enableRbacAuthorization is true, and write an access policy where it is not (in a spec one grant with permissions makes it a vault of access policies)',
  source: 'https://learn.microsoft.com/azure/key-vault/general/rbac-access-policy',
  example: {
    wrong: '{ enableRbacAuthorization: true, accessPolicies: [...] }',
    right: '{ enableRbacAuthorization: true } and a RoleAssignment',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  *plan({ resources }) {
    const grants = vaultGrants(resources);
    for (const grant of grants) {
      const [vault] = grant.vaults;
      if (!vault) continue;
      if (grant.by === 'policy' && grant.standsAlone && listsPolicies(vault))
        yield {
          resource: grant.resource,
          input: 'vaultName',
          message: `the vault "${vault.name}" lists access policies itself: its next update takes this one away`,
          help: 'write all of them in the list of the vault, or all of them beside it',
        };
      else if (!hasEffect(grant) && !hasAnother(grant, grants)) {
        if (grant.by === 'policy')
          yield {
            resource: grant.resource,
            input: grant.at,
            message: `the vault "${vault.name}" goes by roles and passes over this access policy`,
          };
        // A role on more than the vault may be meant for another one.
        else if (['vault', 'object'].includes(grant.scope.reach))
          yield {
            resource: grant.resource,
            input: 'roleDefinitionId',
            message: `the vault "${vault.name}" goes by access policies and passes over the role "${grant.role.name}"`,
          };
      }
    }
  },
});

const listsPolicies = ({ inputs }: Resource): boolean => items(object(inputs.properties).accessPolicies).length > 0;

/** While a vault moves from one way to the other, people have both; who is not known may be one of them. */
const hasAnother = (grant: VaultGrant, grants: readonly VaultGrant[]): boolean =>
  grants.some(
    (other) =>
      other.by !== grant.by &&
      (grant.principal === undefined || other.principal === grant.principal) &&
      hasEffect(other) &&
      other.vaults.some((vault) => grant.vaults.includes(vault)),
  );
