import type { DiskArgs } from '@pulumi/azure-native/compute/index.js';
import type { KubernetesObject } from '../cloud.ts';
import { changeNotAllowed, conflict, invalidParameter } from './error.ts';
import { names } from './names.ts';
import { checkZones } from './public-ip.ts';
import { define } from './resource-type.ts';
import type { World } from './world.ts';

/** https://learn.microsoft.com/azure/virtual-machines/disks-types and `…/linux/expand-disks` (disks never shrink). */
export const disk = define<DiskArgs>({
  path: '{group}/Microsoft.Compute/disks/{diskName}',
  name: names.disk,
  replaceOn: ['location'],
  fixed: ['creationData', 'zones', 'osType', 'hyperVGeneration', 'extendedLocation'],
  check({ id, inputs, before }) {
    const { creationData, diskSizeGB: size } = inputs;
    const sku = (inputs.sku?.name ?? 'Standard_LRS').toLowerCase();
    if (creationData.createOption.toLowerCase() === 'empty' && size === undefined) {
      throw invalidParameter('disk.diskSizeGB', "Required parameter 'disk.diskSizeGB' is missing (null).");
    }
    const most = /^(premiumv2|ultrassd)_lrs$/.test(sku) ? 65536 : 32767;
    if (size !== undefined && (!Number.isInteger(size) || size < 1 || size > most)) {
      throw invalidParameter(
        'disk.diskSizeGB',
        `The value '${size}' is out of range. Value must be between '1' and '${most}', inclusive.`,
      );
    }
    const zones = inputs.zones ?? [];
    checkZones(id, zones, inputs.location);
    if (zones.length > 1) throw invalidParameter('zones', 'A disk lies in one zone, or in none.');
    if (sku.endsWith('_zrs') && zones.length > 0)
      throw invalidParameter('zones', `A zone-redundant disk (${inputs.sku?.name}) cannot be put into a zone.`);
    if (/^(premiumv2|ultrassd)_lrs$/.test(sku) && zones.length === 0) {
      throw invalidParameter('zones', `A disk of ${inputs.sku?.name} must be put into a zone.`);
    }
    if (!before) return;
    const sizeBefore = before.inputs.diskSizeGB ?? 0;
    if ((size ?? sizeBefore) < sizeBefore) {
      throw conflict(
        'ResizeDiskError',
        `Disk size reduction is not supported. Current size is ${sizeBefore} GB, requested size is ${size} GB.`,
      );
    }
    const skuBefore = before.inputs.sku?.name?.toLowerCase() ?? 'standard_lrs';
    if (sku !== skuBefore && /zrs$|premiumv2|ultrassd/.test(sku + skuBefore)) throw changeNotAllowed('sku.name');
  },
  outputs: ({ inputs }) => ({
    provisioningState: 'Succeeded',
    diskState: 'Unattached',
    diskSizeBytes: (inputs.diskSizeGB ?? 0) * 2 ** 30,
    ...(inputs.sku && { sku: { ...inputs.sku, tier: inputs.sku.name?.split('_')[0] } }),
  }),
  deletable(world, held) {
    const user = podsOn(world, held.id);
    if (user)
      throw conflict(
        'OperationNotAllowed',
        `Disk ${held.id} is attached to a node, for ${user}; it cannot be deleted.`,
      );
  },
});

/** The workload whose pod mounts a disk through a claim and a volume, if there is one. */
function podsOn(world: World, diskId: string): string | undefined {
  for (const objects of Object.values(world.state.objects).map((held) => Object.values(held))) {
    const volumes = objects.filter(
      (object) => object.kind === 'PersistentVolume' && handleOf(object) === diskId.toLowerCase(),
    );
    for (const volume of volumes) {
      const claim = objects.find(
        (object) => object.kind === 'PersistentVolumeClaim' && specOf(object).volumeName === volume.metadata.name,
      );
      const user =
        claim &&
        objects.find((object) => JSON.stringify(object.spec ?? {}).includes(`"claimName":"${claim.metadata.name}"`));
      if (user) return `${user.kind} ${user.metadata.namespace}/${user.metadata.name}`;
    }
  }
  return undefined;
}

const specOf = (object: KubernetesObject) =>
  (object.spec ?? {}) as { volumeName?: string; csi?: { volumeHandle?: string } };
const handleOf = (object: KubernetesObject): string | undefined => specOf(object).csi?.volumeHandle?.toLowerCase();
