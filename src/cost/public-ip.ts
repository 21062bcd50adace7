import { publicIPv4 } from '../catalog/prices.ts';
import { text } from '../views.ts';
import { type Coster, hoursPerMonth, item, whileStopped } from './item.ts';

/** A static IPv4 address by the hour, used or not; IPv6 has no meter. */
export const publicIp: Coster = function* (resource, context) {
  const region = context.region(resource);
  if (region === undefined || text(resource.inputs.publicIPAddressVersion) === 'IPv6') return;
  yield item(
    {
      name: 'Public address',
      detail: `IPv4${whileStopped(context)}`,
      resource: resource.name,
      input: '',
      quantity: hoursPerMonth,
      meter: 'Standard IPv4 Static Public IP',
    },
    publicIPv4(region),
  );
};
