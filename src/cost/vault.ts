import { keyVaultOperations } from '../catalog/prices.ts';
import { type Coster, item } from './item.ts';

/** A vault costs what is asked of it: every start of the node reads every secret once. */
export const vault: Coster = function* (resource, { usage, resources, region }) {
  const secrets = resources.filter(({ type }) => type === 'azure-native:keyvault:Secret').length;
  const operations = secrets * usage.podStarts;
  yield item(
    {
      name: 'Key Vault operations',
      detail: `${secrets} secrets, ${usage.podStarts} starts`,
      resource: resource.name,
      input: 'properties.sku.name',
      quantity: operations / 10_000,
      meter: 'Operations',
    },
    keyVaultOperations(region(resource)) ?? keyVaultOperations(),
  );
};
