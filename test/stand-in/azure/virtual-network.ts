import type { SubnetArgs, VirtualNetworkArgs } from '@pulumi/azure-native/network/index.js';
import { type AddressRange, addressRange, covers, isCanonical, overlaps, sizeOf } from '../addresses.ts';
import type { Held } from '../cloud.ts';
import type { Resolved } from '../provider.ts';
import { lastPart } from './arm-path.ts';
import { checkReference } from './common.ts';
import { badRequest } from './error.ts';
import { names } from './names.ts';
import { define, type Write } from './resource-type.ts';
import type { World } from './world.ts';

const subnetType = 'azure-native:network:Subnet';

/** Address spaces and subnets: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
export const virtualNetwork = define<VirtualNetworkArgs>({
  path: '{group}/Microsoft.Network/virtualNetworks/{virtualNetworkName}',
  name: names.virtualNetwork,
  replaceOn: ['location'],
  check(write) {
    const { world, id, inputs, before } = write;
    const spaces = (inputs.addressSpace?.addressPrefixes ?? []).map((prefix) => checkedRange(prefix, id));
    if (spaces.length === 0)
      throw badRequest('InvalidRequestFormat', `Virtual network ${id} must have an address space.`);
    for (const [index, space] of spaces.entries()) {
      const other = spaces.slice(0, index).find((earlier) => overlaps(earlier, space));
      if (other)
        throw badRequest(
          'VnetAddressSpaceOverlaps',
          `The address prefixes ${other.text} and ${space.text} of ${id} overlap.`,
        );
    }
    const inline = inputs.subnets ?? [];
    for (const [index, subnet] of inline.entries()) {
      const clash = inline.slice(0, index).find((earlier) => earlier.name === subnet.name);
      if (clash) throw badRequest('InvalidRequestFormat', `Subnet name '${subnet.name}' is used twice in ${id}.`);
    }
    for (const subnet of before ? subnetsOf(world, id) : []) {
      const left = rangesOf(subnet.inputs).find((range) => !spaces.some((space) => covers(space, range)));
      if (left) throw prefixInUse(left.text, subnet.id);
    }
  },
  outputs: ({ id, inputs }) => ({
    provisioningState: 'Succeeded',
    enableDdosProtection: inputs.enableDdosProtection ?? false,
    subnets: (inputs.subnets ?? []).map((subnet) => ({ ...subnet, id: `${id}/subnets/${subnet.name}` })),
  }),
  written({ world, id, inputs }) {
    for (const subnet of inputs.subnets ?? []) {
      const child = {
        world,
        id: `${id}/subnets/${subnet.name}`,
        name: subnet.name ?? '',
        inputs: subnet,
        before: undefined,
      };
      checkSubnet(child as Write<SubnetArgs>);
      world.put({
        id: child.id,
        type: subnetType,
        inputs: subnet,
        outputs: { name: subnet.name, addressPrefix: subnet.addressPrefix },
      });
    }
  },
  deletable(world, network) {
    for (const subnet of subnetsOf(world, network.id)) checkUnused(world, subnet);
  },
});

export const subnet = define<SubnetArgs>({
  path: '{group}/Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}',
  name: names.network,
  check: checkSubnet,
  outputs: ({ inputs }) => ({
    provisioningState: 'Succeeded',
    privateEndpointNetworkPolicies: inputs.privateEndpointNetworkPolicies ?? 'Disabled',
    privateLinkServiceNetworkPolicies: inputs.privateLinkServiceNetworkPolicies ?? 'Enabled',
    ...(inputs.serviceEndpoints && {
      serviceEndpoints: inputs.serviceEndpoints.map((endpoint) => ({
        provisioningState: 'Succeeded',
        locations: ['*'],
        ...endpoint,
      })),
    }),
  }),
  deletable: checkUnused,
});

function checkSubnet({ world, id, name, inputs, before }: Write<SubnetArgs>): void {
  const networkId = id.slice(0, id.lastIndexOf('/subnets/'));
  const network = world.get(networkId);
  if ((inputs.addressPrefix === undefined) === (inputs.addressPrefixes === undefined)) {
    throw badRequest(
      'InvalidRequestFormat',
      `Subnet ${id} must have exactly one of addressPrefix and addressPrefixes.`,
    );
  }
  const spaces = ((network?.inputs as Resolved<VirtualNetworkArgs>)?.addressSpace?.addressPrefixes ?? []).flatMap(
    (text) => addressRange(text) ?? [],
  );
  const ranges = [inputs.addressPrefix ?? inputs.addressPrefixes ?? []].flat().map((text) => checkedRange(text, id));
  for (const range of ranges) {
    if (!spaces.some((space) => covers(space, range))) {
      throw badRequest(
        'NetcfgInvalidSubnet',
        `Subnet '${name}' is not valid in virtual network '${lastPart(networkId)}'.`,
      );
    }
    // Azure keeps five addresses of every subnet.
    if (sizeOf(range) < 8)
      throw badRequest('NetcfgInvalidSubnet', `Subnet '${name}' is not valid: the smallest is a /29.`);
    const taken = subnetsOf(world, networkId).find(
      (other) =>
        other.id.toLowerCase() !== id.toLowerCase() && rangesOf(other.inputs).some((held) => overlaps(held, range)),
    );
    if (taken) {
      throw badRequest(
        'NetcfgSubnetRangesOverlap',
        `Subnet '${name}' is not valid because its IP address range overlaps with that of an existing subnet '${lastPart(taken.id)}' in virtual network '${lastPart(networkId)}'.`,
      );
    }
  }
  const from = { id, inputs: network?.inputs ?? {} };
  for (const reference of [inputs.networkSecurityGroup?.id, inputs.routeTable?.id, inputs.natGateway?.id]) {
    if (reference !== undefined) checkReference(world, from, reference);
  }
  for (const { service } of inputs.serviceEndpoints ?? []) {
    if (!service || !serviceEndpoints.has(service.toLowerCase())) {
      throw badRequest(
        'SubnetHasServiceEndpointWithInvalidServiceName',
        `Subnet ${name} has a service endpoint with invalid service name ${service}.`,
      );
    }
  }
  if (before && usersOf(world, id).length > 0) {
    const lost = rangesOf(before.inputs).find((old) => !ranges.some((range) => covers(range, old)));
    if (lost) throw prefixInUse(lost.text, id);
  }
}

/** https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview */
const serviceEndpoints = new Set(
  [
    'AzureActiveDirectory',
    'AzureCosmosDB',
    'CognitiveServices',
    'ContainerRegistry',
    'EventHub',
    'KeyVault',
    'ServiceBus',
    'Sql',
    'Storage',
    'Storage.Global',
    'Web',
  ].map((name) => `microsoft.${name}`.toLowerCase()),
);

