import { containerRegistry } from '../catalog/service-prices.ts';
import { object, text } from '../views.ts';
import { type Coster, daysPerMonth, item } from './item.ts';

/** A container registry by the day; the storage that is included is enough for one image. */
export const registry: Coster = function* (resource, { region }) {
  const tier = text(object(resource.inputs.sku).name);
  if (tier !== 'Basic' && tier !== 'Standard' && tier !== 'Premium') return;
  yield item(
    {
      name: 'Container registry',
      detail: tier,
      resource: resource.name,
      input: 'sku.name',
      quantity: daysPerMonth,
      meter: `${tier} Registry Unit`,
    },
    containerRegistry(tier, region(resource)),
  );
};
