import type { Answer, Arm } from '../azure/arm.ts';
import type { Resource } from '../plan.ts';
import { ofType } from '../policy/references.ts';
import { object, text } from '../views.ts';

/** https://learn.microsoft.com/rest/api/resources/resource-groups/get */
export type Group = { location: string; tags?: Record<string, string>; managedBy?: string };

type Listed = { type: string; name: string };

/** https://learn.microsoft.com/rest/api/aks/managed-clusters/get */
export type ExistingCluster = {
  properties: {
    currentKubernetesVersion?: string;
    agentPoolProfiles?: { name: string; count: number; vmSize: string; scaleSetPriority?: string }[];
  };
};

/** What Azure has already where the plan is to go. */
export type Existing = {
  group: Answer<Group>;
  /** The group that AKS makes for the nodes. */
  nodeGroup: Answer<Group>;
  cluster: Answer<ExistingCluster>;
  /** All in the plan's group. */
  listed: Answer<Listed[]>;
  /** Is there a resource of that type and name in it? Nobody knows where the list is not known. */
  has(type: string, name: string): boolean;
};

const resourcesVersion = '2021-04-01';

/** Asks for it once, for all questions. */
export async function lookAt(arm: Arm, scope: string, resources: readonly Resource[]): Promise<Existing> {
  const of = (type: string, key: string): string =>
    text(object(resources.find((each) => each.type === type)?.inputs)[key]) ?? '';
  const name = of('azure-native:resources:ResourceGroup', 'resourceGroupName');
  const [aks] = ofType(resources, 'azure-native:containerservice:ManagedCluster');
  const group = `${scope}/resourceGroups/${name}`;
  const cluster = `${group}/providers/Microsoft.ContainerService/managedClusters/${text(aks?.inputs.resourceName)}`;
  const [found, nodeGroup, listed, foundCluster] = await Promise.all([
    arm.get<Group>(group, resourcesVersion),
    arm.get<Group>(`${scope}/resourceGroups/${text(aks?.inputs.nodeResourceGroup)}`, resourcesVersion),
    arm.list<Listed>(`${group}/resources`, resourcesVersion),
    arm.get<ExistingCluster>(cluster, '2024-05-01'),
  ]);
  const there = new Set(listed.is === 'there' ? listed.value.map((each) => keyOf(each.type, each.name)) : []);
  return { group: found, nodeGroup, cluster: foundCluster, listed, has: (type, name) => there.has(keyOf(type, name)) };
}

const keyOf = (type: string, name: string): string => `${type}/${name}`.toLowerCase();
