import type { Handle } from '../builder.ts';
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
export function cluster(context: Context, group: Handle, { subnet }: Network): Cluster {
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
      oidcIssuerProfile: { enabled: true },
      securityProfile: {
        workloadIdentity: { enabled: true },
        imageCleaner: () =>
          spec.cluster.imageCleanerHours === undefined
            ? undefined
            : { enabled: true, intervalHours: () => spec.cluster.imageCleanerHours },
      },
      apiServerAccessProfile: () =>
        spec.cluster.api.authorizedIpRanges.length > 0
          ? { authorizedIPRanges: () => spec.cluster.api.authorizedIpRanges }
          : undefined,
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
      addonProfiles: () =>
        needsSecretsDriver(spec)
          ? // Read when the pod starts and not again: polling is what makes a vault expensive.
            { azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: 'false' } } }
          : undefined,
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
  return { cluster: aks, identity, provider };
}

/** What Azure moves by itself would otherwise be moved back by the next deployment. */
const automaticallyMoved = ({ cluster }: Spec): string[] | undefined =>
  cluster.upgrades.channel === 'none' ? undefined : ['kubernetesVersion', 'agentPoolProfiles[*].orchestratorVersion'];
