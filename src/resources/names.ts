import { roleGuid } from '../catalog/roles.ts';
import { fingerprint } from '../fingerprint.ts';
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
    gatewayIdentity: (): string => `${base()}-gateway-id`,
    workspace: (): string => `${base()}-logs`,
    collectionRule: (): string => `${base()}-containers`,
    actionGroup: (): string => `${base()}-notify`,
    alert: (what: string): string => `${base()}-${what}`,
    backupVault: (): string => `${base()}-backups`,
    /** Snapshots of the disk; apart, because the backup vault may write in there and nowhere else. */
    snapshotGroup: (): string => `${resourceGroup()}-backups`,
    offHours: (what: 'stop' | 'start'): string => `${base()}-${what}`,
    scheduleIdentity: (): string => `${base()}-schedule-id`,
    budget: (): string => `${base()}-budget`,
    dataDisk: (): string => `${base()}-data`,
    /** Unique in all of Azure and 24 characters at most. */
    vault: (): string => `${base().slice(0, 15).replace(/-$/, '')}-${suffix()}`,
    /** Unique in all of Azure, 24 characters at most, and neither capitals nor hyphens. */
    storageAccount: (): string => `${base().replaceAll('-', '').slice(0, 16)}${suffix()}`,
    /** Workbooks have GUIDs for names. */
    workbook: (): string => guid(`${spec.azure.subscription.toLowerCase()}/${resourceGroup()}/${base()}/workbook`),
    /** Kubernetes names live in a cluster of their own, so the service's name is enough. */
    kubernetes: (): string => spec.metadata.name,
    /** The id of a role definition; https://learn.microsoft.com/azure/role-based-access-control/built-in-roles. */
    role: (role: string): string =>
      `/subscriptions/${spec.azure.subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleGuid(role)}`,
  };
}

/** A GUID of version 8, whose bits are the maker's own (https://datatracker.ietf.org/doc/html/rfc9562#section-5.8). */
function guid(text: string): string {
  const hex = [0, 1, 2, 3].map((part) => fingerprint(`${part}/${text}`)).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
