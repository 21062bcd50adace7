import { isIP } from 'node:net';
import type { SecretArgs, VaultArgs } from '@pulumi/azure-native/keyvault/index.js';
import { addressRange, overlaps, privateRanges } from '../addresses.ts';
import type { Resolved } from '../provider.ts';
import { isUnder, lastPart } from './arm-path.ts';
import { type AzureError, badRequest, conflict, invalidParameter } from './error.ts';
import { names } from './names.ts';
import { define, type Write } from './resource-type.ts';
import { guid, locationOf, type World } from './world.ts';

const vaultType = 'azure-native:keyvault:Vault';
type VaultProperties = Resolved<VaultArgs>['properties'];

/**
 * Names are unique across Azure and stay taken after a deletion: soft delete cannot be switched off
 * (https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview); the answer to a name that waits in the
 * recycle bin is that of https://github.com/alan-turing-institute/data-safe-haven/issues/2523. Who recovers one gets it back
 * as it was, with its secrets, whatever is asked for (https://github.com/Azure/azure-rest-api-specs/issues/21306).
 */
export const vault = define<VaultArgs>({
  path: '{group}/Microsoft.KeyVault/vaults/{vaultName}',
  name: names.vault,
  check(write) {
    const { world, id, name, inputs, before } = write;
    const { properties } = inputs;
    const deleted = world.state.deletedVaults[name.toLowerCase()];
    const isRecovery = properties.createMode?.toLowerCase() === 'recover';
    if (!before) checkName(world, id, name, isRecovery);
    if (isRecovery && !before && (!deleted || locationOf(deleted) !== locationOf({ inputs }))) {
      throw conflict(
        'SoftDeletedVaultDoesNotExist',
        `There is no deleted vault '${name}' in ${inputs.location} to recover.`,
      );
    }
    if (properties.tenantId.toLowerCase() !== world.account.tenantId.toLowerCase()) {
      throw badRequest(
        'BadRequest',
        `The tenant ID '${properties.tenantId}' in the vault is not that of the subscription, '${world.account.tenantId}'.`,
      );
    }
    if (!properties.accessPolicies && !isRecovery && !properties.enableRbacAuthorization) {
      throw badRequest('BadRequest', "The parameter 'accessPolicies' is not specified.");
    }
    if ((properties.accessPolicies?.length ?? 0) > 1024)
      throw badRequest('BadRequest', 'A vault takes at most 1024 access policies.');
    if (
      properties.accessPolicies?.some((policy) => policy.tenantId.toLowerCase() !== properties.tenantId.toLowerCase())
    ) {
      throw badRequest('BadRequest', "An access policy's tenant ID must be the vault's.");
    }
    checkProtection(properties, before?.inputs.properties);
    checkNetworkRules(write);
  },
  outputs: ({ name, inputs }) => ({
    properties: {
      ...inputs.properties,
      vaultUri: `https://${name.toLowerCase()}.vault.azure.net/`,
      provisioningState: 'Succeeded',
      enableSoftDelete: true,
      softDeleteRetentionInDays: inputs.properties.softDeleteRetentionInDays ?? 90,
    },
  }),
  written({ world, id, name, before }) {
    const deleted = world.state.deletedVaults[name.toLowerCase()];
    const held = world.get(id);
    if (before || !deleted || !held) return;
    Object.assign(held, { inputs: deleted.inputs, outputs: deleted.outputs });
    delete world.state.deletedVaults[name.toLowerCase()];
    for (const [key, secret] of Object.entries(world.state.deletedSecrets)) {
      if (secret === true || !isUnder(key, id)) continue;
      world.put(secret);
      delete world.state.deletedSecrets[key];
    }
  },
  deleted(world, held) {
    world.state.deletedVaults[lastPart(held.id).toLowerCase()] = held;
  },
});

function checkName(world: World, id: string, name: string, isRecovery: boolean): void {
  if (world.all(vaultType).some((held) => held.id !== id && lastPart(held.id).toLowerCase() === name.toLowerCase())) {
    throw conflict(
      'VaultAlreadyExists',
      `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken. If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but not purged after being placed in a recoverable state.`,
    );
  }
  if (world.state.deletedVaults[name.toLowerCase()] && !isRecovery) {
    throw conflict(
      'ConflictError',
      'A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.',
    );
  }
}

