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

export type ProviderInputs = { required: readonly string[]; all: ReadonlySet<string>; lists: ReadonlySet<string> };

type Data = { madeFrom: string; apiVersions: Record<string, string>; types: Record<string, Record<string, string>> };

/** Which version of Azure's interface the SDK asks for a type, as `2024-11-01`, and which SDK that is. */
export function apiVersionOfSdk(type: string): { version: string; sdk: string } | undefined {
  const { apiVersions, madeFrom } = readData<Data>('provider-inputs.json');
  const version = own(apiVersions, type);
  return version === undefined ? undefined : { version, sdk: madeFrom };
}

const cache = new Map<string, ProviderInputs>();

/** What a type takes at its top level; nothing for a type that is not known. */
export function providerInputs(type: string): ProviderInputs {
  const cached = cache.get(type);
  if (cached) return cached;
  const { types } = readData<Data>('provider-inputs.json');
  const inputs = Object.entries(own(types, type) ?? {});
  const having = (mark: string): string[] => inputs.flatMap(([name, marks]) => (marks.includes(mark) ? [name] : []));
  const found = { required: having('!'), all: new Set(inputs.map(([name]) => name)), lists: new Set(having('[]')) };
  cache.set(type, found);
  return found;
}
