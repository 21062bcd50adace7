import type { ManagedClusterArgs } from '@pulumi/azure-native/containerservice/index.js';
import { kubernetesVersion } from '../../../src/catalog/kubernetes-versions.ts';
import type { Properties, Resolved } from '../provider.ts';
import { groupOf, lastPart } from './arm-path.ts';
import { identityOf, identityShown } from './identity.ts';
import type { Write } from './resource-type.ts';
import { guid, type World } from './world.ts';

export type Cluster = Resolved<ManagedClusterArgs>;

/** `MC_<group>_<cluster>_<region>` unless told otherwise. */
export function nodeGroup(id: string, { nodeResourceGroup, location }: Cluster): string {
  const [root = ''] = id.split(/\/resourcegroups\//i);
  return `${root}/resourceGroups/${nodeResourceGroup ?? `MC_${groupOf(id)}_${lastPart(id)}_${location}`}`;
}

/** What AKS decides itself: addresses, the issuer, the identities of nodes and add-ons, versions. */
export function clusterOutputs({ world, id, inputs }: Write<ManagedClusterArgs>): Properties {
  const group = nodeGroup(id, inputs);
  const issuer = `https://${inputs.location}.oic.prod-aks.azure.com/${world.account.tenantId}/${guid('issuer', id, String(world.generation(id)))}/`;
  const own = (name: string) => {
    const resourceId = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}-${lastPart(id)}`;
    const { principalId: objectId, clientId } = identityOf(world, resourceId);
    return { resourceId, objectId, clientId };
  };
  const addonProfiles = Object.entries(inputs.addonProfiles ?? {}).map(([name, profile]) => [
    name,
    { ...profile, ...(profile.enabled && { identity: own(name.toLowerCase()) }) },
  ]);
  return {
    provisioningState: 'Succeeded',
    powerState: { code: 'Running' },
    currentKubernetesVersion: patchOf(inputs.kubernetesVersion),
    fqdn: `${inputs.dnsPrefix ?? inputs.fqdnSubdomain}-${guid('fqdn', id).slice(0, 8)}.hcp.${inputs.location}.azmk8s.io`,
    maxAgentPools: 100,
    nodeResourceGroup: lastPart(group),
    resourceUID: guid('uid', id),
    identity: identityShown(world, id, inputs.identity, (wanted) =>
      wanted.replace(/\/resourceGroups\//i, '/resourcegroups/'),
    ),
    identityProfile: { kubeletidentity: own('agentpool') },
    ...(inputs.oidcIssuerProfile && {
      oidcIssuerProfile: {
        ...inputs.oidcIssuerProfile,
        ...(inputs.oidcIssuerProfile.enabled && { issuerURL: issuer }),
      },
    }),
    ...(inputs.addonProfiles && { addonProfiles: Object.fromEntries(addonProfiles) }),
    agentPoolProfiles: (inputs.agentPoolProfiles ?? []).map((pool) => ({
      ...pool,
      currentOrchestratorVersion: patchOf(pool.orchestratorVersion ?? inputs.kubernetesVersion),
      provisioningState: 'Succeeded',
      powerState: { code: 'Running' },
    })),
  };
}

const patchOf = (version: string | undefined): string => {
  if (version && /^1\.\d+\.\d+$/.test(version)) return version;
  return kubernetesVersion(version ?? '')?.newestPatchSeen ?? `${version ?? '1.35'}.0`;
};

/** The principal of the identity that runs a cluster. */
export function clusterPrincipal(world: World, cluster: { id: string; inputs: Properties }): string | undefined {
  const { identity, servicePrincipalProfile } = cluster.inputs as Cluster;
  const [userAssigned] = identity?.userAssignedIdentities ?? [];
  if (userAssigned) return world.get(userAssigned)?.outputs.principalId as string | undefined;
  return identity?.type === 'SystemAssigned'
    ? identityOf(world, cluster.id).principalId
    : servicePrincipalProfile?.clientId;
}
