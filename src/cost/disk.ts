import { diskTierFor, managedDisk } from '../catalog/prices.ts';
import { premiumSsdV2Capacity } from '../catalog/service-prices.ts';
import { number, object, text } from '../views.ts';
import { type Coster, item } from './item.ts';

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
};
