import { type Cluster, nodeGroup } from '../azure/cluster-outputs.ts';
import type { World } from '../azure/world.ts';
import type { Held, KubernetesObject } from '../cloud.ts';

/** What AKS puts into every cluster; https://learn.microsoft.com/azure/aks/concepts-storage#storage-classes */
const builtIn: Readonly<Record<string, readonly string[]>> = {
  Namespace: ['default', 'kube-node-lease', 'kube-public', 'kube-system'],
  StorageClass: [
    'azurefile',
    'azurefile-csi',
    'azurefile-csi-premium',
    'azurefile-premium',
    'default',
    'managed',
    'managed-csi',
    'managed-csi-premium',
    'managed-premium',
  ],
  PriorityClass: ['system-cluster-critical', 'system-node-critical'],
  IngressClass: [],
};

const clusterWide = new Set([
  ...[
    'APIService',
    'CSIDriver',
    'CSINode',
    'CertificateSigningRequest',
    'ClusterRole',
    'ClusterRoleBinding',
    'CustomResourceDefinition',
    'FlowSchema',
    'IngressClass',
  ],
  ...[
    'MutatingWebhookConfiguration',
    'Namespace',
    'Node',
    'PersistentVolume',
    'PriorityClass',
    'PriorityLevelConfiguration',
    'RuntimeClass',
    'StorageClass',
  ],
  ...[
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
    'VolumeAttachment',
    'VolumeAttributesClass',
  ],
]);

/** Whether objects of a kind live in a namespace. */
export const isNamespaced = (kind: string): boolean => !clusterWide.has(kind);

type Key = { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } };

export const keyOf = ({ apiVersion, kind, metadata }: Key): string =>
  `${apiVersion}/${kind}/${metadata.namespace ?? ''}/${metadata.name}`;

/** One cluster's objects, and the cloud around it. */
export class ClusterView {
  readonly world: World;
  readonly cluster: Held & { inputs: Cluster };

  constructor(world: World, cluster: Held) {
    this.world = world;
    this.cluster = cluster as Held & { inputs: Cluster };
  }

  #objects(): Record<string, KubernetesObject> {
    const { objects } = this.world.state;
    const id = this.cluster.id.toLowerCase();
    objects[id] ??= {};
    return objects[id];
  }

  get(key: Key): KubernetesObject | undefined {
    return this.#objects()[keyOf(key)];
  }

  find(kind: string, name: string | undefined, namespace?: string): KubernetesObject | undefined {
    return this.all(kind, namespace).find((object) => object.metadata.name === name);
  }

  /** Whether there is such an object, made by the user or by AKS. */
  has(kind: string, name: string | undefined, namespace?: string): boolean {
    if (builtIn[kind]?.includes(name ?? '')) return true;
    if (kind === 'ServiceAccount' && name === 'default') return true;
    return this.find(kind, name, namespace) !== undefined;
  }

  all(kind: string, namespace?: string): KubernetesObject[] {
    return Object.values(this.#objects()).filter(
      (object) => object.kind === kind && (namespace === undefined || object.metadata.namespace === namespace),
    );
  }

  inNamespace(namespace: string): KubernetesObject[] {
    return Object.values(this.#objects()).filter((object) => object.metadata.namespace === namespace);
  }

  put(object: KubernetesObject): void {
    this.#objects()[keyOf(object)] = object;
  }

  remove(key: Key): void {
    delete this.#objects()[keyOf(key)];
  }

  /** The group with AKS's own resources. */
  get nodeGroup(): string {
    return nodeGroup(this.cluster.id, this.cluster.inputs);
  }

  /** The kinds of the secrets store exist only with the add-on. */
  hasAddon(name: string): boolean {
    const addons = Object.entries(this.cluster.inputs.addonProfiles ?? {});
    return addons.some(([key, profile]) => key.toLowerCase() === name.toLowerCase() && profile.enabled);
  }
}
