import { roleNameOf } from '../src/catalog/roles.ts';
import { definePolicy, type PolicyContext } from '../src/policy/policy.ts';
import { items, object, referenceOf, text } from '../src/views.ts';

// Whoever has one of these on a vault can read, change or destroy everything in it, or give himself the right to.
const vaultRoles = ['Key Vault Administrator', 'Key Vault Purge Operator'];
const generalRoles = [
  'Owner',
  'Contributor',
  'User Access Administrator',
  'Role Based Access Control Administrator',
  'Key Vault Contributor',
];
const broadPermissions = ['all', 'purge'];

export default definePolicy({
  id: 'keyvault-broad-permissions',
  title: 'nobody gets more of the vault than reading or writing secrets',
  why: 'whoever takes over such an identity has every secret, and can destroy them for good',
  fix: 'grant "Key Vault Secrets User" to readers and "Key Vault Secrets Officer" to writers; name single permissions instead of all and purge',
  source:
    'https://learn.microsoft.com/azure/key-vault/general/rbac-guide#best-practices-for-individual-keys-secrets-and-certificates-role-assignments',
  levels: { production: 'mandatory', development: 'advisory' },
  waivable: true,
  resource: {
    *'azure-native:keyvault:Vault'(vault) {
      const properties = object(vault.inputs.properties);
      // With RBAC the vault ignores its access policies.
      if (properties.enableRbacAuthorization === true) return;
      for (const [index, policy] of items(properties.accessPolicies).entries()) {
        for (const [kind, list] of Object.entries(object(object(policy).permissions))) {
          for (const [position, permission] of items(list).entries()) {
            if (!broadPermissions.includes(text(permission)?.toLowerCase() ?? '')) continue;
            yield {
              input: `properties.accessPolicies[${index}].permissions.${kind}[${position}]`,
              message: `the permission "${text(permission)}" on ${kind} is broader than anybody needs`,
            };
          }
        }
      }
    },
  },
  *plan(context) {
    for (const { type, name, inputs } of context.resources) {
      if (type !== 'azure-native:authorization:RoleAssignment') continue;
      const role = roleNameOf(text(inputs.roleDefinitionId) ?? '');
      if (!role) continue;
      const onVault = isVault(inputs.scope, context);
      if (vaultRoles.includes(role) || (onVault && generalRoles.includes(role))) {
        yield {
          resource: name,
          input: 'roleDefinitionId',
          message: `the role "${role}" gives more of the vault than anybody needs`,
          note: 'everything in the vault',
        };
      }
    }
  },
});

function isVault(scope: unknown, { resource }: PolicyContext): boolean {
  const referred = referenceOf(scope);
  const type = referred === undefined ? undefined : resource(referred)?.type;
  return (
    type === 'azure-native:keyvault:Vault' ||
    type === 'azure-native:keyvault:Secret' ||
    /\/providers\/Microsoft\.KeyVault\/vaults\//i.test(text(scope) ?? '')
  );
}
