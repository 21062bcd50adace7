import type { Resource } from '../plan.ts';
import { isPresent, items, number, object, text } from '../views.ts';
import type { PolicyContext } from './policy.ts';
import { ofType } from './references.ts';

/** A disk, or the class that makes disks for claims, in one form; what is not known is undefined. */
export type DiskRequest = {
  resource: Resource;
  sku: string;
  skuInput: string;
  gib: number | undefined;
  gibInput: string;
  iops: number | undefined;
  iopsInput: string;
  mbps: number | undefined;
  mbpsInput: string;
  caching: string | undefined;
  cachingInput: string;
  /** Does it have a zone? undefined for a class, whose disks go where the pod is. */
  zonal: boolean | undefined;
  /** Is it for pods of a cluster of the program? */
  forPods: boolean;
};

const diskDriver = 'disk.csi.azure.com';

/** Every disk and every class of disks of the program whose kind is known. */
export function* diskRequests(context: PolicyContext): Generator<DiskRequest> {
  const { resources, usersOf } = context;
  for (const resource of ofType(resources, 'azure-native:compute:Disk')) {
    const { inputs, name } = resource;
    const sku = text(object(inputs.sku).name);
    if (sku === undefined) continue;
    yield {
      resource,
      sku,
      skuInput: 'sku.name',
      gib: number(inputs.diskSizeGB),
      gibInput: 'diskSizeGB',
      iops: number(inputs.diskIOPSReadWrite),
      iopsInput: 'diskIOPSReadWrite',
      mbps: number(inputs.diskMBpsReadWrite),
      mbpsInput: 'diskMBpsReadWrite',
      caching: undefined,
      cachingInput: '',
      zonal: isPresent(inputs.zones) ? !Array.isArray(inputs.zones) || items(inputs.zones).length > 0 : false,
      forPods: usersOf(name).some(({ type }) => type === volumeType),
    };
  }
  for (const resource of ofType(resources, 'kubernetes:storage.k8s.io/v1:StorageClass')) {
    // The disks of volumes made by hand are judged themselves.
    if (text(resource.inputs.provisioner) !== diskDriver || holdsVolumes(resource, context)) continue;
    const parameters = object(resource.inputs.parameters);
    // The driver knows its parameters in any case, and two names for the kind.
    const key = (...names: string[]): string | undefined =>
      Object.keys(parameters).find((each) => names.includes(each.toLowerCase()));
    const skuKey = key('skuname', 'storageaccounttype');
    const sku = skuKey === undefined ? undefined : text(parameters[skuKey]);
    if (skuKey === undefined || sku === undefined) continue;
    const value = (name: string): { text: string | undefined; input: string } => {
      const found = key(name);
      return found === undefined
        ? { text: undefined, input: 'parameters' }
        : { text: text(parameters[found]), input: `parameters.${found}` };
    };
    const [iops, mbps, caching] = [value('diskiopsreadwrite'), value('diskmbpsreadwrite'), value('cachingmode')];
    yield {
      resource,
      sku,
      skuInput: `parameters.${skuKey}`,
      gib: undefined,
      gibInput: '',
      iops: toNumber(iops.text),
      iopsInput: iops.input,
      mbps: toNumber(mbps.text),
      mbpsInput: mbps.input,
      caching: caching.text,
      cachingInput: caching.input,
      zonal: undefined,
      forPods: true,
    };
  }
}

const volumeType = 'kubernetes:core/v1:PersistentVolume';

const holdsVolumes = ({ name, inputs }: Resource, { resources, usersOf }: PolicyContext): boolean => {
  const written = text(object(inputs.metadata).name);
  return (
    usersOf(name).some(({ type }) => type === volumeType) ||
    ofType(resources, volumeType).some(
      (volume) => written !== undefined && text(object(volume.inputs.spec).storageClassName) === written,
    )
  );
};

function toNumber(written: string | undefined): number | undefined {
  const digits = /^\d+$/.exec(written ?? '');
  return digits ? Number(digits[0]) : undefined;
}
