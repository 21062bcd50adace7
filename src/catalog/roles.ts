import { own, readData } from './files.ts';

type Roles = { roles: Record<string, { guid: string }> };

const roles = (): Roles['roles'] => readData<Roles>('roles.json').roles;

/** Names of the built-in roles the catalog knows, sorted. */
export const roleNames = (): readonly string[] => Object.keys(roles());

/** GUID of a built-in role by its exact name; names are written in code, so an unknown one is a fault there. */
export function roleGuid(name: string): string {
  const found = own(roles(), name);
  if (!found) throw new Error(`the catalog knows no Azure role "${name}"`);
  return found.guid;
}

let namesByGuid: Map<string, string> | undefined;

/** The name of a role by the id of its definition, which ends in the role's GUID, or by itself; undefined for roles the catalog lacks. */
export function roleNameOf(definitionId: string): string | undefined {
  namesByGuid ??= new Map(
    Object.entries(roles()).flatMap(([name, { guid }]) => [guid, name.toLowerCase()].map((id) => [id, name] as const)),
  );
  return namesByGuid.get(guidOf(definitionId));
}

/** The GUID at the end of a role definition's id, in lower case. */
export const guidOf = (definitionId: string): string =>
  definitionId.slice(definitionId.lastIndexOf('/') + 1).toLowerCase();

/** What a role allows, as Azure writes it: with wildcards, in any case. */
export type RoleActions = {
  actions?: readonly string[];
  notActions?: readonly string[];
  dataActions?: readonly string[];
  notDataActions?: readonly string[];
};

/** What a built-in role allows on a key vault and on what is in it; undefined for a role that does not bear on vaults. */
export const vaultRoleActions = (name: string): RoleActions | undefined =>
  own(readData<{ roles: Record<string, RoleActions> }>('vault-roles.json').roles, name);
