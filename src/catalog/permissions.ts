import { own, readData } from './files.ts';

/** A type of Azure's resource manager, and what creating one takes besides writing it. */
type Permission = { type: string; also?: string[] };

/** https://learn.microsoft.com/azure/role-based-access-control/permissions/ */
export const permissionsOf = (token: string): Permission | undefined =>
  own(readData<{ types: Record<string, Permission> }>('permissions.json').types, token);
