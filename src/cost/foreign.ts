import { linuxVm } from '../catalog/prices.ts';
import { spotVm } from '../catalog/vm-commitments.ts';
import { isPresent, number, object, text } from '../views.ts';
import { type Coster, hoursPerMonth, item } from './item.ts';

/** What a specification never makes and somebody else's program may. */

type Machine = { size: unknown; input: string; count: unknown; profile: Record<string, unknown>; isSpot: boolean };

const machines = (read: (inputs: Record<string, unknown>) => Machine): Coster =>
  function* (resource, context) {
    const { size: written, input, count: given, profile, isSpot } = read(resource.inputs);
    const [size, region] = [text(written), context.region(resource)];
    const count = number(given) ?? (isPresent(given) ? undefined : 1);
    if (size === undefined || region === undefined || count === undefined || count === 0) return;
    const system = isFreeLinux(profile) ? 'Linux' : 'with a system that may have a licence of its own';
    yield item(
      {
        name: count === 1 ? 'Machine' : 'Machines',
        detail: `${count} x ${size}, ${system}, ${isSpot ? 'spot' : 'pay as you go'}, without disks`,
        resource: resource.name,
        input,
        quantity: count * hoursPerMonth,
        meter: size,
      },
      system === 'Linux' ? (isSpot ? spotVm : linuxVm)(region, size) : undefined,
    );
  };

/** Certainly a system nobody pays for: Windows, Red Hat and images of the market have prices of their own. */
const isFreeLinux = ({ storageProfile, osProfile }: Record<string, unknown>): boolean => {
  const { publisher } = object(object(storageProfile).imageReference);
  return (
    /^(canonical|debian|almalinux|kinvolk|microsoftcblmariner)$/i.test(text(publisher) ?? '') &&
    !isPresent(object(osProfile).windowsConfiguration)
  );
};

const isSpot = (priority: unknown): boolean => /^(spot|low)$/i.test(text(priority) ?? '');

/** What is paid for, and the catalog has no figures of. */
const unpriced: Readonly<Record<string, string>> = {
  'azure-native:apimanagement:ApiManagementService': 'API management',
  'azure-native:app:ContainerApp': 'Container app',
  'azure-native:cache:Redis': 'Redis cache',
  'azure-native:cdn:Profile': 'Front door',
  'azure-native:compute:Snapshot': 'Snapshot',
  'azure-native:containerinstance:ContainerGroup': 'Container group',
  'azure-native:cosmosdb:DatabaseAccount': 'Cosmos database',
  'azure-native:dbformysql:Server': 'MySQL server',
  'azure-native:dbforpostgresql:Server': 'PostgreSQL server',
  'azure-native:documentdb:DatabaseAccount': 'Cosmos database',
  'azure-native:eventhub:Namespace': 'Event hubs',
  'azure-native:network:ApplicationGateway': 'Application gateway',
  'azure-native:network:AzureFirewall': 'Firewall',
  'azure-native:network:BastionHost': 'Bastion',
  'azure-native:network:DdosProtectionPlan': 'DDoS protection',
  'azure-native:network:NatGateway': 'NAT gateway',
  'azure-native:network:PrivateEndpoint': 'Private endpoint',
  'azure-native:network:VirtualNetworkGateway': 'Network gateway',
  'azure-native:redis:Redis': 'Redis cache',
  'azure-native:search:Service': 'Search',
  'azure-native:servicebus:Namespace': 'Service bus',
  'azure-native:sql:Database': 'SQL database',
  'azure-native:web:AppServicePlan': 'App service plan',
};

const ruleOf = (input: string, value: unknown): string[] =>
  isPresent(value) && !(Array.isArray(value) && value.length === 0) ? [input] : [];

/** The bill of each of these types. */
export const foreign: Readonly<Record<string, Coster>> = {
  ...Object.fromEntries(
    Object.entries(unpriced).map(([type, name]): [string, Coster] => [
      type,
      function* ({ name: resource }) {
        yield item({ name, resource, input: '', quantity: 1, meter: name }, undefined);
      },
    ]),
  ),
  // By the rule and the hour: without rules it costs nothing.
  'azure-native:network:LoadBalancer': function* ({ name: resource, inputs: { loadBalancingRules, outboundRules } }) {
    const [input] = [...ruleOf('loadBalancingRules', loadBalancingRules), ...ruleOf('outboundRules', outboundRules)];
    if (input !== undefined)
      yield item({ name: 'Load balancer', resource, input, quantity: 1, meter: 'Load balancer' }, undefined);
  },
  'azure-native:compute:VirtualMachine': machines(({ hardwareProfile, priority, ...profile }) => ({
    size: object(hardwareProfile).vmSize,
    input: 'hardwareProfile.vmSize',
    count: 1,
    profile,
    isSpot: isSpot(priority),
  })),
  'azure-native:compute:VirtualMachineScaleSet': machines(({ sku, virtualMachineProfile }) => {
    const profile = object(virtualMachineProfile);
    const { name: size, capacity: count } = object(sku);
    return { size, input: 'sku.name', count, profile, isSpot: isSpot(profile.priority) };
  }),
};
