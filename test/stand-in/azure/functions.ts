import type { Held } from '../cloud.ts';
import type { Properties } from '../provider.ts';
import { badRequest, notFound } from './error.ts';
import type { World } from './world.ts';

/** In every kubeconfig with a token, so that tests can look for it where no secret may be. */
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
    return {
      kubeconfigs: [
        {
          name: 'clusterUser',
          value: Buffer.from(kubeconfig(world, cluster, userOf(world, cluster))).toString('base64'),
        },
      ],
    };
  },
  // https://learn.microsoft.com/azure/aks/control-kubeconfig-access
  'azure-native:containerservice:listManagedClusterAdminCredentials': (world, args) => {
    const cluster = asked(world, args as ClusterQuestion);
    if (cluster.inputs.disableLocalAccounts)
      throw badRequest(
        'BadRequest',
        'Getting static credential is not allowed because this cluster is set to disable local accounts.',
      );
    return {
      kubeconfigs: [
        {
          name: 'clusterAdmin',
          value: Buffer.from(kubeconfig(world, cluster, { token: kubeconfigToken })).toString('base64'),
        },
      ],
    };
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

/** The applications of AKS in Entra: https://azure.github.io/kubelogin/concepts/aks.html */
const [serverId, clientId] = ['6dae42f8-4368-4678-94ff-960e28e3630e', '80faf920-1908-4b52-b5ef-a8e7bedfc67a'];

/** A token, or in an Entra cluster the program that fetches one: https://learn.microsoft.com/azure/aks/kubelogin-authentication */
function userOf({ account }: World, { inputs }: Held): Properties {
  const entra = inputs.aadProfile as { tenantID?: string } | undefined;
  if (!entra) return { token: kubeconfigToken };
  const tenant = entra.tenantID ?? account.tenantId;
  const login = ['--tenant-id', tenant, '--login', 'devicecode'];
  return {
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      command: 'kubelogin',
      args: [
        'get-token',
        '--environment',
        'AzurePublicCloud',
        '--server-id',
        serverId,
        '--client-id',
        clientId,
        ...login,
      ],
      env: null,
      installHint:
        'kubelogin is not installed which is required to connect to AAD enabled cluster. To learn more, please go to https://aka.ms/aks/kubelogin',
      provideClusterInfo: false,
    },
  };
}

/** JSON is YAML. Whoever answers in place of the API server has its name, too. */
function kubeconfig({ account: { api } }: World, { outputs }: Held, credentials: Properties): string {
  const name = String(outputs.name);
  const user = `clusterUser_${name}`;
  const cluster = api
    ? { server: api.address, 'certificate-authority-data': api.authority, 'tls-server-name': outputs.fqdn }
    : { server: `https://${outputs.fqdn}:443`, 'certificate-authority-data': '' };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name: user, user: credentials }],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
  });
}
