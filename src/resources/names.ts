import { roleGuid } from '../catalog/roles.ts';
import type { Spec } from '../spec/schema.ts';

export type Names = ReturnType<typeof namesOf>;

/**
 * The names Azure and Kubernetes see. The limits of `metadata` keep every one of them within its own: the longest base
 * is 24 + 1 + 12 characters. Each function reads the spec when called, so that the name is traced to what it is made of.
 */
export function namesOf(spec: Spec) {
  const base = (): string => `${spec.metadata.name}-${spec.metadata.environment}`;
  // Eight hex digits of a hash: the same for the same subscription and environment, different for anybody else's.
  const suffix = (): string => fingerprint(`${spec.azure.subscription.toLowerCase()}/${base()}`);
  const resourceGroup = (): string => spec.azure.resourceGroup ?? `${base()}-rg`;
  return {
    base,
    resourceGroup,
    nodeResourceGroup: (): string => `${resourceGroup()}-nodes`,
    cluster: (): string => `${base()}-aks`,
    virtualNetwork: (): string => `${base()}-vnet`,
    networkSecurityGroup: (): string => `${base()}-nsg`,
    publicIp: (): string => `${base()}-ip`,
    clusterIdentity: (): string => `${base()}-aks-id`,
    workloadIdentity: (): string => `${base()}-node-id`,
    budget: (): string => `${base()}-budget`,
    dataDisk: (): string => `${base()}-data`,
    /** Unique in all of Azure and 24 characters at most. */
    vault: (): string => `${base().slice(0, 15).replace(/-$/, '')}-${suffix()}`,
    /** Kubernetes names live in a cluster of their own, so the service's name is enough. */
    kubernetes: (): string => spec.metadata.name,
    /** The id of a role definition; https://learn.microsoft.com/azure/role-based-access-control/built-in-roles. */
    role: (role: string): string =>
      `/subscriptions/${spec.azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleGuid(role)}`,
  };
}

/** FNV-1a, 32 bits, as 8 hex digits (https://datatracker.ietf.org/doc/html/rfc9923): loading a cryptographic hash takes longer than a check. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
