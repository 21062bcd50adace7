import type { ManagedClusterArgs } from '@pulumi/azure-native/containerservice/index.js';
import { type AddressRange, addressNumber, addressRange, isCanonical, overlaps, sizeOf } from '../addresses.ts';
import { lastPart } from './arm-path.ts';
import { clusterPrincipal } from './cluster-outputs.ts';
import { badRequest, forbidden, invalidParameter } from './error.ts';
import type { Write } from './resource-type.ts';
import { rangesOf, subnetsOf } from './virtual-network.ts';
import { locationOf, type World } from './world.ts';

type Pool = {
  name?: string;
  vnetSubnetID?: string;
  count?: number;
  maxCount?: number;
  maxPods?: number;
  enableAutoScaling?: boolean;
  upgradeSettings?: { maxSurge?: string };
};

/** https://learn.microsoft.com/azure/aks/concepts-network-cni-overview: closed to services, pods and networks. */
const reserved = ['169.254.0.0/16', '192.0.2.0/24', '172.30.0.0/16', '172.31.0.0/16'].flatMap(
  (text) => addressRange(text) ?? [],
);

/** https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning */
export function checkClusterNetwork(write: Write<ManagedClusterArgs>): void {
  const { inputs } = write;
  const profile = inputs.networkProfile ?? {};
  const pools = inputs.agentPoolProfiles ?? [];
  const is = (value: string | undefined, wanted: string): boolean => value?.toLowerCase() === wanted;

  if (is(profile.loadBalancerSku, 'basic'))
    throw badRequest('InvalidLoadBalancerSku', 'Basic load balancers are retired; use standard.');
  if (profile.networkPlugin && !profile.networkPluginMode && profile.podCidr && is(profile.networkPlugin, 'azure')) {
    throw invalidParameter('networkProfile.podCidr', 'A pod CIDR needs kubenet or Azure CNI overlay.');
  }
  const [dataplane, policy] = [is(profile.networkDataplane, 'cilium'), is(profile.networkPolicy, 'cilium')];
  if (
    (policy && !dataplane) ||
    (dataplane && profile.networkPolicy && !policy) ||
    (dataplane && !is(profile.networkPlugin, 'azure'))
  ) {
    throw badRequest(
      'NetworkPolicyNotSupported',
      'The network policy and the data plane cilium go together, with the Azure CNI.',
    );
  }
  if (is(profile.networkPolicy, 'azure') && is(profile.networkPlugin, 'kubenet'))
    throw badRequest('NetworkPolicyAzureNotSupportedForKubenet', 'Network policy azure is not supported for kubenet.');

  const subnetIds = [...new Set(pools.flatMap((pool) => pool.vnetSubnetID ?? []))];
  const networks = new Set(subnetIds.map((id) => id.toLowerCase().split('/subnets/')[0] ?? ''));
  if (networks.size > 1)
    throw invalidParameter('agentPoolProfile.vnetSubnetID', 'All pools must be in one virtual network.');
  if (is(profile.outboundType, 'managednatgateway') && subnetIds.length > 0) {
    throw badRequest(
      'ManagedNATGatewayWithCustomVNetNotAllowed',
      'A managed NAT gateway cannot be used with a custom virtual network.',
    );
  }
  const { service, pods } = checkRanges(profile);
  for (const subnetId of subnetIds) {
    checkSubnet(write, subnetId, service, pods);
    for (const pool of pools) {
      if (pool.vnetSubnetID === subnetId)
        checkRoom(
          write.world,
          subnetId,
          pool,
          is(profile.networkPluginMode, 'overlay') || is(profile.networkPlugin, 'kubenet'),
          pods,
        );
    }
  }
}

function checkRanges(profile: NonNullable<Write<ManagedClusterArgs>['inputs']['networkProfile']>): {
  service: AddressRange;
  pods: AddressRange;
} {
  // What AKS takes when a range is left out: the SDK's defaults (`types/input.js` of @pulumi/azure-native).
  const service = parsed('networkProfile.serviceCidr', profile.serviceCidr ?? '10.0.0.0/16');
  const pods = parsed('networkProfile.podCidr', profile.podCidr ?? '10.244.0.0/16');
  const dns = profile.dnsServiceIP ?? '10.0.0.10';
  if (
    (profile.serviceCidr === undefined) !== (profile.dnsServiceIP === undefined) &&
    profile.serviceCidr === undefined
  ) {
    throw invalidParameter('networkProfile.serviceCidr', 'serviceCidr and dnsServiceIP must be set together.');
  }
  if (service.prefix < 13)
    throw invalidParameter('networkProfile.serviceCidr', `'${service.text}' must be smaller than /12.`);
  for (const range of [service, pods]) {
    const closed = reserved.find((taken) => overlaps(taken, range));
    if (closed) throw invalidParameter('networkProfile', `'${range.text}' overlaps the reserved range ${closed.text}.`);
  }
  if (overlaps(service, pods))
    throw badRequest(
      'PodCidrOverlapServiceCidr',
      `The specified pod CIDR ${pods.text} overlaps the service CIDR ${service.text}.`,
    );
  const number = addressNumber(dns);
  if (number === undefined || number <= service.first || number > service.last) {
    throw badRequest(
      'DnsServiceIpOutOfServiceCidr',
      `The DNS service IP ${dns} is out of the range defined by service CIDR ${service.text}.`,
    );
  }
  return { service, pods };
}

