import { createHash } from 'node:crypto';
import type { PublicIPAddressArgs } from '@pulumi/azure-native/network/index.js';
import { region } from '../../../src/catalog/regions.ts';
import { badRequest } from './error.ts';
import { names } from './names.ts';
import { define } from './resource-type.ts';
import { normalLocation, type World } from './world.ts';

/**
 * Standard and Static, or nothing: Basic addresses cannot be made since 2025-03-31
 * (https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-basic-upgrade-guidance), and the codes are
 * those of https://github.com/pulumi/pulumi-azure-native/issues/1597 and of the Azure SDK for Java, which names
 * `ResourceAvailabilityZonesCannotBeModified`.
 */
export const publicIp = define<PublicIPAddressArgs>({
  path: '{group}/Microsoft.Network/publicIPAddresses/{publicIpAddressName}',
  name: names.network,
  replaceOn: ['location', 'publicIPAddressVersion', 'publicIPPrefix', 'sku'],
  check({ id, inputs, before }) {
    if (inputs.sku?.name?.toLowerCase() !== 'standard') {
      throw badRequest(
        'IPv4BasicSkuPublicIpCountLimitReached',
        'Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.',
      );
    }
    if (inputs.publicIPAllocationMethod?.toLowerCase() !== 'static') {
      throw badRequest(
        'StandardSkuPublicIPAddressesMustBeStatic',
        `Standard sku publicIp ${id} must have AllocationMethod set to Static.`,
      );
    }
    const idle = inputs.idleTimeoutInMinutes;
    if (idle !== undefined && (idle < 4 || idle > 30)) {
      throw badRequest('InvalidRequestFormat', `The idle timeout of ${id} must be 4 to 30 minutes, and is ${idle}.`);
    }
    checkZones(id, inputs.zones, inputs.location);
    if (before && zoneText(before.inputs.zones) !== zoneText(inputs.zones)) {
      throw badRequest(
        'ResourceAvailabilityZonesCannotBeModified',
        `Resource ${id} has an existing availability zone constraint ${zoneText(before.inputs.zones) || 'NoZone'} and the request has availability zone constraint ${zoneText(inputs.zones) || 'NoZone'}, which do not match. Zones cannot be added/updated/removed once the resource is created.`,
      );
    }
  },
  outputs: ({ world, id, inputs, before }) => ({
    provisioningState: 'Succeeded',
    idleTimeoutInMinutes: inputs.idleTimeoutInMinutes ?? 4,
    publicIPAddressVersion: inputs.publicIPAddressVersion ?? 'IPv4',
    ipAddress: before?.outputs.ipAddress ?? freeAddress(world, id),
  }),
  deletable(world, address) {
    const user = servicesAt(world, address.id)[0];
    if (!user) return;
    throw badRequest(
      'PublicIPAddressCannotBeDeleted',
      `Public IP address ${address.id} can not be deleted since it is still allocated to the load balancer, for Service ${user}.`,
    );
  },
});

/** Zones: https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/error-codes/availabilityzonenotsupported-error */
export function checkZones(id: string, zones: readonly string[] | undefined, location: string | undefined): void {
  const offered = region(normalLocation(location ?? ''))?.zones ?? [];
  const wrong = (zones ?? []).filter((zone) => !offered.includes(zone));
  if (wrong.length === 0) return;
  throw badRequest(
    'AvailabilityZoneNotSupported',
    `The zone(s) '${wrong.join(',')}' for resource '${id}' is not supported. The supported zones for location '${location}' are '${offered.join(',')}'`,
  );
}

const zoneText = (zones: readonly string[] | undefined): string => [...(zones ?? [])].sort().join(', ');

/** What is replaced comes back with another address, as in Azure. */
function freeAddress(world: World, id: string): string {
  const taken = new Set(world.all('azure-native:network:PublicIPAddress').map((held) => held.outputs.ipAddress));
  for (let attempt = 0; ; attempt++) {
    const [a = 0, b = 0, c = 0] = createHash('sha256')
      .update(`${id.toLowerCase()} ${world.generation(id)} ${attempt}`)
      .digest();
    const candidate = `20.${a}.${b}.${(c % 254) + 1}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** The Services that a cluster's load balancer serves at an address, as `namespace/name`. */
export function servicesAt(world: World, addressId: string): string[] {
  const objects = Object.values(world.state.objects).flatMap(Object.values);
  return objects
    .filter(
      (object) =>
        object.kind === 'Service' && String(object.publicIpId ?? '').toLowerCase() === addressId.toLowerCase(),
    )
    .map((object) => `${object.metadata.namespace}/${object.metadata.name}`);
}
