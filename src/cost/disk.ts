import { diskTierFor, managedDisk } from '../catalog/prices.ts';
import { premiumSsdV2Capacity } from '../catalog/service-prices.ts';
import { isPresent, number, object, referenceOf, text } from '../views.ts';
import { type Coster, type CostItem, item } from './item.ts';

/** A claim without a volume of its own makes the cluster make a disk, of the kind its class says. */
export const claim: Coster = function* (resource, context) {
  const spec = object(resource.inputs.spec);
  const gib = /^(\d+)Gi$/.exec(text(object(object(spec.resources).requests).storage) ?? '')?.[1];
  const storageClass = context.resources.find(({ name }) => name === referenceOf(spec.storageClassName));
  const sku = text(object(storageClass?.inputs.parameters).skuName);
  const region = context.region({ ...resource, inputs: {} });
  if (isPresent(spec.volumeName) || gib === undefined || sku === undefined || region === undefined) return;
  yield* stepped(
    { resource: resource.name, input: 'spec.resources.requests.storage', name: 'Volume' },
    region,
    sku,
    Number(gib),
  );
};

/** A managed disk is billed by the step its size falls into; Premium SSD v2 by the GiB. */
export const disk: Coster = function* (resource, context) {
  const region = context.region(resource);
  const gib = number(resource.inputs.diskSizeGB);
  const sku = text(object(resource.inputs.sku).name);
  if (region === undefined || gib === undefined || sku === undefined) return;
  const here = { resource: resource.name, input: 'diskSizeGB', name: 'Data disk' };
  if (sku === 'PremiumV2_LRS') {
    yield item(
      { ...here, detail: `${gib} GiB, ${sku}`, quantity: gib, meter: 'Premium LRS Provisioned Capacity' },
      premiumSsdV2Capacity(region),
    );
    return;
  }
  yield* stepped(here, region, sku, gib);
};

function* stepped(
  here: { resource: string; input: string; name: string },
  region: string,
  sku: string,
  gib: number,
): Generator<CostItem> {
  const step = diskTierFor(sku, gib);
  const redundancy = sku.endsWith('ZRS') ? 'ZRS' : 'LRS';
  yield item(
    {
      ...here,
      detail: `${gib} GiB, ${sku}, billed as ${step?.tier ?? '?'}`,
      quantity: 1,
      meter: `${step?.tier} ${redundancy} Disk`,
    },
    step && managedDisk(region, sku, step.tier),
  );
}
