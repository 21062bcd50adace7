import type { core } from '@pulumi/kubernetes/types/input.js';
import { clusterPrincipal } from '../azure/cluster-outputs.ts';
import { locationOf } from '../azure/world.ts';
import type { KubernetesObject } from '../cloud.ts';
import type { Resolved } from '../provider.ts';
import { quantity } from './quantity.ts';
import { invalid, neverReady } from './refusal.ts';
import type { ClusterView } from './view.ts';

export type VolumeSpec = Resolved<core.v1.PersistentVolumeSpec>;
export type ClaimSpec = Resolved<core.v1.PersistentVolumeClaimSpec>;
type StorageClass = KubernetesObject & {
  provisioner?: string;
  parameters?: Record<string, string>;
  allowVolumeExpansion?: boolean;
};

export const diskDriver = 'disk.csi.azure.com';

/** kubernetes-sigs/azuredisk-csi-driver, `docs/driver-parameters.md`; other keys are refused. */
const parameters = new Set(
  [
    ...[
      'skuName',
      'storageAccountType',
      'cachingMode',
      'fsType',
      'location',
      'resourceGroup',
      'subscriptionID',
      'kind',
      'diskEncryptionSetID',
      'diskEncryptionType',
      'tags',
      'networkAccessPolicy',
    ],
    ...[
      'publicNetworkAccess',
      'diskAccessID',
      'maxShares',
      'enableBursting',
      'enablePerformancePlus',
      'DiskIOPSReadWrite',
      'DiskMBpsReadWrite',
      'logicalSectorSize',
      'userAgent',
      'zoned',
      'perfProfile',
      'attachDiskInitialDelay',
      'useragent',
      'writeAcceleratorEnabled',
    ],
    ...['csi.storage.k8s.io/fstype'],
  ].map((name) => name.toLowerCase()),
);

export function checkStorageClass(object: StorageClass): void {
  if (object.provisioner !== diskDriver) return;
  for (const [key, value] of Object.entries(object.parameters ?? {})) {
    if (!parameters.has(key.toLowerCase()))
      throw invalid(object, 'parameters', `invalid parameter ${key} in storage class`);
    if (key.toLowerCase() === 'cachingmode' && !['none', 'readonly', 'readwrite'].includes(value.toLowerCase()))
      throw invalid(object, 'parameters.cachingMode', `azureDisk - ${value} is not supported cache mode`);
  }
}

/** A disk made by hand: https://learn.microsoft.com/azure/aks/create-volume-azure-disk, the static part. */
export function checkVolume(view: ClusterView, volume: KubernetesObject): void {
  const { csi, capacity, accessModes = [], volumeMode, storageClassName } = (volume.spec ?? {}) as VolumeSpec;
  if (accessModes.length === 0) throw invalid(volume, 'spec.accessModes', 'Required value');
  if (quantity(capacity?.storage) === undefined) throw invalid(volume, 'spec.capacity', 'Required value');
  if (storageClassName) checkClassExists(view, volume, storageClassName);
  if (csi?.driver !== diskDriver) return;
  const disk = view.world.get(csi.volumeHandle);
  if (disk?.type !== 'azure-native:compute:Disk')
    throw neverReady(volume, `the disk ${csi.volumeHandle} does not exist`);
  if (locationOf(disk) !== locationOf(view.cluster))
    throw neverReady(volume, `the disk is in ${locationOf(disk)}, the nodes are in ${locationOf(view.cluster)}`);
  const gigabytes = Number(disk.outputs.diskSizeGB ?? 0); // a copy is as large as its source
  const size = gigabytes * 2 ** 30;
  if ((quantity(capacity?.storage) ?? 0) > size)
    throw neverReady(volume, `its capacity ${capacity?.storage} is more than the ${gigabytes} GiB of the disk`);
  const isShared = accessModes.some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany');
  if (isShared && volumeMode !== 'Block')
    throw neverReady(volume, `mountVolume is not supported for access mode: ${accessModes.join(', ')}`);
}

/** The cluster's own identity attaches disks, and needs rights on those that AKS did not make itself. */
export function checkAttachable(view: ClusterView, workload: KubernetesObject, diskId: string): void {
  const principal = clusterPrincipal(view.world, view.cluster) ?? '';
  const isOwn = diskId.toLowerCase().startsWith(`${view.nodeGroup}/`.toLowerCase());
  if (
    isOwn ||
    view.world.holds(principal, ['Contributor', 'Owner', 'Virtual Machine Contributor', 'Disk Pool Operator'], diskId)
  )
    return;
  throw neverReady(
    workload,
    `AttachVolume.Attach failed: Code="AuthorizationFailed" The client '${principal}' does not have authorization to perform action 'Microsoft.Compute/disks/read' over scope '${diskId}'`,
  );
}

export function checkClaim(view: ClusterView, claim: KubernetesObject): void {
  const spec = (claim.spec ?? {}) as ClaimSpec;
  if (!spec.accessModes?.length)
    throw invalid(claim, 'spec.accessModes', 'Required value: at least 1 access mode is required');
  const asked = quantity(spec.resources?.requests?.storage);
  if (asked === undefined || asked <= 0) throw invalid(claim, 'spec.resources[storage]', 'Required value');
  if (spec.storageClassName) checkClassExists(view, claim, spec.storageClassName);
  if (!spec.volumeName) {
    if (
      spec.accessModes.includes('ReadWriteMany') &&
      spec.volumeMode !== 'Block' &&
      !/azurefile/.test(spec.storageClassName ?? '')
    ) {
      throw neverReady(claim, 'mountVolume is not supported for access mode: ReadWriteMany');
    }
    return;
  }
  const volume = view.find('PersistentVolume', spec.volumeName);
  if (!volume) throw neverReady(claim, `volume "${spec.volumeName}" not found; the claim stays Pending`);
  const offered = (volume.spec ?? {}) as VolumeSpec;
  if ((offered.storageClassName ?? '') !== (spec.storageClassName ?? 'default'))
    throw neverReady(claim, `Cannot bind to requested volume "${spec.volumeName}": storageClassName does not match`);
  if ((quantity(offered.capacity?.storage) ?? 0) < asked)
    throw neverReady(claim, `Cannot bind to requested volume "${spec.volumeName}": requested PV is too small`);
  if (spec.accessModes.some((mode) => !offered.accessModes?.includes(mode)))
    throw neverReady(claim, `Cannot bind to requested volume "${spec.volumeName}": incompatible accessMode`);
  const rival = view
    .all('PersistentVolumeClaim')
    .find(
      (other) =>
        (other.spec as ClaimSpec).volumeName === spec.volumeName && other.metadata.name !== claim.metadata.name,
    );
  if (rival)
    throw neverReady(claim, `volume "${spec.volumeName}" already bound to a different claim, ${rival.metadata.name}`);
}

function checkClassExists(view: ClusterView, object: KubernetesObject, name: string): void {
  if (!view.has('StorageClass', name)) throw neverReady(object, `storageclass.storage.k8s.io "${name}" not found`);
}

/** The hand-made disk behind a claim of a pod, if it is one. */
export function diskBehind(view: ClusterView, claimName: string, namespace: string | undefined): string | undefined {
  const claim = view.find('PersistentVolumeClaim', claimName, namespace);
  const volume = claim && view.find('PersistentVolume', (claim.spec as ClaimSpec).volumeName);
  const csi = (volume?.spec as VolumeSpec | undefined)?.csi;
  return csi?.driver === diskDriver ? csi.volumeHandle : undefined;
}
