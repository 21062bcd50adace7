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

/** The name of a role by the id of its definition, which ends in the role's GUID; undefined for roles the catalog lacks. */
export function roleNameOf(definitionId: string): string | undefined {
  const guid = definitionId.slice(definitionId.lastIndexOf('/') + 1).toLowerCase();
  return Object.entries(roles()).find(([, role]) => role.guid === guid)?.[0];
}
