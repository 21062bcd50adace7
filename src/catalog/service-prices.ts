// Prices of what a node may add: other disks, blob storage, registry, DNS, backup, NAT, logs, alerts.
// As in `prices.ts`, undefined means that the catalog has no figure. Whatever has no function of its own
// (peering, AKS Automatic, HSM keys, …) is reached by its id through `meterPrice` and `meterTiers`.

import { meterAllowance, meterPrice, meterTiers, type Price, type PriceTier } from './meters.ts';

/** Premium SSD v2 capacity, per GiB and month. */
export const premiumSsdV2Capacity = (region: string): Price | undefined => meterPrice('premiumSsdV2.capacity', region);

/** Premium SSD v2, per provisioned IOPS and hour; `free` of them are included. */
export const premiumSsdV2Iops = (region: string): Price | undefined => meterPrice('premiumSsdV2.iops', region);

/** Premium SSD v2, per provisioned MB/s and hour; `free` of them are included. */
export const premiumSsdV2Throughput = (region: string): Price | undefined =>
  meterPrice('premiumSsdV2.throughput', region);

/** Ultra disk capacity, per GiB and month. */
export const ultraDiskCapacity = (region: string): Price | undefined => meterPrice('ultraDisk.capacity', region);

/** Snapshot of a disk on Standard HDD, LRS, per GB and month. */
export const diskSnapshot = (region: string): Price | undefined => meterPrice('diskSnapshot.Standard_LRS', region);

/** Operations on a managed disk, per 10,000; undefined also for the tiers E1 to E3, which have no such meter. */
export function diskOperations(region: string, sku: string, tier: string): Price | undefined {
  return /^E[123]$/.test(tier) ? undefined : meterPrice(`diskOperations.${sku}`, region);
}

/** Blob capacity per GB and month, by `sku` as in `Hot LRS`, in tiers of GB. */
export const blobStored = (region: string, sku: string): readonly PriceTier[] | undefined =>
  meterTiers(`blob.stored.${sku}`, region);

/** Blob operations per 10,000, by meter name as in `Hot LRS Write Operations` or `Hot Read Operations`. */
export const blobOperations = (region: string, meter: string): Price | undefined =>
  meterPrice(`blob.operations.${meter}`, region);

/** Reading back from `Cool`, `Cold`, `Archive` or `Archive priority`, per GB. */
export const blobRetrieval = (region: string, tier: string): Price | undefined =>
  meterPrice(`blob.retrieval.${tier}`, region);

type RegistryTier = 'Basic' | 'Standard' | 'Premium';

/** A container registry, per day; the shipped source names no region. */
export const containerRegistry = (tier: RegistryTier, region?: string): Price | undefined =>
  (region && meterPrice(`acr.${tier}`, region)) || meterPrice(`acr.${tier}`);

/** Container registry storage beyond the included `free` GB, per GB and month; the source names no region. */
export const containerRegistryStorage = (tier: RegistryTier): Price | undefined => meterPrice(`acr.storage.${tier}`);

/** Public DNS zones per month, in tiers of zones. */
export const dnsPublicZone = (): readonly PriceTier[] | undefined => meterTiers('dns.publicZone');

/** Public DNS queries per million, in tiers of millions a month. */
export const dnsPublicQueries = (): readonly PriceTier[] | undefined => meterTiers('dns.publicQueries');

/** A private DNS zone per month, for the first 25. */
export const dnsPrivateZone = (): Price | undefined => meterPrice('dns.privateZone');

/** Azure Backup of one VM per month: up to 50 GB, up to 500 GB, and for each further 500 GB begun. */
export function backupVmInstance(region: string, protectedGb: number): Price | undefined {
  const [small, large] = meterTiers('backup.vmInstance', region) ?? [];
  if (!small || !large) return undefined;
  if (protectedGb <= large.from) return small.price;
  return { ...large.price, usd: large.price.usd * Math.ceil(protectedGb / 500) };
}

/** Backup storage, per GB and month, by redundancy. */
export const backupStorage = (region: string, redundancy: 'ZRS' | 'GRS' | 'RA-GRS'): Price | undefined =>
  meterPrice(`backup.storage.${redundancy}`, region);

/** A NAT gateway, per hour; Global. */
export const natGateway = (): Price | undefined => meterPrice('nat.gateway');

/** Data through a NAT gateway, per GB; Global. */
export const natGatewayData = (): Price | undefined => meterPrice('nat.data');

/** A private endpoint, per hour; Global. */
export const privateEndpoint = (): Price | undefined => meterPrice('privateEndpoint.hour');

/** Data through a private endpoint, per GB and direction; Global. */
export const privateEndpointData = (): Price | undefined => meterPrice('privateEndpoint.data');

/** Data between availability zones, per GB; disputed. */
export const interZoneTransfer = (region: string): Price | undefined => meterPrice('egress.interZone', region);

/** Log Analytics beyond Analytics Logs: ingestion, search and export per GB, archive per GB and month. */
export const logsOther = (
  region: string,
  item: 'basicIngestion' | 'auxiliaryIngestion' | 'search' | 'archive' | 'export',
): Price | undefined => meterPrice(`logs.${item}`, region);

/** What diagnostic settings send to a storage account or an event hub, per GB; to a workspace it is free. */
export const platformLogExport = (region: string): Price | undefined => meterPrice('logs.platformExport', region);

/** A trigger or built-in action of a logic app on the Consumption plan. */
export const logicAction = (region: string): Price | undefined => meterPrice('logic.builtInActions', region);

/** The actions of a month that cost a subscription nothing, in every region. */
export const freeLogicActions = () => meterAllowance('logic.builtInActions');

/** A log search alert rule by month, by how often it runs. */
export const logAlert = (region: string, everyMinutes: 1 | 5 | 10 | 15): Price | undefined =>
  meterPrice(`alert.log.${everyMinutes}min`, region);

/** Each further time series of a log search alert, per month. */
export const logAlertSeries = (region: string, everyMinutes: 1 | 5 | 10 | 15): Price | undefined =>
  meterPrice(`alert.logSeries.${everyMinutes}min`, region);

/** One notification of an action group. */
export const actionGroupNotification = (region: string, by: 'email' | 'webhook'): Price | undefined =>
  meterPrice(`actionGroup.${by}`, region);

/** Managed Prometheus, per 10 million samples. */
export const prometheusIngestion = (region: string): Price | undefined => meterPrice('prometheus.ingestion', region);

/** Key Vault operations on keys beyond RSA 2048, per 10,000. */
export const keyVaultAdvancedOperations = (region: string): Price | undefined =>
  meterPrice('keyVault.advancedOperations', region);

/** One certificate renewal by Key Vault. */
export const keyVaultCertificateRenewal = (region: string): Price | undefined =>
  meterPrice('keyVault.certificateRenewal', region);

/** One automated key rotation by Key Vault. */
export const keyVaultKeyRotation = (region: string): Price | undefined => meterPrice('keyVault.keyRotation', region);
