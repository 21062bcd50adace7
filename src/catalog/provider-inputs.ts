import { own, readData } from './files.ts';

/** The types whose inputs are known: `npm run gen` reads them off the SDK's declarations. */
export const providerTypes = [
  'azure-native:authorization:RoleAssignment',
  'azure-native:compute:Disk',
  'azure-native:consumption:Budget',
  'azure-native:containerservice:AgentPool',
  'azure-native:containerservice:ManagedCluster',
  'azure-native:keyvault:Secret',
  'azure-native:keyvault:Vault',
  'azure-native:managedidentity:UserAssignedIdentity',
  'azure-native:monitor:ActionGroup',
  'azure-native:monitor:MetricAlert',
  'azure-native:network:LoadBalancer',
  'azure-native:network:NetworkSecurityGroup',
  'azure-native:network:PublicIPAddress',
  'azure-native:network:Subnet',
  'azure-native:network:VirtualNetwork',
  'azure-native:operationalinsights:Workspace',
] as const;

export type ProviderInput = { name: string; required: boolean; list: boolean };

/** What a type takes at its top level; nothing for a type that is not known. */
export function providerInputs(type: string): ProviderInput[] {
  const { types } = readData<{ types: Record<string, Record<string, string>> }>('provider-inputs.json');
  return Object.entries(own(types, type) ?? {}).map(([name, flags]) => ({
    name,
    required: flags.includes('!'),
    list: flags.includes('[]'),
  }));
}
