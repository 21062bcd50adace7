import { blobOperations, blobStored, platformLogExport } from '../catalog/service-prices.ts';
import { isPresent, object, text } from '../views.ts';
import { type Coster, item, tiered } from './item.ts';

/** Blobs by the GB that lie there, in the account's own redundancy, and by how often they are written and read. */
export const storageAccount: Coster = function* (resource, { usage, region }) {
  const place = region(resource);
  const redundancy = text(object(resource.inputs.sku).name)
    ?.replace(/^Standard_/, '')
    .replace(/^RA/, 'RA-');
  if (place === undefined || redundancy === undefined) return;
  const access = text(resource.inputs.accessTier) ?? 'Hot';
  const tier = `${access} ${redundancy}`;
  const here = { resource: resource.name, input: 'sku.name' };
  yield* tiered(
    {
      ...here,
      name: 'Stored logs and backups',
      detail: `${tier}, assumed`,
      quantity: usage.blobGb,
      assumes: ['usage.blobGb'],
      meter: `${tier} Data Stored`,
    },
    blobStored(place, tier),
    'blob storage',
  );
  // One meter for reads from all but the accounts that are spread over zones.
  const reads = redundancy.includes('ZRS') ? `${tier} Read Operations` : `${access} Read Operations`;
  for (const [name, key, meter] of [
    ['Storage writes', 'blobWrites', `${tier} Write Operations`],
    ['Storage reads', 'blobReads', reads],
  ] as const)
    yield item(
      {
        ...here,
        name,
        detail: `${usage[key]} a month, assumed`,
        quantity: usage[key] / 10_000,
        assumes: [`usage.${key}`],
        unit: '10k operations',
        meter,
      },
      blobOperations(place, meter),
    );
};

/** Logs that leave for a storage account are billed by the GB on their way; those for a workspace where they arrive. One line for all. */
export const diagnosticSetting: Coster = function* (resource, { usage, region, resources }) {
  const exporting = resources.filter(
    ({ type, inputs }) => type === resource.type && isPresent(inputs.storageAccountId),
  );
  const place = region({ ...resource, inputs: {} });
  if (exporting[0]?.name !== resource.name || place === undefined) return;
  yield item(
    {
      name: 'Log export',
      detail: 'audit logs to the storage account, assumed',
      resource: resource.name,
      input: 'storageAccountId',
      quantity: usage.auditLogGb,
      assumes: ['usage.auditLogGb'],
      unit: 'GB',
      meter: 'Platform Logs Data Processed',
    },
    platformLogExport(place),
  );
};
