import { dnsPublicQueries, dnsPublicZone } from '../catalog/service-prices.ts';
import { type Coster, item, tiered } from './item.ts';

/** A public zone by the month, and by the questions it answers. */
export const dnsZone: Coster = function* (resource, { usage }) {
  const here = { resource: resource.name, input: 'zoneName' };
  yield item({ ...here, name: 'DNS zone', quantity: 1, meter: 'Public Zone' }, dnsPublicZone()?.[0]?.price);
  const quantity = usage.dnsQueries / 1_000_000;
  yield* tiered(
    {
      ...here,
      name: 'DNS queries',
      detail: 'assumed',
      quantity,
      assumes: ['usage.dnsQueries'],
      meter: 'Public Queries',
    },
    dnsPublicQueries(),
    'DNS queries',
  );
};
