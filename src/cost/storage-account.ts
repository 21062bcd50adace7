import { blobStored } from '../catalog/service-prices.ts';
import { object, text } from '../views.ts';
import { type Coster, item } from './item.ts';

/** Blobs by the GB that lie there, in the account's own redundancy. */
export const storageAccount: Coster = function* (resource, { usage, region }) {
  const place = region(resource);
  const redundancy = text(object(resource.inputs.sku).name)
    ?.replace(/^Standard_/, '')
    .replace(/^RA/, 'RA-');
  if (place === undefined || redundancy === undefined) return;
  const tier = `${text(resource.inputs.accessTier) ?? 'Hot'} ${redundancy}`;
  yield item(
    {
      name: 'Stored logs and backups',
      detail: `${tier}, assumed`,
      resource: resource.name,
      input: 'sku.name',
      quantity: usage.blobGb,
      assumes: ['usage.blobGb'],
      meter: `${tier} Data Stored`,
    },
    blobStored(place, tier)?.[0]?.price,
  );
};
