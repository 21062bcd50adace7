import type { Handle, Perhaps } from '../builder.ts';
import type { Spec } from '../spec/schema.ts';
import { clusterRanges } from './address-plan.ts';
import { type Context, tags } from './context.ts';
import type { Network } from './network.ts';
import { systemPool } from './node-pools.ts';
import { needsSecretsDriver } from './vault.ts';

export type Cluster = {
  cluster: Handle;
  /** The control plane's identity: it attaches disks, addresses and the subnet. */
  identity: Handle;
  /** Pulumi's way to the Kubernetes API. */
  provider: Handle;
};

/** The AKS cluster with its own identity, which must hold its rights before the cluster exists: it joins our subnet at once. */
export function cluster(context: Context, group: Handle, { subnet }: Network, workspace: Perhaps<Handle>): Cluster {
  const { spec, plan, names, access } = context;
  const here = { resourceGroupName: group.output('name'), location: () => spec.azure.region };

  const identity = plan.resource(
    'azure-native:managedidentity:UserAssignedIdentity',
    'cluster-identity',
    'cluster',
    () => ({
      ...here,
      resourceName: names.clusterIdentity,
      tags: () => tags(context),
    }),
  );
  // On the whole group: the cloud provider lists the group's addresses before it takes ours (static-ip.md).
  const networkGrant = access.grant({
    who: 'cluster',
    principalId: () => identity.output('principalId'),
    principalType: () => 'ServicePrincipal',
    role: () => 'Network Contributor',
    where: 'resource-group',
    scope: group.id,
    origin: 'cluster',
  });
  const aks = plan.resource(
    'azure-native:containerservice:ManagedCluster',
    'cluster',
    'cluster',
    () => ({
      ...here,
      resourceName: names.cluster,
      sku: { name: 'Base', tier: () => spec.cluster.tier },
      // Premium and long-term support belong together: Azure refuses one without the other.
      supportPlan: () => (spec.cluster.tier === 'Premium' ? 'AKSLongTermSupport' : 'KubernetesOfficial'),
      kubernetesVersion: () => spec.cluster.kubernetesVersion,
      dnsPrefix: names.base,
      nodeResourceGroup: names.nodeResourceGroup,
      identity: { type: 'UserAssigned' as const, userAssignedIdentities: [identity.id] },
      enableRBAC: true,
      aadProfile: () =>
        isEntra(spec)
          ? { managed: true, enableAzureRBAC: true, adminGroupObjectIDs: () => spec.cluster.api.adminGroups }
          : undefined,
      // A way in that no Entra group and no audit knows; without Entra it is the only one.
      disableLocalAccounts: () => isEntra(spec),
      oidcIssuerProfile: { enabled: true },
      securityProfile: {
        workloadIdentity: { enabled: true },
        imageCleaner: () =>
          spec.cluster.imageCleanerHours === undefined
            ? undefined
            : { enabled: true, intervalHours: () => spec.cluster.imageCleanerHours },
      },
      apiServerAccessProfile: { authorizedIPRanges: () => spec.cluster.api.authorizedIpRanges },
      autoUpgradeProfile: {
        upgradeChannel: () => spec.cluster.upgrades.channel,
        nodeOSUpgradeChannel: () => spec.cluster.upgrades.nodeOs,
      },
      networkProfile: {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        networkDataplane: 'cilium',
        // Without an engine NetworkPolicies are accepted and enforce nothing.
        networkPolicy: 'cilium',
        podCidr: () => clusterRanges(spec).podCidr,
        serviceCidr: () => clusterRanges(spec).serviceCidr,
        dnsServiceIP: () => clusterRanges(spec).dnsServiceIP,
        loadBalancerSku: 'standard',
        outboundType: 'loadBalancer',
      },
      // Said even when off: what a request leaves out stays as it was.
      addonProfiles: {
        azureKeyvaultSecretsProvider: () =>
          needsSecretsDriver(spec)
            ? // Read when the pod starts and not again: polling is what makes a vault expensive.
              { enabled: true, config: { enableSecretRotation: 'false' } }
            : { enabled: false },
        omsagent: () => {
          const logs = workspace();
          return logs
            ? { enabled: true, config: { logAnalyticsWorkspaceResourceID: logs.id, useAADAuth: 'true' } }
            : { enabled: false };
        },
      },
      agentPoolProfiles: [systemPool(spec, subnet)],
      tags: () => tags(context),
    }),
    () => ({ ignoreChanges: automaticallyMoved(spec), dependsOn: [networkGrant] }),
  );
  const provider = plan.resource('pulumi:providers:kubernetes', 'kubernetes', 'cluster', () => ({
    // A changed kubeconfig must not look like another cluster: every object in it would be replaced.
    clusterIdentifier: aks.id,
    kubeconfig: {
      $: {
        invoke: 'azure-native:containerservice:listManagedClusterUserCredentials',
        args: { resourceGroupName: group.output('name'), resourceName: aks.output('name') },
        output: 'kubeconfig',
      },
    } as const,
  }));
  plan.each(
    () => spec.cluster.api.adminGroups,
    (admins, index) =>
      // Being an administrator in the cluster does not yet let one fetch the way to it.
      access.grant({
        who: admins.toLowerCase(),
        principalId: () => spec.cluster.api.adminGroups[index] as string,
        principalType: () => 'Group',
        role: () => 'Azure Kubernetes Service Cluster User Role',
        where: 'cluster',
        scope: aks.id,
        origin: 'cluster.api.adminGroups',
      }),
  );
  return { cluster: aks, identity, provider };
}

/** With administrators of its own the cluster asks Entra who somebody is; this can't be taken back. */
const isEntra = ({ cluster }: Spec): boolean => cluster.api.adminGroups.length > 0;

/**
 * What Azure moves by itself would otherwise be moved back by the next deployment. A minor version alone stands for
 * whichever patch the channel has come to, so that the operator still moves it from one minor version to the next.
 */
const automaticallyMoved = ({ cluster: { kubernetesVersion, upgrades } }: Spec): string[] | undefined => {
  if (upgrades.channel === 'none' || upgrades.channel === 'node-image') return undefined;
  const staysAhead = upgrades.channel !== 'patch' || kubernetesVersion.split('.').length > 2;
  return [...(staysAhead ? ['kubernetesVersion'] : []), 'agentPoolProfiles[*].orchestratorVersion'];
};
