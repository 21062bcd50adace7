import type { Resource } from '../plan.ts';
import { referenceOf, text } from '../views.ts';
import { currentType } from './provider-types.ts';
import { ofType } from './references.ts';

/** How much of Azure a scope covers, as far as key vaults go; everything else is `other`. */
export type Scope = {
  reach: 'subscription' | 'group' | 'vault' | 'object' | 'other';
  /** The vaults of the same program it covers. */
  vaults: readonly Resource[];
  /** The resource in a vault, by the name of the program or in the vault. */
  object?: string;
};

const vaultType = 'azure-native:keyvault:Vault';
const contents = ['azure-native:keyvault:Secret', 'azure-native:keyvault:Key'];
const nowhere: Scope = { reach: 'other', vaults: [] };

export const vaultsOf = (resources: readonly Resource[]): readonly Resource[] => ofType(resources, vaultType);

/** What a role is assigned on, by reference or by Azure's id in any case. */
export function scopeOf(scope: unknown, resources: readonly Resource[]): Scope {
  const referred = referenceOf(scope);
  if (referred !== undefined) {
    const target = resources.find(({ name }) => name === referred);
    return target ? scopeOfResource(target, resources) : nowhere;
  }
  const id = text(scope)?.toLowerCase().replace(/\/$/, '');
  return id === undefined ? nowhere : scopeOfId(id, resources);
}

function scopeOfResource(target: Resource, resources: readonly Resource[]): Scope {
  const type = currentType(target.type);
  const vaults = vaultsOf(resources);
  if (type === vaultType) return { reach: 'vault', vaults: [target] };
  if (contents.includes(type))
    return { reach: 'object', vaults: vaultsNamed(target.inputs.vaultName, resources), object: target.name };
  if (type === 'azure-native:resources:ResourceGroup')
    return { reach: 'group', vaults: vaults.filter(({ inputs }) => sameGroup(inputs.resourceGroupName, target)) };
  return nowhere;
}

function scopeOfId(id: string, resources: readonly Resource[]): Scope {
  const vaults = vaultsOf(resources);
  const parts = /^\/subscriptions\/[^/]+(?:\/resourcegroups\/([^/]+)(\/providers\/.+)?)?$/.exec(id);
  if (!parts)
    return id === '' || id.startsWith('/providers/microsoft.management/managementgroups/')
      ? { reach: 'subscription', vaults }
      : nowhere;
  const [, group, below] = parts;
  if (group === undefined) return { reach: 'subscription', vaults };
  const inGroup = vaults.filter(({ inputs }) => nameOfGroup(inputs.resourceGroupName, resources) === group);
  if (below === undefined) return { reach: 'group', vaults: inGroup };
  const [, vault, object] =
    /^\/providers\/microsoft\.keyvault\/vaults\/([^/]+)(?:\/(?:secrets|keys|certificates)\/([^/]+))?$/.exec(below) ??
    [];
  if (vault === undefined) return nowhere;
  const named = vaults.filter(({ inputs }) => text(inputs.vaultName)?.toLowerCase() === vault);
  return object === undefined ? { reach: 'vault', vaults: named } : { reach: 'object', vaults: named, object };
}

/** The vaults meant by a `vaultName`, which is a reference or a name in any case. */
export function vaultsNamed(vaultName: unknown, resources: readonly Resource[]): readonly Resource[] {
  const referred = referenceOf(vaultName);
  const written = text(vaultName)?.toLowerCase();
  return vaultsOf(resources).filter(
    ({ name, inputs }) =>
      name === referred || (written !== undefined && text(inputs.vaultName)?.toLowerCase() === written),
  );
}

const sameGroup = (value: unknown, group: Resource): boolean => {
  const written = text(value)?.toLowerCase();
  return (
    referenceOf(value) === group.name ||
    (written !== undefined && written === text(group.inputs.resourceGroupName)?.toLowerCase())
  );
};

function nameOfGroup(value: unknown, resources: readonly Resource[]): string | undefined {
  const referred = referenceOf(value);
  const group = ofType(resources, 'azure-native:resources:ResourceGroup').find(({ name }) => name === referred);
  return (text(value) ?? text(group?.inputs.resourceGroupName))?.toLowerCase();
}
