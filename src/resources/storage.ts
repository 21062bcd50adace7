import type { Handle, Perhaps } from '../builder.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Spec } from '../spec/schema.ts';
import { HoleRead } from '../spec/track.ts';
import type { Cluster } from './cluster.ts';
import { type Context, tags } from './context.ts';

export type DataDisk = { disk: Handle; diskName: () => string; grant: Handle };

/** Where a disk is filled from, and how: by a copy of a snapshot or disk, or by a restore point. */
export function restoreSource(id: string): { createOption: 'Copy' | 'Restore'; sourceResourceId: string } | undefined {
  if (/\/providers\/Microsoft\.Compute\/(snapshots|disks)\/[^/]+$/i.test(id))
    return { createOption: 'Copy', sourceResourceId: id };
  if (
    /\/providers\/Microsoft\.Compute\/restorePointCollections\/[^/]+\/restorePoints\/[^/]+\/diskRestorePoints\/[^/]+$/i.test(
      id,
    )
  )
    return { createOption: 'Restore', sourceResourceId: id };
  return undefined;
}

/**
 * A restored disk is another disk with another name, and so are the volume and the claim: they come up beside the old
 * ones, the pod moves, and the old disk stays where it is.
 */
const inGeneration = <T>({ spec, plan }: Context, declare: (generation: string) => T): Perhaps<T> => {
  let generation = '';
  return plan.when(
    () => {
      const { restoreFrom } = spec.storage.data;
      if (restoreFrom !== undefined) generation = `-${fingerprint(restoreFrom.toLowerCase())}`;
      return true;
    },
    () => declare(generation),
  );
};

const isZoneRedundant = (spec: Spec): boolean => spec.storage.data.sku.endsWith('_ZRS');

/** The managed disk that holds the repository; outside the cluster, so that it outlives it. */
export const dataDisk = (context: Context, group: Handle, { identity }: Cluster): Perhaps<DataDisk> => {
  const { spec, plan, names, access } = context;
  return inGeneration(context, (generation) => {
    const name = `data-disk${generation}`;
    const diskName = (): string => names.dataDisk() + generation;
    const disk = plan.resource(
      'azure-native:compute:Disk',
      name,
      'storage.data',
      () => ({
        resourceGroupName: group.output('name'),
        location: () => spec.azure.region,
        diskName,
        creationData: () => {
          const { restoreFrom } = spec.storage.data;
          if (restoreFrom === undefined) return { createOption: 'Empty' };
          const source = restoreSource(restoreFrom);
          if (!source) throw new HoleRead(); // refused elsewhere
          return source;
        },
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
      () => ({ protect: spec.metadata.stage === 'production' || undefined, retainOnDelete: true }),
    );
    const grant = access.grant({
      who: 'cluster',
      principalId: () => identity.output('principalId'),
      principalType: () => 'ServicePrincipal',
      role: () => 'Contributor',
      where: name,
      scope: disk.id,
      origin: 'storage.data',
    });
    return { disk, diskName, grant };
  });
};

/** The disk as Kubernetes sees it: a class that allows growth, a volume bound to the disk, and the claim of the pod. */
export function dataVolume(
  context: Context,
  { provider }: Cluster,
  namespace: Handle,
  disk: Perhaps<DataDisk>,
): Perhaps<Handle> {
  const { spec, plan } = context;
  const size = (): string => `${spec.storage.data.sizeGiB}Gi`;
  const storageClass = plan.resource(
    'kubernetes:storage.k8s.io/v1:StorageClass',
    'storage-class',
    'storage.data',
    () => ({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'perpetual-data' },
      provisioner: 'disk.csi.azure.com',
      allowVolumeExpansion: true,
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'WaitForFirstConsumer',
      parameters: { skuName: () => spec.storage.data.sku },
    }),
    // Parameters can't be changed in place, and nothing is bound to the class object itself.
    () => ({ provider, deleteBeforeReplace: true }),
  );
  return inGeneration(context, (generation) => {
    const volume = plan.resource(
      'kubernetes:core/v1:PersistentVolume',
      `data-volume${generation}`,
      'storage.data',
      () => ({
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: (disk() as DataDisk).diskName },
        spec: {
          // Grows with the disk; the claim that asks for more comes after, and then the file system follows.
          capacity: { storage: size },
          accessModes: ['ReadWriteOnce'],
          persistentVolumeReclaimPolicy: 'Retain',
          storageClassName: storageClass.output('metadata.name'),
          csi: {
            driver: 'disk.csi.azure.com',
            volumeHandle: (disk() as DataDisk).disk.id,
            volumeAttributes: { fsType: 'ext4' },
          },
        },
      }),
      () => ({ provider }),
    );
    return plan.resource(
      'kubernetes:core/v1:PersistentVolumeClaim',
      `data-claim${generation}`,
      'storage.data',
      () => ({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: `data${generation}`, namespace: namespace.output('metadata.name') },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: storageClass.output('metadata.name'),
          volumeName: volume.output('metadata.name'),
          resources: { requests: { storage: size } },
        },
      }),
      () => ({ provider, protect: spec.metadata.stage === 'production' || undefined }),
    );
  });
}