export function rangesOf(inputs: { addressPrefix?: unknown; addressPrefixes?: unknown }): AddressRange[] {
  return [inputs.addressPrefix ?? inputs.addressPrefixes ?? []]
    .flat()
    .flatMap((text) => addressRange(String(text)) ?? []);
}

export const subnetsOf = (world: World, networkId: string): Held[] =>
  world.below(networkId).filter((held) => held.type === subnetType);

/** Clusters and node pools with nodes in a subnet. */
function usersOf(world: World, subnetId: string): Held[] {
  const name = JSON.stringify(subnetId).toLowerCase();
  return Object.values(world.state.resources).filter(
    (held) =>
      held.type.startsWith('azure-native:containerservice:') &&
      JSON.stringify(held.inputs).toLowerCase().includes(name),
  );
}

function checkUnused(world: World, held: Held): void {
  const [user] = usersOf(world, held.id);
  if (!user) return;
  throw badRequest(
    'InUseSubnetCannotBeDeleted',
    `Subnet ${lastPart(held.id)} is in use by ${user.id} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet.`,
  );
}

function checkedRange(text: string, id: string): AddressRange {
  const range = addressRange(text);
  if (!range)
    throw badRequest(
      'InvalidAddressPrefixFormat',
      `Address prefix ${text} of resource ${id} is not formatted correctly. It should follow CIDR notation, for example 10.0.0.0/24.`,
    );
  if (!isCanonical(range))
    throw badRequest(
      'InvalidCIDRNotation',
      `The address prefix ${text} in resource ${id} has an invalid CIDR notation: it has host bits set.`,
    );
  return range;
}

const prefixInUse = (prefix: string, id: string) =>
  badRequest(
    'InUsePrefixCannotBeDeleted',
    `IpPrefix ${prefix} on Subnet ${lastPart(id)} has active allocations and cannot be deleted.`,
  );
