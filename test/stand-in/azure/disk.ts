import type { DiskArgs, SnapshotArgs } from '@pulumi/azure-native/compute/index.js';
import type { Held, KubernetesObject } from '../cloud.ts';
import { badRequest, changeNotAllowed, conflict, invalidParameter, notFound } from './error.ts';
import { names } from './names.ts';
import { checkZones } from './public-ip.ts';
import { define, type Write } from './resource-type.ts';
import { guid, locationOf, type World } from './world.ts';

/** https://learn.microsoft.com/azure/virtual-machines/disks-types and `…/linux/expand-disks` (disks never shrink). */
export const disk = define<DiskArgs>({
  path: '{group}/Microsoft.Compute/disks/{diskName}',
  name: names.disk,
  replaceOn: ['location'],
  fixed: ['creationData', 'zones', 'osType', 'hyperVGeneration', 'extendedLocation'],
  check(write) {
    const { id, inputs, before } = write;
    const { creationData, diskSizeGB: size } = inputs;
    const sku = (inputs.sku?.name ?? 'Standard_LRS').toLowerCase();
    if (creationData.createOption.toLowerCase() === 'empty' && size === undefined) {
      throw invalidParameter('disk.diskSizeGB', "Required parameter 'disk.diskSizeGB' is missing (null).");
    }
    checkSource(write);
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
    const sizeBefore = Number(before.outputs.diskSizeGB ?? 0);
    if ((size ?? sizeBefore) < sizeBefore) {
      throw conflict(
        'ResizeDiskError',
        `Disk size reduction is not supported. Current size is ${sizeBefore} GB, requested size is ${size} GB.`,
      );
    }
    const skuBefore = before.inputs.sku?.name?.toLowerCase() ?? 'standard_lrs';
    if (sku !== skuBefore && /zrs$|premiumv2|ultrassd/.test(sku + skuBefore)) throw changeNotAllowed('sku.name');
  },
  outputs: ({ world, inputs, before }) => ({
    provisioningState: 'Succeeded',
    diskState: 'Unattached',
    ...sizes(inputs.diskSizeGB ?? Number(before?.outputs.diskSizeGB ?? sizeOf(world, inputs.creationData))),
    ...(inputs.sku && { sku: { ...inputs.sku, tier: inputs.sku.name?.split('_')[0] } }),
  }),
  written: fill,
  deleted: empty,
  deletable(world, held) {
    const user = podsOn(world, held.id);
    if (user)
      throw conflict(
        'OperationNotAllowed',
        `Disk ${held.id} is attached to a node, for ${user}; it cannot be deleted.`,
      );
  },
});

const sizes = (gigabytes: number) => ({ diskSizeGB: gigabytes, diskSizeBytes: gigabytes * 2 ** 30 });

type CreationData = { createOption: string; sourceResourceId?: string };

/** A disk as large as its source, unless told otherwise. */
const sizeOf = (world: World, { sourceResourceId }: CreationData): number =>
  Number(world.get(sourceResourceId ?? '')?.outputs.diskSizeGB ?? 0);

const sources = {
  copy: /\/providers\/Microsoft\.Compute\/(disks|snapshots)\/[^/]+$/i,
  restore:
    /\/providers\/Microsoft\.Compute\/restorePointCollections\/[^/]+\/restorePoints\/[^/]+\/diskRestorePoints\/[^/]+$/i,
};

/** https://learn.microsoft.com/rest/api/compute/disks/create-or-update#diskcreateoption; not found as compute says it everywhere. */
function checkSource({
  world,
  inputs,
  before,
}: Write<Pick<DiskArgs, 'creationData' | 'diskSizeGB' | 'location'>>): void {
  const { createOption, sourceResourceId: from } = inputs.creationData;
  const form = Object.hasOwn(sources, createOption.toLowerCase())
    ? sources[createOption.toLowerCase() as 'copy']
    : undefined;
  if (!form) {
    if (from !== undefined)
      throw invalidParameter('creationData.sourceResourceId', `It is not allowed with the option ${createOption}.`);
    return;
  }
  if (before) return; // what was copied may be gone by now
  if (from === undefined)
    throw invalidParameter(
      'creationData.sourceResourceId',
      "Required parameter 'creationData.sourceResourceId' is missing (null).",
    );
  if (!form.test(from))
    throw invalidParameter(
      'creationData.sourceResourceId',
      `'${from}' is nothing the option ${createOption} copies from.`,
    );
  const source = world.get(from);
  if (!source) throw notFound('NotFound', `Resource ${from} is not found.`);
  if (source.inputs.location && locationOf(source) !== locationOf({ inputs }))
    throw badRequest('BadRequest', `The source ${from} is in ${source.inputs.location}, not in ${inputs.location}.`);
  const least = sizeOf(world, inputs.creationData);
  if (inputs.diskSizeGB !== undefined && inputs.diskSizeGB < least)
    throw invalidParameter(
      'disk.diskSizeGB',
      `The specified disk size ${inputs.diskSizeGB} GB is smaller than the ${least} GB of the source.`,
    );
}

/** https://learn.microsoft.com/azure/virtual-machines/disks-incremental-snapshots */
export const snapshot = define<SnapshotArgs>({
  path: '{group}/Microsoft.Compute/snapshots/{snapshotName}',
  name: names.disk,
  replaceOn: ['location'],
  fixed: ['creationData', 'incremental'],
  check(write) {
    const { createOption } = write.inputs.creationData;
    if (!['copy', 'copystart', 'empty', 'import', 'upload'].includes(createOption.toLowerCase()))
      throw invalidParameter('creationData.createOption', `A snapshot is not made with ${createOption}.`);
    checkSource(write);
  },
  outputs: ({ world, inputs }) => ({
    provisioningState: 'Succeeded',
    diskState: 'Unattached',
    ...sizes(inputs.diskSizeGB ?? sizeOf(world, inputs.creationData)),
    uniqueId: guid('snapshot', JSON.stringify(inputs)),
  }),
  written: fill,
  deleted: empty,
});

/** What is copied has the contents of its source from the beginning. */
function fill({ world, id, inputs, before }: Write<{ creationData: CreationData }>): void {
  const { sourceResourceId: from } = inputs.creationData;
  const copied = from === undefined ? undefined : world.state.contents[from.toLowerCase()];
  if (!before && copied !== undefined) world.state.contents[id.toLowerCase()] = copied;
}

function empty(world: World, { id }: Held): void {
  delete world.state.contents[id.toLowerCase()];
}

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
