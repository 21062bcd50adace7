import type { Pool } from '../azure/node-pool.ts';
import type { KubernetesObject } from '../cloud.ts';
import type { Properties } from '../provider.ts';
import { quantity } from './quantity.ts';
import { neverReady } from './refusal.ts';
import type { ClusterView } from './view.ts';
import { type ClaimSpec, checkClaim, diskDriver, type VolumeSpec } from './volumes.ts';

type Class = {
  provisioner?: string;
  parameters?: Record<string, string>;
  reclaimPolicy?: string;
  volumeBindingMode?: string;
  allowVolumeExpansion?: boolean;
};

/** Those AKS makes itself: https://learn.microsoft.com/azure/aks/concepts-storage#storage-classes */
const builtIn = (name: string): Class => ({
  provisioner: /azurefile/.test(name) ? 'file.csi.azure.com' : diskDriver,
  parameters: { skuName: /premium/.test(name) ? 'Premium_LRS' : 'StandardSSD_LRS' },
  volumeBindingMode: /azurefile/.test(name) ? 'Immediate' : 'WaitForFirstConsumer',
  allowVolumeExpansion: true,
});

/** The class of a claim; a claim that names none has the default one. */
export function classOf(view: ClusterView, { storageClassName: name = 'default' }: ClaimSpec): Class | undefined {
  const own: Class | undefined = view.find('StorageClass', name) as Class | undefined;
  return own ?? (view.has('StorageClass', name) ? builtIn(name) : undefined);
}

const specOf = (claim: KubernetesObject): ClaimSpec => (claim.spec ?? {}) as ClaimSpec;

/** Whether a claim gets a disk of its own, rather than a volume that is there. */
export const isDynamic = (claim: KubernetesObject): boolean =>
  specOf(claim).storageClassName !== '' && specOf(claim).selector === undefined;

/** A new claim: bound by name, or by its class at once or with its first pod. */
export function claimed(view: ClusterView, claim: KubernetesObject): KubernetesObject {
  const spec = specOf(claim);
  if (spec.volumeName) return { ...claim, status: { phase: 'Bound' } };
  if (!isDynamic(claim))
    throw neverReady(claim, 'no persistent volumes available for this claim and no storage class is set');
  const made = classOf(view, spec);
  if (made && !/^(disk|file|blob)\.csi\.azure\.com$/.test(made.provisioner ?? ''))
    throw neverReady(claim, `waiting for a volume to be created by the external provisioner '${made.provisioner}'`);
  if (made?.volumeBindingMode === 'WaitForFirstConsumer' || made?.provisioner !== diskDriver)
    return { ...claim, status: { phase: 'Pending' } };
  return bound(view, claim, view.cluster.inputs.agentPoolProfiles?.[0]?.availabilityZones?.[0]);
}

/** Makes the disk and the volume of a claim: in the group of the nodes, where both go with the cluster. */
function bound(view: ClusterView, claim: KubernetesObject, zone: string | undefined): KubernetesObject {
  const spec = specOf(claim);
  const { provisioner, parameters = {}, reclaimPolicy = 'Delete' } = classOf(view, spec) ?? {};
  if (provisioner !== diskDriver) return { ...claim, status: { phase: 'Bound' } };
  const name = `pvc-${claim.metadata.namespace}-${claim.metadata.name}`;
  const id = `${view.nodeGroup}/providers/Microsoft.Compute/disks/${name}`;
  const parameter = (key: string) => Object.entries(parameters).find(([other]) => other.toLowerCase() === key)?.[1];
  const sku = parameter('skuname') ?? parameter('storageaccounttype') ?? 'StandardSSD_LRS';
  const size = gigabytes(spec);
  const inputs = {
    location: view.cluster.inputs.location,
    diskName: name,
    diskSizeGB: size,
    creationData: { createOption: 'Empty' },
    sku: { name: sku },
    ...(zone && !/_ZRS$/i.test(sku) && { zones: [zone] }),
  };
  view.world.put({ id, type: 'azure-native:compute:Disk', inputs, outputs: { name, diskSizeGB: size } });
  view.put({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      accessModes: spec.accessModes,
      capacity: { storage: `${size}Gi` },
      csi: { driver: diskDriver, volumeHandle: id },
      persistentVolumeReclaimPolicy: reclaimPolicy,
      storageClassName: spec.storageClassName ?? 'default',
    },
    status: { phase: 'Bound' },
  });
  return { ...claim, spec: { ...spec, volumeName: name }, status: { phase: 'Bound' } };
}

/** The driver rounds up: kubernetes-sigs/azuredisk-csi-driver, `pkg/azuredisk/controllerserver.go`. */
const gigabytes = (spec: ClaimSpec): number => Math.ceil((quantity(spec.resources?.requests?.storage) ?? 0) / 2 ** 30);

/** Binds what waited for the first pod that uses it, where that pod runs. */
export function bindClaims(
  view: ClusterView,
  names: readonly string[],
  namespace: string | undefined,
  pool: Pool,
): void {
  for (const name of names) {
    const claim = view.find('PersistentVolumeClaim', name, namespace);
    if (claim && !specOf(claim).volumeName) view.put(bound(view, claim, pool.availabilityZones?.[0]));
  }
}

type Workload = { replicas?: number; volumeClaimTemplates?: (Properties & { metadata?: { name?: string } })[] };

/** The claims a StatefulSet makes for its pods, which outlive it: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset#persistentvolumeclaim-retention */
export function claimsOf(view: ClusterView, workload: KubernetesObject): string[] {
  const { replicas = 1, volumeClaimTemplates: templates = [] } = (workload.spec ?? {}) as Workload;
  const { namespace } = workload.metadata;
  return templates.flatMap((template) =>
    Array.from({ length: replicas }, (_, index) => {
      const name = `${template.metadata?.name}-${workload.metadata.name}-${index}`;
      const claim = { ...template, apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace } };
      if (view.find('PersistentVolumeClaim', name, namespace)) return name;
      checkClaim(view, claim as KubernetesObject);
      view.put(claimed(view, claim as KubernetesObject));
      return name;
    }),
  );
}

/** A larger claim makes its volume and its disk larger; nobody else hears of it. */
export function expanded(view: ClusterView, claim: KubernetesObject): void {
  const volume = view.find('PersistentVolume', specOf(claim).volumeName);
  const { csi, capacity } = (volume?.spec ?? {}) as VolumeSpec;
  const disk = csi?.driver === diskDriver ? view.world.get(csi.volumeHandle) : undefined;
  const size = gigabytes(specOf(claim));
  if (!volume || !disk || (quantity(capacity?.storage) ?? 0) >= size * 2 ** 30) return;
  view.put({ ...volume, spec: { ...(volume.spec as object), capacity: { storage: `${size}Gi` } } });
  if (Number(disk.outputs.diskSizeGB ?? 0) >= size) return;
  view.world.put({
    ...disk,
    inputs: { ...disk.inputs, diskSizeGB: size },
    outputs: { ...disk.outputs, diskSizeGB: size, diskSizeBytes: size * 2 ** 30 },
  });
}

/** What goes with an object: the volume and the disk of a claim whose class does not retain them. */
export function released(view: ClusterView, object: KubernetesObject | undefined): void {
  if (object?.kind !== 'PersistentVolumeClaim') return;
  const volume = view.find('PersistentVolume', specOf(object).volumeName);
  const { csi, persistentVolumeReclaimPolicy: policy } = (volume?.spec ?? {}) as VolumeSpec;
  if (!volume || policy !== 'Delete') return;
  if (csi?.driver === diskDriver) view.world.remove(csi.volumeHandle);
  view.remove(volume);
}
