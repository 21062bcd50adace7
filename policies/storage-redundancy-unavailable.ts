import { region as regionNamed } from '../src/catalog/regions.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';
import { object, text } from '../src/views.ts';

export default definePolicy({
  id: 'storage-redundancy-unavailable',
  title: 'a storage account must have a redundancy that its region offers',
  why: 'Azure refuses the account: copies in zones need a region with zones, copies elsewhere one with a paired region',
  fix: 'choose Standard_LRS, or what the region has of zones and a pair',
  source: 'https://learn.microsoft.com/azure/storage/common/storage-redundancy',
  example: { wrong: 'redundancy: Standard_GZRS in westus', right: 'redundancy: Standard_LRS in westus' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  *plan({ resources, regionOf }) {
    for (const account of ofType(resources, 'azure-native:storage:StorageAccount')) {
      const sku = text(object(account.inputs.sku).name);
      const region = regionNamed(regionOf(account) ?? '');
      if (sku === undefined || !region) continue;
      const missing = [
        ...(/_(RA)?G?ZRS$/i.test(sku) && region.zones.length === 0 ? ['zones'] : []),
        ...(/_(RA)?GZ?RS$/i.test(sku) && region.pairedRegion === null ? ['paired region'] : []),
      ];
      if (missing.length > 0)
        yield {
          resource: account.name,
          input: 'sku.name',
          message: `the region "${region.name}" has no ${missing.join(' and no ')} for ${sku}`,
          suggestion: { value: fallback(sku, region.zones.length > 0), safe: false },
        };
    }
  },
});

/** The most of the same tier that the region has. */
const fallback = (sku: string, hasZones: boolean): string => sku.replace(/_.*$/, hasZones ? '_ZRS' : '_LRS');
