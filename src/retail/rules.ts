import { meterIds, meters } from '../catalog/meters.ts';
import type { Row } from './rows.ts';

/** Where the price list holds a figure: in each region, under a name of its own, or in all regions alike. */
type Where = 'region' | 'Global' | 'Zone 1' | 'any';

/** How the rows of one of the catalog's meters are told from all others. */
export type Rule = {
  id: string;
  service: string;
  where: Where;
  product?: string;
  sku?: string;
  meter: RegExp;
  /** The price list is one side of a dispute: its figure is shown beside the one that counts. */
  isAlternative: boolean;
};

type Family = {
  ids: RegExp;
  service: string;
  where?: Where;
  product?: string;
  /** `$1` is the first group of `ids`. */
  sku?: string;
  /** Where the catalog has only a description of the meter, or Azure more than one name for it. */
  meter?: RegExp;
  isAlternative?: true;
};

/** The first that fits counts. The names are those of retail price lists of 2026; what fits none stays as shipped. */
const families: readonly Family[] = [
  { ids: /^acr\.task$/, service: 'Container Registry' },
  { ids: /^acr\.(?:storage\.)?(Basic|Standard|Premium)$/, service: 'Container Registry', sku: '$1' },
  { ids: /^aks\.Free$/, service: 'Azure Kubernetes Service', where: 'any', isAlternative: true },
  { ids: /^aks\.(?:Standard|Premium)$/, service: 'Azure Kubernetes Service', where: 'any', sku: 'Standard' },
  { ids: /^(?:alert|prometheus)\./, service: 'Azure Monitor' },
  { ids: /^blob\.(?:stored|operations)\./, service: 'Storage' },
  {
    ids: /^diskOperations\.StandardSSD_LRS$/,
    service: 'Storage',
    product: 'Standard SSD Managed Disks',
    meter: /^E\d+ LRS Disk Operations$/,
  },
  {
    ids: /^diskOperations\.Standard_LRS$/,
    service: 'Storage',
    product: 'Standard HDD Managed Disks',
    meter: /^S\d+ LRS Disk Operations$/,
  },
  { ids: /^diskSnapshot\.Standard_LRS$/, service: 'Storage', meter: /^LRS Snapshots$/ },
  { ids: /^dns\.public/, service: 'Azure DNS', where: 'Zone 1', sku: 'Public' },
  { ids: /^dns\.privateZone$/, service: 'Azure DNS', where: 'Zone 1', sku: 'Private', meter: /^Private Zone$/ },
  { ids: /^egress\./, service: 'Bandwidth' },
  { ids: /^keyVault\.hsm/, service: 'Key Vault', sku: 'Premium' },
  { ids: /^keyVault\./, service: 'Key Vault', sku: 'Standard' },
  { ids: /^loadBalancer\./, service: 'Load Balancer', where: 'Global', sku: 'Standard' },
  {
    ids: /^logs\.ingestion$/,
    service: 'Log Analytics',
    sku: 'Analytics Logs',
    meter: /^Analytics Logs Data (?:Ingestion|Analyzed)$/,
  },
  { ids: /^logs\.retention$/, service: 'Log Analytics', sku: 'Analytics Logs' },
  { ids: /^logs\./, service: 'Azure Monitor' },
  { ids: /^nat\./, service: 'NAT Gateway', where: 'Global' },
  { ids: /^premiumSsdV2\./, service: 'Storage', sku: 'Premium LRS' },
  { ids: /^privateEndpoint\./, service: 'Virtual Network', where: 'Global' },
  { ids: /^publicIp\./, service: 'Virtual Network' },
];

let rules: readonly Rule[] | undefined;

/** The rule of every meter that can be told apart; one that is only described, by a name in parentheses, can't. */
export function meterRules(): readonly Rule[] {
  rules ??= meterIds().flatMap((id) => {
    const family = families.find(({ ids }) => ids.test(id));
    const listed = meters()[id];
    if (!family || !listed) return [];
    const { service, where = 'region', isAlternative = false } = family;
    const sku = family.sku === '$1' ? family.ids.exec(id)?.[1] : family.sku;
    const product = family.product ?? listed.product;
    const meter = family.meter ?? (listed.meter.startsWith('(') ? undefined : exactly(listed.meter));
    if (!meter) return [];
    return [
      {
        id,
        service,
        where,
        meter,
        isAlternative,
        ...(product !== undefined && { product }),
        ...(sku !== undefined && { sku }),
      },
    ];
  });
  return rules;
}

const exactly = (name: string): RegExp => new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);

export const fits = ({ product, sku, meter }: Rule, row: Row): boolean =>
  (product === undefined || row.productName === product) &&
  (sku === undefined || row.skuName === sku) &&
  meter.test(row.meterName);
