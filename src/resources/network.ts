import type { Handle, Perhaps } from '../builder.ts';
import { region } from '../catalog/regions.ts';
import type { Spec } from '../spec/schema.ts';
import { subnetOf } from './address-plan.ts';
import { type Context, tags } from './context.ts';
import { endpointNames, isExternal, outerPorts, reachOf, type Source } from './exposure.ts';
import { needsVault } from './vault.ts';

export type Network = { subnet: Handle; publicIp: Perhaps<Handle> };

/** The virtual network with the nodes' subnet, its network security group, and the address the world knows the node by. */
export function network(context: Context, group: Handle): Network {
  const { spec, plan, names } = context;
  const here = { resourceGroupName: group.output('name'), location: () => spec.azure.region };

  const securityGroup = plan.resource(
    'azure-native:network:NetworkSecurityGroup',
    'network-security-group',
    'network.expose',
    () => ({
      ...here,
      networkSecurityGroupName: names.networkSecurityGroup,
      securityRules: () => securityRules(spec),
      tags: () => tags(context),
    }),
  );
  const virtualNetwork = plan.resource('azure-native:network:VirtualNetwork', 'virtual-network', 'network', () => ({
    ...here,
    virtualNetworkName: names.virtualNetwork,
    addressSpace: { addressPrefixes: [() => spec.network.addressSpace] },
    enableDdosProtection: false,
    enableVmProtection: false,
    tags: () => tags(context),
  }));
  const subnet = plan.resource('azure-native:network:Subnet', 'subnet', 'network.subnet', () => ({
    resourceGroupName: group.output('name'),
    virtualNetworkName: virtualNetwork.output('name'),
    subnetName: 'nodes',
    addressPrefix: () => subnetOf(spec),
    // AKS brings its own way out; without this every VM of the subnet has Azure's default one beside it.
    defaultOutboundAccess: false,
    networkSecurityGroup: { id: securityGroup.id },
    privateEndpointNetworkPolicies: 'Disabled',
    privateLinkServiceNetworkPolicies: 'Enabled',
    // Firewalls of a vault and of a storage account let the nodes in by their subnet, which Azure sees through these only.
    serviceEndpoints: () =>
      [needsVault(spec) && 'Microsoft.KeyVault', spec.storage.logs !== undefined && 'Microsoft.Storage'].flatMap(
        (service) => (service ? [{ service }] : []),
      ),
  }));
  const publicIp = plan.when(
    () => isExternal(spec),
    () =>
      plan.resource(
        'azure-native:network:PublicIPAddress',
        'public-ip',
        'network.expose',
        () => ({
          ...here,
          publicIpAddressName: names.publicIp,
          publicIPAddressVersion: 'IPv4',
          publicIPAllocationMethod: 'Static',
          sku: { name: 'Standard', tier: 'Regional' },
          zones: () => zonesOf(spec),
          tags: () => tags(context),
        }),
        // Peers keep this address for weeks; a replacement would be another one.
        () => ({ protect: spec.metadata.stage === 'production' || undefined }),
      ),
  );
  return { subnet, publicIp };
}

/** Zone-redundant where the region has zones. */
function zonesOf(spec: Spec): string[] | undefined {
  const zones = region(spec.azure.region)?.zones ?? [];
  return zones.length > 0 ? [...zones] : undefined;
}

const everywhere = { sourcePortRange: '*', destinationAddressPrefix: '*' };

/**
 * The operator's own rules at their own priorities; what follows from `expose` from 2000 on, so that an earlier deny of
 * theirs still counts; and, when they deny anything inbound, what a cluster can't live without, before everything.
 */
function securityRules(spec: Spec) {
  const { rules } = spec.network;
  const taken = new Set(
    Array.from({ length: rules.length }, (_, index) => (rules[index] as (typeof rules)[number]).priority),
  );
  const next = (from: number): number => {
    let priority = from;
    while (taken.has(priority)) priority++;
    taken.add(priority);
    return priority;
  };
  const own = Array.from({ length: rules.length }, (_, index) => {
    const rule = rules[index] as (typeof rules)[number];
    return {
      name: () => rule.name,
      description: () => rule.description,
      priority: () => rule.priority,
      direction: () => rule.direction,
      access: () => rule.access,
      protocol: () => rule.protocol,
      sourceAddressPrefix: () => (rule.sourceAddressPrefixes ? undefined : (rule.sourceAddressPrefix ?? '*')),
      sourceAddressPrefixes: () => rule.sourceAddressPrefixes,
      sourcePortRange: () => rule.sourcePortRange,
      destinationAddressPrefix: () =>
        rule.destinationAddressPrefixes ? undefined : (rule.destinationAddressPrefix ?? '*'),
      destinationAddressPrefixes: () => rule.destinationAddressPrefixes,
      destinationPortRange: () => (rule.destinationPortRanges ? undefined : (rule.destinationPortRange ?? '*')),
      destinationPortRanges: () => rule.destinationPortRanges,
    };
  });
  const denies = Array.from({ length: rules.length }, (_, index) => rules[index] as (typeof rules)[number]).some(
    ({ access, direction }) => access === 'Deny' && direction === 'Inbound',
  );
  const keepAlive = denies
    ? [
        {
          name: 'AllowLoadBalancerProbes',
          sourceAddressPrefix: 'AzureLoadBalancer',
          description: 'without its probes the load balancer sends nothing to the node',
        },
        {
          name: 'AllowVirtualNetwork',
          sourceAddressPrefix: 'VirtualNetwork',
          description: 'nodes and pods must reach each other on every port',
        },
      ].map((rule) => ({
        ...rule,
        ...everywhere,
        priority: next(100),
        direction: 'Inbound',
        access: 'Allow',
        protocol: '*',
        destinationPortRange: '*',
        ...(rule.sourceAddressPrefix === 'VirtualNetwork' && { destinationAddressPrefix: 'VirtualNetwork' }),
      }))
    : [];
  const exposed = endpointNames.flatMap((endpoint) => {
    const { external, internal } = reachOf(spec, endpoint);
    return outerPorts(spec, endpoint).flatMap(({ port, protocol }) => {
      const title = `Allow${capital(endpoint)}${endpoint === 'swarm' ? capital(protocol.toLowerCase()) : ''}`;
      return [
        { suffix: '', sources: external },
        { suffix: 'Private', sources: internal },
      ]
        .filter(({ sources }) => sources.length > 0)
        .map(({ suffix, sources }) => ({
          name: title + suffix,
          priority: next(2000),
          direction: 'Inbound',
          access: 'Allow',
          protocol: capital(protocol.toLowerCase()),
          ...prefixes(sources),
          ...everywhere,
          destinationPortRange: String(port),
        }));
    });
  });
  return [...keepAlive, ...own, ...exposed];
}

const prefixes = (sources: Source[]) =>
  sources[0]?.kind === 'internet'
    ? { sourceAddressPrefix: () => (sources[0] as Source).read() && 'Internet' }
    : { sourceAddressPrefixes: sources.map(({ read }) => read) };

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
