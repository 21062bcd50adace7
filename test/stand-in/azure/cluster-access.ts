import type { ManagedClusterArgs } from '@pulumi/azure-native/containerservice/index.js';
import type { Held } from '../cloud.ts';
import { badRequest, changeNotAllowed, invalidParameter, notFound } from './error.ts';
import type { Write } from './resource-type.ts';
import type { World } from './world.ts';

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** https://learn.microsoft.com/azure/aks/entra-id-control-plane-authentication and `…/local-accounts` */
export function checkAccess({ inputs, before }: Write<ManagedClusterArgs>): void {
  const { aadProfile: entra, disableLocalAccounts } = inputs;
  if (disableLocalAccounts && !entra?.managed)
    throw badRequest(
      'InvalidParameter',
      'Local accounts can be disabled only with managed Microsoft Entra integration.',
    );
  if (before?.inputs.aadProfile && !entra) throw changeNotAllowed('properties.aadProfile');
  if (!entra) return;
  // https://learn.microsoft.com/azure/aks/azure-ad-integration-cli: the integration with applications of one's own is gone.
  if (!entra.managed || entra.clientAppID || entra.serverAppID || entra.serverAppSecret)
    throw badRequest('BadRequest', 'Microsoft Entra integration is managed by AKS: aadProfile.managed must be true.');
  for (const id of [...(entra.adminGroupObjectIDs ?? []), ...(entra.tenantID ? [entra.tenantID] : [])])
    if (!guidPattern.test(id)) throw invalidParameter('aadProfile', `'${id}' is not a GUID.`);
}

/** https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-monitoring-enable; the message as in https://github.com/Azure/AKS/issues/1380 */
export function checkMonitoring({ world, inputs }: Write<ManagedClusterArgs>): void {
  const find = <T>(values: Record<string, T> | undefined, key: string): T | undefined =>
    Object.entries(values ?? {}).find(([name]) => name.toLowerCase() === key)?.[1]; // AKS ignores case here
  const agent = find(inputs.addonProfiles, 'omsagent');
  if (!agent?.enabled) return;
  const id = find(agent.config, 'loganalyticsworkspaceresourceid');
  if (!id)
    throw invalidParameter('addonProfiles.omsagent.config', 'logAnalyticsWorkspaceResourceID is missing or empty.');
  if (world.get(id)?.type !== 'azure-native:operationalinsights:Workspace')
    throw notFound(
      'ResourceNotFound',
      `Unable to get log analytics workspace info. Resource ID: ${id}. For more details about how to create and use log analytics workspace, please refer to: https://aka.ms/new-log-analytics`,
    );
}

type Entra = { enableAzureRBAC?: boolean; adminGroupObjectIDs?: readonly string[] };

/**
 * Why an Entra cluster would not let the deployer change anything in it, or nothing. Whoever is in its admin groups may;
 * who that is nobody knows here (https://learn.microsoft.com/azure/aks/manage-azure-rbac).
 */
export function noEntry(world: World, cluster: Held): string | undefined {
  const { enableAzureRBAC, adminGroupObjectIDs = [] } = cluster.inputs.aadProfile as Entra;
  const { objectId } = world.account;
  if (adminGroupObjectIDs.length > 0) return undefined;
  if (!enableAzureRBAC)
    return `namespaces is forbidden: User "${objectId}" cannot list resource "namespaces" in API group "" at the cluster scope`;
  if (world.holds(objectId, ['Azure Kubernetes Service RBAC Cluster Admin'], cluster.id)) return undefined;
  return `namespaces is forbidden: User "${objectId}" cannot list resource "namespaces" in API group "" at the cluster scope: User does not have access to the resource in Azure. Update role assignment to allow access.`;
}
