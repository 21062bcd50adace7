import { definePolicy, type Finding } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';
import { vaultsNamed, vaultsOf } from '../src/policy/scopes.ts';
import { vaultGrants } from '../src/policy/vault-rights.ts';
import { items, object, text } from '../src/views.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const zeros = /^[0-]+$/;
// What a template left open has a policy of its own.
const leftOpen = /[<>{}]|\byour-|\bTODO\b|\bchangeme\b/i;

export default definePolicy({
  id: 'keyvault-foreign-principal',
  title: "only known people and identities of the vault's own tenant get rights on it",
  why: 'nobody in the organisation can say who stands behind a principal of another tenant, or an id that names nobody',
  fix: 'write the object id (not the client id) of a user, group or identity of the tenant of the vault',
  source: 'https://learn.microsoft.com/azure/key-vault/general/assign-access-policy',
  example: {
    wrong: 'objectId: 00000000-0000-0000-0000-000000000000',
    right: 'objectId: the object id of an identity of the tenant',
  },
  levels: { production: 'mandatory', development: 'advisory' },
  waivable: true,
  *plan(context) {
    const { resources } = context;
    for (const vault of vaultsOf(resources)) {
      const { accessPolicies, tenantId } = object(vault.inputs.properties);
      for (const [index, entry] of items(accessPolicies).entries())
        yield* ofEntry(vault.name, `properties.accessPolicies[${index}]`, entry, text(tenantId));
    }
    for (const { name, inputs } of ofType(resources, 'azure-native:keyvault:AccessPolicy')) {
      const [vault] = vaultsNamed(inputs.vaultName, resources);
      yield* ofEntry(name, 'policy', inputs.policy, text(object(vault?.inputs.properties).tenantId));
    }
    for (const grant of vaultGrants(resources)) {
      if (grant.by !== 'role' || (grant.vaults.length === 0 && grant.role.data.size === 0)) continue;
      const { principalId, principalType } = context.resource(grant.resource)?.inputs ?? {};
      yield* named(grant.resource, 'principalId', principalId);
      if (text(principalType)?.toLowerCase() === 'foreigngroup')
        yield {
          resource: grant.resource,
          input: 'principalType',
          message: `a group of another tenant gets the role "${grant.role.name}"`,
        };
    }
  },
});

function* ofEntry(resource: string, at: string, value: unknown, home: string | undefined): Generator<Finding> {
  const { objectId, tenantId } = object(value);
  yield* named(resource, `${at}.objectId`, objectId);
  const tenant = text(tenantId);
  if (tenant === undefined || leftOpen.test(tenant)) return;
  if (zeros.test(tenant) || tenant === '')
    yield { resource, input: `${at}.tenantId`, message: `"${tenant}" names no tenant` };
  else if (home !== undefined && guid.test(home) && tenant.toLowerCase() !== home.toLowerCase())
    yield { resource, input: `${at}.tenantId`, message: `"${tenant}" is another tenant than the vault's` };
}

function* named(resource: string, input: string, value: unknown): Generator<Finding> {
  const id = text(value);
  if (id === undefined || leftOpen.test(id) || (guid.test(id) && !zeros.test(id))) return;
  yield { resource, input, message: `"${id}" names nobody: the object id of a principal is expected` };
}
