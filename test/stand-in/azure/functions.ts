import type { Properties } from '../provider.ts';
import { badRequest, notFound } from './error.ts';
import type { World } from './world.ts';

/** In every kubeconfig of the stand-in, so that tests can look for it where no secret may be. */
export const kubeconfigToken = 'stand-in-kubeconfig-token-2b7e151628aed2a6';

type ClusterQuestion = { resourceGroupName: string; resourceName: string };

/** The provider's functions, by token. */
export const functions: Readonly<Record<string, (world: World, args: Properties) => Properties>> = {
  'azure-native:authorization:getClientConfig': ({ account }) => ({
    clientId: account.clientId,
    objectId: account.objectId,
    subscriptionId: account.subscriptionId,
    tenantId: account.tenantId,
  }),
  'azure-native:containerservice:listManagedClusterUserCredentials': (world, args) => {
    const cluster = asked(world, args as ClusterQuestion);
    return { kubeconfigs: [{ name: 'clusterUser', value: Buffer.from(kubeconfig(cluster)).toString('base64') }] };
  },
  // https://learn.microsoft.com/azure/aks/control-kubeconfig-access
  'azure-native:containerservice:listManagedClusterAdminCredentials': (world, args) => {
    const cluster = asked(world, args as ClusterQuestion);
    if (cluster.inputs.disableLocalAccounts)
      throw badRequest(
        'BadRequest',
        'Getting static credential is not allowed because this cluster is set to disable local accounts.',
      );
    return { kubeconfigs: [{ name: 'clusterAdmin', value: Buffer.from(kubeconfig(cluster)).toString('base64') }] };
  },
};

function asked(world: World, { resourceGroupName, resourceName }: ClusterQuestion) {
  const id = `/subscriptions/${world.account.subscriptionId}/resourceGroups/${resourceGroupName}/providers/Microsoft.ContainerService/managedClusters/${resourceName}`;
  const cluster = world.get(id);
  if (!cluster)
    throw notFound(
      'ResourceNotFound',
      `The Resource 'Microsoft.ContainerService/managedClusters/${resourceName}' under resource group '${resourceGroupName}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
    );
  return cluster;
}

/** JSON is YAML. */
function kubeconfig({ outputs }: { outputs: Properties }): string {
  const name = String(outputs.name);
  const user = `clusterUser_${name}`;
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: `https://${outputs.fqdn}:443`, 'certificate-authority-data': '' } }],
    users: [{ name: user, user: { token: kubeconfigToken } }],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
  });
}
