import type { ManagedClusterArgs } from '@pulumi/azure-native/containerservice/index.js';
import { addressRange } from '../addresses.ts';
import { groupOf, lastPart } from './arm-path.ts';
import { checkAccess, checkMonitoring } from './cluster-access.ts';
import { checkClusterNetwork } from './cluster-network.ts';
import { type Cluster, clusterOutputs, nodeGroup } from './cluster-outputs.ts';
import { checkUpgrade, checkVersion } from './cluster-version.ts';
import { badRequest, conflict, invalidParameter } from './error.ts';
import { checkIdentities } from './identity.ts';
import { names } from './names.ts';
import { checkPool, checkPoolChanges, checkPools } from './node-pool.ts';
import { define, type Write } from './resource-type.ts';

const groupType = 'azure-native:resources:ResourceGroup';

/** https://learn.microsoft.com/azure/aks and the pages named at each rule. */
export const managedCluster = define<ManagedClusterArgs>({
  path: '{group}/Microsoft.ContainerService/managedClusters/{resourceName}',
  name: names.cluster,
  lowerCaseGroup: true,
  // pulumi/pulumi-azure-native, `provider/pkg/gen/replacement.go`
  replaceOn: [
    ...[
      'diskEncryptionSetID',
      'dnsPrefix',
      'fqdnSubdomain',
      'linuxProfile',
      'location',
      'nodeResourceGroup',
      'windowsProfile',
    ],
    ...[
      'serviceCidr',
      'serviceCidrs',
      'dnsServiceIP',
      'networkMode',
      'networkPlugin',
      'networkPluginMode',
      'podCidr',
      'networkDataplane',
      'networkPolicy',
      'outboundType',
    ].map((name) => `networkProfile.${name}`),
  ],
  fixed: ['enableRBAC', 'networkProfile.loadBalancerSku', 'networkProfile.ipFamilies', 'networkProfile.podCidrs'],
  check(write) {
    const { inputs, before } = write;
    checkNames(write);
    checkIdentity(write);
    checkVersion(write.world.account.today, inputs.kubernetesVersion, inputs, before?.inputs.kubernetesVersion);
    checkPools(inputs.agentPoolProfiles ?? []);
    for (const pool of inputs.agentPoolProfiles ?? []) {
      const old = before?.inputs.agentPoolProfiles?.find(({ name }) => name === pool.name);
      checkPool(write.world, pool, inputs, old);
    }
    checkFeatures(inputs);
    checkAccess(write);
    checkMonitoring(write);
    checkClusterNetwork(write);
    if (!before) return;
    checkUpgrade(before.inputs.kubernetesVersion, inputs.kubernetesVersion, inputs.agentPoolProfiles ?? []);
    checkPoolChanges(before.inputs.agentPoolProfiles ?? [], inputs.agentPoolProfiles ?? []);
    if (before.inputs.oidcIssuerProfile?.enabled && inputs.oidcIssuerProfile?.enabled === false) {
      throw badRequest('OIDCIssuerFeatureCannotBeDisabled', 'The OIDC issuer feature cannot be disabled once enabled.');
    }
  },
  outputs: clusterOutputs,
  written({ world, id, inputs }) {
    const group = nodeGroup(id, inputs);
    world.put({
      id: group,
      type: groupType,
      inputs: { location: inputs.location, managedBy: id },
      outputs: { name: lastPart(group) },
    });
  },
  deleted(world, cluster) {
    const group = nodeGroup(cluster.id, cluster.inputs as Cluster);
    for (const held of [...world.below(group), ...world.below(cluster.id)]) world.remove(held.id);
    world.remove(group);
    delete world.state.objects[cluster.id.toLowerCase()];
  },
});

