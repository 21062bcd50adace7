import { containerRegistry, containerRegistryStorage } from '../catalog/service-prices.ts';
import { object, text } from '../views.ts';
import { type Coster, daysPerMonth, item } from './item.ts';

/** A container registry by the day, and by the images that are more than what each tier includes. */
export const registry: Coster = function* (resource, { usage, region }) {
  const tier = text(object(resource.inputs.sku).name);
  if (tier !== 'Basic' && tier !== 'Standard' && tier !== 'Premium') return;
  const here = { resource: resource.name, input: 'sku.name' };
  const storage = containerRegistryStorage(tier);
  const included = storage?.free ?? 0;
  yield item(
    {
      ...here,
      name: 'Container registry',
      detail: `${tier}, ${included} GB included`,
      quantity: daysPerMonth,
      meter: `${tier} Registry Unit`,
      note: 'the source names no region',
    },
    containerRegistry(tier, region(resource)),
  );
  const over = usage.registryGb - included;
  if (over <= 0) return;
  yield item(
    {
      ...here,
      name: 'Container registry storage',
      detail: `${over} of ${usage.registryGb} GB assumed`,
      quantity: over,
      assumes: ['usage.registryGb'],
      meter: 'Data Stored',
    },
    storage,
  );
};