/** https://github.com/Azure/azure-rest-api-specs/issues/18106 and terraform-provider-azurerm's key_vault_resource.go. */
function checkProtection(properties: VaultProperties, before: VaultProperties | undefined): void {
  const days = properties.softDeleteRetentionInDays;
  if (days !== undefined && (!Number.isInteger(days) || days < 7 || days > 90)) {
    throw badRequest(
      'BadRequest',
      `The property "softDeleteRetentionInDays" must be between 7 and 90, and is ${days}.`,
    );
  }
  if (properties.enableSoftDelete === false) {
    throw badRequest(
      'BadRequest',
      'The property "enableSoftDelete" can be set to false only for creating new vault. Enabling the \'soft delete\' functionality is an irreversible action.',
    );
  }
  if (properties.enablePurgeProtection === false) {
    throw badRequest(
      'BadRequest',
      'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.',
    );
  }
  if (before && (days ?? 90) !== (before.softDeleteRetentionInDays ?? 90)) {
    throw badRequest(
      'BadRequest',
      'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
    );
  }
}

/** https://learn.microsoft.com/azure/key-vault/general/network-security */
function checkNetworkRules({ world, id, inputs }: Write<VaultArgs>): void {
  const { ipRules = [], virtualNetworkRules = [] } = inputs.properties.networkAcls ?? {};
  if (ipRules.length > 1000 || virtualNetworkRules.length > 200)
    throw badRequest('BadRequest', `${id} has more than 1000 IP rules or 200 virtual network rules.`);
  for (const [index, { value }] of ipRules.entries()) {
    const range = addressRange(value.includes('/') ? value : `${value}/32`);
    const where = `properties.networkAcls.ipRules[${index}].value`;
    if (!range || (isIP(value) === 0 && !value.includes('/')))
      throw badRequest('BadRequest', `Could not parse ${where}: ${value}`);
    const closed = privateRanges.find((reserved) => overlaps(reserved, range));
    if (closed)
      throw badRequest(
        'BadRequest',
        `The value at ${where}: ${value} belongs to forbidden range ${closed.text} (private IP addresses)`,
      );
  }
  for (const { id: subnetId, ignoreMissingVnetServiceEndpoint } of virtualNetworkRules) {
    const subnet = world.get(subnetId);
    if (!subnet)
      throw badRequest(
        'VirtualNetworkNotValid',
        `The virtual network rule ${subnetId} is not valid: the subnet was not found.`,
      );
    const endpoints = (subnet.inputs.serviceEndpoints ?? []) as { service?: string }[];
    if (
      ignoreMissingVnetServiceEndpoint ||
      endpoints.some(({ service }) => service?.toLowerCase() === 'microsoft.keyvault')
    )
      continue;
    throw badRequest(
      'SubnetsHaveNoServiceEndpointsConfigured',
      `Subnets ${lastPart(subnetId)} of virtual network ${subnetId.split('/subnets/')[0]} do not have ServiceEndpoints for Microsoft.KeyVault resources configured. Add Microsoft.KeyVault to subnet's ServiceEndpoints collection before trying to ACL Microsoft.KeyVault resources to these subnets.`,
    );
  }
}

/** https://learn.microsoft.com/azure/key-vault/secrets/about-secrets */
export const secret = define<SecretArgs>({
  path: '{group}/Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}',
  name: names.secret,
  check({ world, id, name, inputs, before }) {
    const { value = '', contentType = '', attributes } = inputs.properties;
    if (!before && world.state.deletedSecrets[id.toLowerCase()]) throw stillDeleted(name);
    if (Buffer.byteLength(value) > 25 * 1024)
      throw invalidParameter('properties.value', 'A secret holds at most 25 KB.');
    if (contentType.length > 255) throw invalidParameter('properties.contentType', 'It has at most 255 characters.');
    for (const moment of [attributes?.expires, attributes?.notBefore]) {
      if (moment !== undefined && (!Number.isInteger(moment) || moment < 0 || moment > 4102444800)) {
        throw invalidParameter('properties.attributes', `${moment} is not a number of seconds since 1970.`);
      }
    }
  },
  /** The value never comes back. */
  outputs({ world, id, name, inputs }) {
    const { value, ...shown } = inputs.properties;
    const vaultId = id.slice(0, id.lastIndexOf('/secrets/'));
    const { vaultUri } = (world.get(vaultId)?.outputs.properties ?? {}) as { vaultUri?: string };
    const secretUri = `${vaultUri}secrets/${name}`;
    const version = guid(id, String(value)).replaceAll('-', '');
    return {
      location: locationOf(world.get(vaultId)),
      properties: {
        ...shown,
        attributes: { enabled: true, ...inputs.properties.attributes, created: 0, updated: 0 },
        secretUri,
        secretUriWithVersion: `${secretUri}/${version}`,
      },
    };
  },
  deleted(world, held, along) {
    world.state.deletedSecrets[held.id.toLowerCase()] = along ? held : true;
  },
  imported({ properties: { value: _, ...shown }, ...rest }) {
    return { ...rest, properties: shown };
  },
});

const stillDeleted = (name: string): AzureError =>
  conflict(
    'Conflict',
    `Secret ${name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.`,
  );
