import type { Handle } from '../builder.ts';
import type { Spec } from '../spec/schema.ts';
import type { Cluster } from './cluster.ts';
import { type Context, tags } from './context.ts';

export type DataDisk = { disk: Handle; grant: Handle };

const isZoneRedundant = (spec: Spec): boolean => spec.storage.data.sku.endsWith('_ZRS');

/** The managed disk that holds the repository; outside the cluster, so that it outlives it. */
export function dataDisk(context: Context, group: Handle, { identity }: Cluster): DataDisk {
  const { spec, plan, names, access } = context;
  const disk = plan.resource(
    'azure-native:compute:Disk',
    'data-disk',
    'storage.data',
    () => ({
      resourceGroupName: group.output('name'),
      location: () => spec.azure.region,
      diskName: names.dataDisk,
      creationData: { createOption: 'Empty' },
      diskSizeGB: () => spec.storage.data.sizeGiB,
      sku: { name: () => spec.storage.data.sku },
      // A disk of one zone can be attached in that zone only, so it lives where its node does.
      zones: () =>
        spec.cluster.nodePool.zone === undefined || isZoneRedundant(spec)
          ? undefined
          : [String(spec.cluster.nodePool.zone)],
      networkAccessPolicy: 'DenyAll',
      publicNetworkAccess: 'Disabled',
      tags: () => tags(context),
    }),
    () => ({ protect: spec.metadata.stage === 'production' || undefined }),
  );
  const grant = access.grant({
    who: 'cluster',
    principalId: () => identity.output('principalId'),
    principalType: () => 'ServicePrincipal',
    role: () => 'Contributor',
    where: 'data-disk',
    scope: disk.id,
    origin: 'storage.data',
  });
  return { disk, grant };
}

export const dataClass = 'perpetual-data';

/** The disk as Kubernetes sees it: a class that allows growth, a volume bound to the disk, and the claim of the pod. */
export function dataVolume(context: Context, { provider }: Cluster, namespace: Handle, { disk }: DataDisk): Handle {
  const { spec, plan, names } = context;
  const size = (): string => `${spec.storage.data.sizeGiB}Gi`;
  const storageClass = plan.resource(
    'kubernetes:storage.k8s.io/v1:StorageClass',
    'storage-class',
    'storage.data',
    () => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: dataClass },
      provisioner: 'disk.csi.azure.com',
      allowVolumeExpansion: true,
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'WaitForFirstConsumer',
      parameters: { skuName: () => spec.storage.data.sku },
    }),
    // Parameters can't be changed in place, and nothing is bound to the class object itself.
    () => ({ provider, deleteBeforeReplace: true }),
  );
  const volume = plan.resource(
    'kubernetes:core/v1:PersistentVolume',
    'data-volume',
    'storage.data',
    () => ({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: names.dataDisk },
      spec: {
        capacity: { storage: size },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: storageClass.output('metadata.name'),
        csi: { driver: 'disk.csi.azure.com', volumeHandle: disk.id, volumeAttributes: { fsType: 'ext4' } },
      },
    }),
    () => ({ provider }),
  );
  return plan.resource(
    'kubernetes:core/v1:PersistentVolumeClaim',
    'data-claim',
    'storage.data',
    () => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: namespace.output('metadata.name') },
      spec: {
        accessModes: ['ReadWriteOnce'],
        storageClassName: storageClass.output('metadata.name'),
        volumeName: volume.output('metadata.name'),
        resources: { requests: { storage: size } },
      },
    }),
    () => ({ provider, protect: spec.metadata.stage === 'production' || undefined }),
  );
}
