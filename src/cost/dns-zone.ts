import { dnsPublicZone } from '../catalog/service-prices.ts';
import { type Coster, item } from './item.ts';

/** A public zone by the month; the queries come to 0.40 USD a million. */
export const dnsZone: Coster = function* (resource) {
  yield item(
    { name: 'DNS zone', resource: resource.name, input: 'zoneName', quantity: 1, meter: 'Public Zone' },
    dnsPublicZone()?.[0]?.price,
  );
};