function checkSubnet(
  write: Write<ManagedClusterArgs>,
  subnetId: string,
  service: AddressRange,
  pods: AddressRange,
): void {
  const { world, id, inputs } = write;
  const subnet = world.get(subnetId);
  const networkId = subnetId.split(/\/subnets\//i)[0] ?? '';
  const network = world.get(networkId);
  if (!subnet || !network || locationOf(network) !== locationOf({ inputs })) {
    throw badRequest('SubnetNotFound', `The subnet ${subnetId} was not found in the region of the cluster.`);
  }
  if (((subnet.inputs.delegations ?? []) as unknown[]).length > 0)
    throw badRequest('SubnetIsDelegated', `The subnet ${subnetId} is delegated and cannot be used for an agent pool.`);
  const spaces = ((network.inputs.addressSpace as { addressPrefixes?: string[] })?.addressPrefixes ?? []).flatMap(
    (text) => addressRange(text) ?? [],
  );
  const closed = spaces.find((space) => reserved.some((range) => overlaps(range, space)));
  if (closed)
    throw badRequest('VnetCIDRInvalid', `The virtual network's range ${closed.text} overlaps a range reserved by AKS.`);
  for (const other of subnetsOf(world, networkId).flatMap((held) => rangesOf(held.inputs))) {
    if (overlaps(other, service)) {
      throw badRequest(
        'ServiceCidrOverlapExistingSubnetsCidr',
        `The specified service CIDR ${service.text} is conflicted with an existing subnet CIDR ${other.text}.`,
      );
    }
    if (overlaps(other, pods))
      throw badRequest(
        'PodCidrOverlapExistingSubnetsCidr',
        `The specified pod CIDR ${pods.text} is conflicted with an existing subnet CIDR ${other.text}.`,
      );
  }
  const principal = clusterPrincipal(world, { id, inputs });
  if (principal === undefined || !world.holds(principal, ['Network Contributor', 'Contributor', 'Owner'], subnetId)) {
    throw forbidden(
      'LinkedAuthorizationFailed',
      `The client '${principal}' with object id '${principal}' has permission to perform action 'Microsoft.ContainerService/managedClusters/write' on scope '${id}'; however, it does not have permission to perform action 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) '${subnetId}' or the linked scope(s) are invalid.`,
    );
  }
}

/** https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay and the page of InsufficientSubnetSize. */
function checkRoom(world: World, subnetId: string, pool: Pool, isOverlay: boolean, pods: AddressRange): void {
  const surge = pool.upgradeSettings?.maxSurge ?? '1';
  const most = pool.enableAutoScaling ? (pool.maxCount ?? 0) : (pool.count ?? 0);
  const nodes = most + (surge.endsWith('%') ? Math.ceil((most * Number.parseInt(surge, 10)) / 100) : Number(surge));
  const needed = isOverlay ? nodes : nodes * (1 + (pool.maxPods ?? 30));
  const [range] = rangesOf(world.get(subnetId)?.inputs ?? {});
  const usable = range ? sizeOf(range) - 5 : 0;
  if (needed > usable) {
    throw badRequest(
      'InsufficientSubnetSize',
      `Pre-allocated IPs ${needed} exceeds IPs available ${usable} in Subnet Cidr ${range?.text}, Subnet Name ${lastPart(subnetId)}. http://aka.ms/aks/insufficientsubnetsize`,
    );
  }
  if (isOverlay && 2 ** (24 - pods.prefix) < nodes)
    throw badRequest('InsufficientPodCidr', `The pod CIDR ${pods.text} has no /24 for each of ${nodes} nodes.`);
}

function parsed(parameter: string, text: string): AddressRange {
  const range = addressRange(text);
  if (!range || !isCanonical(range)) throw invalidParameter(parameter, `'${text}' is not a CIDR block.`);
  return range;
}
