import { definePolicy, type Finding } from '../src/policy/policy.ts';
import { hasEverything, isMetadata } from '../src/policy/role-rights.ts';
import { hasEffect, type PolicyGrant, type RoleGrant, vaultGrants } from '../src/policy/vault-rights.ts';

// Whoever has one of these can empty the vault for good.
const broadPermissions = ['all', 'purge'];

export default definePolicy({
  id: 'keyvault-broad-permissions',
  title: 'nobody gets more of the vault than reading or writing secrets',
  why: 'whoever takes over such an identity has every secret, and can destroy them for good',
  fix: 'grant "Key Vault Secrets User" to readers and "Key Vault Secrets Officer" to writers, on the vault; name single permissions instead of all and purge',
  source:
    'https://learn.microsoft.com/azure/key-vault/general/rbac-guide#best-practices-for-individual-keys-secrets-and-certificates-role-assignments',
  example: { wrong: 'permissions: { secrets: [all] }', right: 'permissions: { secrets: [get] }' },
  levels: { production: 'mandatory', development: 'advisory' },
  waivable: true,
  *plan({ resources }) {
    for (const grant of vaultGrants(resources)) {
      if (!hasEffect(grant)) continue;
      if (grant.by === 'policy') yield* ofPolicy(grant);
      else if (!grant.conditional) yield* ofRole(grant);
    }
  },
});

function* ofPolicy({ resource, rights, workload }: PolicyGrant): Generator<Finding> {
  for (const { kind, permission, input } of rights) {
    const asked = permission.toLowerCase();
    if (broadPermissions.includes(asked))
      yield { resource, input, message: `the permission "${permission}" on ${kind} is broader than anybody needs` };
    else if (asked === 'delete' && workload)
      yield {
        resource,
        input,
        message: `with "${permission}" on ${kind} the pods of "${workload.name}" can destroy what they use`,
      };
  }
}

function* ofRole({ resource, role, scope, vaults, workload }: RoleGrant): Generator<Finding> {
  const onVault = vaults.length > 0 || scope.reach === 'vault' || scope.reach === 'object';
  const destroys = [...role.data].some((right) => /\/(delete|purge)$/.test(right));
  if (
    hasEverything(role) ||
    (role.purges && !role.manages) ||
    (onVault && (role.manages || role.assigns)) ||
    (workload && destroys)
  )
    yield {
      resource,
      input: 'roleDefinitionId',
      message: `the role "${role.name}" gives more of the vault than anybody needs`,
      note: workload ? `to pods, which act as "${workload.name}"` : 'everything in the vault',
    };
  else if (scope.reach === 'subscription' && [...role.data].some((right) => !isMetadata(right)))
    yield {
      resource,
      input: 'scope',
      message: `here the role "${role.name}" reaches every vault of a subscription, those to come included`,
      help: 'assign it on the vault',
    };
}