/** https://learn.microsoft.com/azure/aks/faq: the node resource group is AKS's own, and must not exist. */
function checkNames({ world, id, inputs, before }: Write<ManagedClusterArgs>): void {
  const { dnsPrefix, fqdnSubdomain } = inputs;
  if (
    dnsPrefix === undefined
      ? fqdnSubdomain === undefined
      : !/^[a-zA-Z\d]$|^[a-zA-Z\d][-a-zA-Z\d]{0,52}[a-zA-Z\d]$/.test(dnsPrefix)
  ) {
    throw invalidParameter(
      'dnsPrefix',
      'It must contain between 1 and 54 characters: letters, numbers and hyphens, beginning and ending with a letter or a number. Please see https://aka.ms/aks-naming-rules for more details.',
    );
  }
  if (before) return;
  const group = nodeGroup(id, inputs);
  if (lastPart(group).length > 80)
    throw invalidParameter('nodeResourceGroup', `'${lastPart(group)}' exceeds 80 characters.`);
  if (lastPart(group).toLowerCase() === groupOf(id)?.toLowerCase()) {
    throw badRequest(
      'NodeResourceGroupSameAsResourceGroup',
      `The node resource group '${lastPart(group)}' is the resource group of the cluster.`,
    );
  }
  if (world.get(group))
    throw conflict('NodeResourceGroupAlreadyExists', `The node resource group '${lastPart(group)}' exists already.`);
}

/** https://learn.microsoft.com/azure/aks/use-managed-identity and https://github.com/Azure/AKS/issues/4528 */
function checkIdentity({ world, id, inputs }: Write<ManagedClusterArgs>): void {
  const { identity, servicePrincipalProfile } = inputs;
  const kind = identity?.type?.toLowerCase() ?? 'none';
  if (kind === 'none' && (!servicePrincipalProfile || servicePrincipalProfile.clientId === 'msi')) {
    throw badRequest('InvalidParameter', 'Required parameter servicePrincipalProfile is missing (null).');
  }
  if (kind !== 'none' && servicePrincipalProfile && servicePrincipalProfile.clientId !== 'msi') {
    throw badRequest(
      'InvalidParameterConflictingProperties',
      'A service principal and a managed identity cannot be combined.',
    );
  }
  const ids = identity?.userAssignedIdentities ?? [];
  if (kind === 'userassigned' ? ids.length !== 1 : ids.length > 0) {
    throw invalidParameter(
      'identity.userAssignedIdentities',
      `Exactly one user assigned identity goes with the type UserAssigned; ${ids.length} are given with '${identity?.type ?? 'None'}'.`,
    );
  }
  checkIdentities(world, id, identity);
}

function checkFeatures(inputs: Cluster): void {
  const { securityProfile, oidcIssuerProfile, apiServerAccessProfile: access } = inputs;
  // https://learn.microsoft.com/azure/aks/workload-identity-overview
  if (securityProfile?.workloadIdentity?.enabled && !oidcIssuerProfile?.enabled) {
    throw badRequest('WorkloadIdentityRequiresOIDCIssuer', 'Workload identity needs the OIDC issuer to be enabled.');
  }
  // https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges
  const ranges = access?.authorizedIPRanges ?? [];
  if (ranges.length > 200)
    throw invalidParameter('apiServerAccessProfile.authorizedIPRanges', 'At most 200 ranges are allowed.');
  if (ranges.length > 0 && access?.enablePrivateCluster)
    throw badRequest(
      'InvalidParameterConflictingProperties',
      'Authorized IP ranges cannot be used with a private cluster.',
    );
  for (const range of ranges) {
    if (!addressRange(range.includes('/') ? range : `${range}/32`))
      throw invalidParameter('apiServerAccessProfile.authorizedIPRanges', `'${range}' is no IP range.`);
  }
  // https://learn.microsoft.com/azure/aks/image-cleaner
  const cleaner = securityProfile?.imageCleaner;
  if (
    cleaner?.enabled &&
    (cleaner.intervalHours === undefined || cleaner.intervalHours < 24 || cleaner.intervalHours > 24 * 90)
  ) {
    throw invalidParameter(
      'securityProfile.imageCleaner.intervalHours',
      'It must be between 24 hours and three months.',
    );
  }
  for (const addon of Object.keys(inputs.addonProfiles ?? {})) {
    if (!addons.has(addon.toLowerCase())) throw badRequest('AddonInvalid', `The addon '${addon}' is not known.`);
  }
}

const addons = new Set(
  [
    'aciConnectorLinux',
    'azureKeyvaultSecretsProvider',
    'azurepolicy',
    'httpApplicationRouting',
    'ingressApplicationGateway',
    'kubeDashboard',
    'omsagent',
    'openServiceMesh',
    'extensionManager',
  ].map((name) => name.toLowerCase()),
);
