import type { Resource } from '../src/plan.ts';
import { mountedFor } from '../src/policy/mounted-secrets.ts';
import { definePolicy, type Finding, type PolicyContext } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';
import { hasEverything, isMetadata, type Right } from '../src/policy/role-rights.ts';
import { vaultsNamed } from '../src/policy/scopes.ts';
import { hasEffect, type PolicyGrant, type RoleGrant, vaultGrants } from '../src/policy/vault-rights.ts';
import { text } from '../src/views.ts';

export default definePolicy({
  id: 'keyvault-unneeded-permissions',
  title: 'pods should have no more of a vault than they are seen to use',
  why: 'pods read secrets; every further right serves only the one who breaks into a pod',
  fix: 'leave "get" on secrets, or the role "Key Vault Secrets User" on the vault or the single secret',
  source: 'https://learn.microsoft.com/azure/key-vault/general/secure-key-vault#identity-and-access-management',
  example: { wrong: 'permissions: { secrets: [get, set] }', right: 'permissions: { secrets: [get] }' },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  *plan(context) {
    for (const grant of vaultGrants(context.resources)) {
      if (!hasEffect(grant)) continue;
      if (grant.by === 'policy') yield* ofPolicy(grant, context);
      else if (!grant.conditional && !hasEverything(grant.role)) yield* ofRole(grant, context);
    }
  },
});

// These are more than advice for pods: keyvault-broad-permissions says so.
const isBroad = (right: Right): boolean => /\/(all|purge|delete)$/.test(right);

function* ofPolicy({ resource, rights, workload, vaults }: PolicyGrant, context: PolicyContext): Generator<Finding> {
  if (!workload) return;
  const needed = neededBy(workload, vaults, context);
  for (const { kind, permission, right, input } of rights) {
    if (!isBroad(right) && !needed.has(right))
      yield {
        resource,
        input,
        message: `nothing here needs "${permission}" on ${kind} for the pods of "${workload.name}"`,
      };
  }
}

function* ofRole({ resource, role, scope, vaults, workload }: RoleGrant, context: PolicyContext): Generator<Finding> {
  const rights = [...role.data];
  if (workload && rights.some(isBroad)) return;
  const readsOrWrites = rights.some((right) => !isMetadata(right));
  if (workload && readsOrWrites) {
    const needed = neededBy(workload, vaults, context);
    const unneeded = rights.filter((right) => !needed.has(right));
    if (unneeded.length > 0)
      yield {
        resource,
        input: 'roleDefinitionId',
        message: `nothing here needs all that the role "${role.name}" gives the pods of "${workload.name}"`,
        note: shortened(unneeded),
      };
  }
  if (scope.reach === 'group' && readsOrWrites)
    yield {
      resource,
      input: 'scope',
      message: `here the role "${role.name}" reaches every vault of a resource group`,
      help: 'assign it on the vault',
    };
  else if (scope.reach === 'vault' && workload && role.data.has('secrets/get'))
    yield* onNeighbours(resource, workload, vaults, context);
}

const shortened = (rights: readonly Right[]): string =>
  `${rights.slice(0, 3).join(', ')}${rights.length > 3 ? ` and ${rights.length - 3} more` : ''}`;

/** Secrets of the same vault that no pod of the identity mounts, when it is known what they mount. */
function* onNeighbours(
  resource: string,
  workload: Resource,
  vaults: readonly Resource[],
  context: PolicyContext,
): Generator<Finding> {
  const mounted = mountedFor(workload, vaults, context)?.get('secrets');
  if (!mounted) return;
  const others = ofType(context.resources, 'azure-native:keyvault:Secret').filter(({ inputs }) => {
    const name = text(inputs.secretName)?.toLowerCase();
    return (
      name !== undefined &&
      !mounted.has(name) &&
      vaultsNamed(inputs.vaultName, context.resources).some((vault) => vaults.includes(vault))
    );
  });
  const [other] = others;
  if (other)
    yield {
      resource,
      input: 'scope',
      message: `the pods of "${workload.name}" mount ${mounted.size} of the vault's secrets and can read "${text(other.inputs.secretName)}" too`,
      help: 'assign the role on each secret they mount, or keep the others in a vault of their own',
    };
}

/** What pods may well need: to read secrets, and what the program itself shows they work with. */
function neededBy(workload: Resource, vaults: readonly Resource[], context: PolicyContext): ReadonlySet<Right> {
  const mounted = mountedFor(workload, vaults, context);
  const needed = new Set<Right>(['secrets/get', 'secrets/list']);
  const add = (kind: string, ...permissions: string[]): void => {
    for (const permission of permissions) needed.add(`${kind}/${permission}`);
  };
  if (mounted?.has('keys')) add('keys', 'get', 'list');
  // A certificate comes with its key.
  if (mounted?.has('certificates')) for (const kind of ['certificates', 'keys']) add(kind, 'get', 'list');
  const keys = ofType(context.resources, 'azure-native:keyvault:Key');
  if (keys.some(({ inputs }) => vaultsNamed(inputs.vaultName, context.resources).some((each) => vaults.includes(each))))
    add('keys', 'get', 'list', 'encrypt', 'decrypt', 'wrapkey', 'unwrapkey', 'sign', 'verify');
  return needed;
}
