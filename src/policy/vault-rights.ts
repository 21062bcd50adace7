import type { Resource } from '../plan.ts';
import { isPresent, items, object, referenceOf, text } from '../views.ts';
import { ofTheLast } from './last.ts';
import { apiVersionOf, currentType } from './provider-types.ts';
import { ofType, usersByName } from './references.ts';
import { type Right, type RoleRights, roleRightsOf } from './role-rights.ts';
import { type Scope, scopeOf, vaultsNamed, vaultsOf } from './scopes.ts';

/** A right that an access policy names, with the input that does. */
export type NamedRight = { kind: string; permission: string; right: Right; input: string };

type Granted = {
  /** The resource that gives it. */
  resource: string;
  /** Who gets it: a resource of the program or an object id in lower case; undefined when not known. */
  principal: string | undefined;
  /** The identity of the same program, when pods act as it. */
  workload: Resource | undefined;
  vaults: readonly Resource[];
};
/** An entry of a vault's own list, or an AccessPolicy beside it. */
export type PolicyGrant = Granted & {
  by: 'policy';
  at: string;
  /** Beside the vault instead of in its list. */
  standsAlone: boolean;
  rights: readonly NamedRight[];
};
/** A role; `conditional` when something limits it that is not read here. */
export type RoleGrant = Granted & { by: 'role'; role: RoleRights; scope: Scope; conditional: boolean };
export type VaultGrant = PolicyGrant | RoleGrant;

/** Who may do what on which vault, whichever way it was given. Several policies ask, so it is kept. */
export const vaultGrants = ofTheLast((resources: readonly Resource[]): readonly VaultGrant[] => [
  ...policyGrants(resources),
  ...roleGrants(resources),
]);

function* policyGrants(resources: readonly Resource[]): Generator<PolicyGrant> {
  for (const vault of vaultsOf(resources)) {
    for (const [index, entry] of items(object(vault.inputs.properties).accessPolicies).entries())
      yield policyGrant(vault.name, `properties.accessPolicies[${index}]`, entry, [vault], resources, false);
  }
  for (const { name, inputs } of ofType(resources, 'azure-native:keyvault:AccessPolicy'))
    yield policyGrant(name, 'policy', inputs.policy, vaultsNamed(inputs.vaultName, resources), resources, true);
}

function policyGrant(
  resource: string,
  at: string,
  value: unknown,
  vaults: readonly Resource[],
  resources: readonly Resource[],
  standsAlone: boolean,
): PolicyGrant {
  const { objectId, permissions } = object(value);
  const rights = Object.entries(object(permissions)).flatMap(([kind, list]) =>
    items(list).flatMap((each, index): NamedRight[] => {
      const permission = text(each);
      if (permission === undefined) return [];
      return [
        {
          kind,
          permission,
          right: `${kind}/${permission.toLowerCase()}`,
          input: `${at}.permissions.${kind}[${index}]`,
        },
      ];
    }),
  );
  return { by: 'policy', resource, at, standsAlone, ...holder(objectId, resources), vaults, rights };
}

function* roleGrants(resources: readonly Resource[]): Generator<RoleGrant> {
  for (const { name, inputs } of ofType(resources, 'azure-native:authorization:RoleAssignment')) {
    const role = roleRightsOf(inputs.roleDefinitionId, resources);
    if (!role) continue;
    const scope = scopeOf(inputs.scope, resources);
    const conditional = isPresent(inputs.condition);
    yield {
      by: 'role',
      resource: name,
      ...holder(inputs.principalId, resources),
      vaults: scope.vaults,
      role,
      scope,
      conditional,
    };
  }
}

function holder(value: unknown, resources: readonly Resource[]): Pick<Granted, 'principal' | 'workload'> {
  const referred = referenceOf(value);
  const identity = resources.find(({ name }) => name === referred);
  return {
    principal: identity?.name ?? text(value)?.toLowerCase(),
    workload: identity && isWorkload(identity, resources) ? identity : undefined,
  };
}

/** Does a pod act as the identity: through a federated credential, a service account or the secrets store driver? */
function isWorkload({ type, name, inputs }: Resource, resources: readonly Resource[]): boolean {
  if (currentType(type) !== 'azure-native:managedidentity:UserAssignedIdentity') return false;
  const written = text(inputs.resourceName)?.toLowerCase();
  return (
    usersByName(resources)
      .get(name)
      ?.some((user) => currentType(user.type) === credential || user.type.startsWith('kubernetes:')) ||
    ofType(resources, credential).some(
      (each) => written !== undefined && text(each.inputs.resourceName)?.toLowerCase() === written,
    )
  );
}

const credential = 'azure-native:managedidentity:FederatedIdentityCredential';

/** Which model a vault goes by: roles, or its own access policies; undefined when that is not certain. */
export function modelOf({ type, inputs }: Resource): 'roles' | 'policies' | undefined {
  const properties = object(inputs.properties);
  const { enableRbacAuthorization: roles, createMode } = properties;
  if (typeof roles === 'boolean') return roles ? 'roles' : 'policies';
  // A recovered vault stays as it was; since this version of the API a new one goes by roles.
  const isOld = (apiVersionOf(type) ?? '') < '20260201';
  return !isPresent(roles) && !isPresent(createMode) && 'tenantId' in properties && isOld ? 'policies' : undefined;
}

/** Does the grant do anything? An access policy does nothing where roles decide, and the other way round. */
export function hasEffect(grant: VaultGrant): boolean {
  const [vault] = grant.vaults;
  if (!vault || grant.vaults.length > 1) return true;
  const model = modelOf(vault);
  return grant.by === 'policy' ? model !== 'roles' : model !== 'policies' || grant.role.manages || grant.role.assigns;
}
