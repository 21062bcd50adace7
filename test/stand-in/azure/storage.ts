import type { RegistryArgs } from '@pulumi/azure-native/containerregistry/index.js';
import type { BlobContainerArgs, StorageAccountArgs } from '@pulumi/azure-native/storage/index.js';
import { region } from '../../../src/catalog/regions.ts';
import { addressRange, overlaps, privateRanges } from '../addresses.ts';
import { lastPart } from './arm-path.ts';
import { badRequest, changeNotAllowed, conflict } from './error.ts';
import { names } from './names.ts';
import { define } from './resource-type.ts';
import { normalLocation, type World } from './world.ts';

const accountType = 'azure-native:storage:StorageAccount';
const registryType = 'azure-native:containerregistry:Registry';

/** https://learn.microsoft.com/azure/storage/common/storage-account-overview */
export const storageAccount = define<StorageAccountArgs>({
  path: '{group}/Microsoft.Storage/storageAccounts/{accountName}',
  name: names.storageAccount,
  replaceOn: ['isHnsEnabled', 'location'],
  check({ world, name, inputs, before }) {
    if (!before && isTaken(world, accountType, name))
      throw conflict('StorageAccountAlreadyTaken', `The storage account named ${name} is already taken.`);
    const place = region(normalLocation(inputs.location ?? ''));
    const sku = inputs.sku.name.toLowerCase();
    if (/g?zrs$/.test(sku) && place?.zones.length === 0)
      throw badRequest('InvalidSku', `${inputs.sku.name} needs availability zones, and ${inputs.location} has none.`);
    if (/_(ra)?gz?rs$/.test(sku) && !place?.pairedRegion)
      throw badRequest('InvalidSku', `${inputs.sku.name} needs a paired region, and ${inputs.location} has none.`);
    if (inputs.minimumTlsVersion && inputs.minimumTlsVersion !== 'TLS1_2')
      throw badRequest(
        'InvalidMinimumTlsVersion',
        `${inputs.minimumTlsVersion} is not accepted; TLS1_2 is the minimum.`,
      );
    for (const { virtualNetworkResourceId } of inputs.networkRuleSet?.virtualNetworkRules ?? []) {
      const subnet = world.get(virtualNetworkResourceId);
      const endpoints = (subnet?.inputs.serviceEndpoints ?? []) as { service?: string }[];
      // As recorded in https://github.com/hashicorp/terraform-provider-azurerm/issues/16547
      if (!endpoints.some(({ service }) => service?.toLowerCase().startsWith('microsoft.storage')))
        throw badRequest(
          'NetworkAclsValidationFailure',
          `Validation of network acls failure: SubnetsHaveNoServiceEndpointsConfigured: Subnets ${lastPart(virtualNetworkResourceId)} of virtual network ${virtualNetworkResourceId.split('/subnets/')[0]} do not have ServiceEndpoints for Microsoft.Storage resources configured.`,
        );
    }
    for (const { iPAddressOrRange: text } of inputs.networkRuleSet?.ipRules ?? []) {
      const range = addressRange(text.includes('/') ? text : `${text}/32`);
      if (
        !range ||
        range.prefix > 30 !== !text.includes('/') ||
        privateRanges.some((reserved) => overlaps(reserved, range))
      ) {
        throw badRequest(
          'InvalidValuesForRequestParameters',
          `The IP rule '${text}' is not a public address or range of at most /30.`,
        );
      }
    }
    if (before && before.inputs.kind !== inputs.kind && inputs.kind !== 'StorageV2') throw changeNotAllowed('kind');
  },
  outputs: ({ name, inputs }) => ({
    provisioningState: 'Succeeded',
    primaryEndpoints: { blob: `https://${name}.blob.core.windows.net/` },
    primaryLocation: inputs.location,
    statusOfPrimary: 'available',
    sku: { ...inputs.sku, tier: inputs.sku.name.split('_')[0] },
  }),
});

export const blobContainer = define<BlobContainerArgs>({
  path: '{group}/Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}',
  name: names.blobContainer,
  outputs: () => ({
    deleted: false,
    hasImmutabilityPolicy: false,
    hasLegalHold: false,
    leaseState: 'Available',
    leaseStatus: 'Unlocked',
  }),
});

/** https://learn.microsoft.com/azure/container-registry/container-registry-skus */
export const registry = define<RegistryArgs>({
  path: '{group}/Microsoft.ContainerRegistry/registries/{registryName}',
  name: names.registry,
  replaceOn: ['location'],
  check({ world, name, inputs, before }) {
    if (!before && isTaken(world, registryType, name))
      throw conflict('AlreadyInUse', `The registry DNS name ${name}.azurecr.io is already in use.`);
    const isPremium = inputs.sku.name.toLowerCase() === 'premium';
    if (
      !isPremium &&
      (inputs.networkRuleSet ||
        inputs.zoneRedundancy?.toLowerCase() === 'enabled' ||
        inputs.publicNetworkAccess?.toLowerCase() === 'disabled')
    ) {
      throw badRequest(
        'ParameterNotSupported',
        `Network rules, zone redundancy and private access need the Premium SKU, not ${inputs.sku.name}.`,
      );
    }
  },
  outputs: ({ name, inputs }) => ({
    provisioningState: 'Succeeded',
    loginServer: `${name.toLowerCase()}.azurecr.io`,
    sku: { ...inputs.sku, tier: inputs.sku.name },
  }),
});

/** Some names are unique in all of Azure. */
const isTaken = (world: World, type: string, name: string): boolean =>
  world.all(type).some((held) => lastPart(held.id).toLowerCase() === name.toLowerCase());
