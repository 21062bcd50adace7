import { own, readData } from './files.ts';

/** A type of Azure's resource manager, and what creating one takes besides writing it. */
type Permission = { type: string; also?: string[] };

const types = (): Record<string, Permission> =>
  readData<{ types: Record<string, Permission> }>('permissions.json').types;

/** https://learn.microsoft.com/azure/role-based-access-control/permissions/ */
export const permissionsOf = (token: string): Permission | undefined => own(types(), token);

/** The type that Pulumi knows one of Azure's by, whose names have no case; undefined for one that no plan has. */
export const tokenOf = (azureType: string): string | undefined =>
  Object.entries(types()).find(([, { type }]) => type.toLowerCase() === azureType.toLowerCase())?.[0];
