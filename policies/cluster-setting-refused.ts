import { definePolicy, type Finding } from '../src/policy/policy.ts';
import { contains, overlap } from '../src/policy/ranges.ts';
import { isPresent, number, object, text } from '../src/views.ts';

export default definePolicy({
  id: 'cluster-setting-refused',
  title: 'a cluster must have only settings that AKS takes, and takes together',
  why: 'Azure refuses the cluster, and most of it can never be changed once it is there',
  fix: 'stay within the limits that the message names',
  source: 'https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning',
  example: {
    wrong: 'networkProfile: { networkPlugin: azure, serviceCidr: 172.16.0.0/16 }',
    right: 'networkProfile: { networkPlugin: azure, serviceCidr: 172.16.0.0/16, dnsServiceIP: 172.16.0.10 }',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  resource: {
    *'azure-native:containerservice:ManagedCluster'({ inputs }) {
      yield* named(inputs.resourceName, 'resourceName', /^[a-zA-Z0-9]([-_a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/, 63);
      yield* named(inputs.dnsPrefix, 'dnsPrefix', /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,52}[a-zA-Z0-9])?$/, 54);
      if (inputs.disableLocalAccounts === true && !isPresent(inputs.aadProfile))
        yield {
          input: 'disableLocalAccounts',
          message: 'local accounts are off, and without Entra there are no others',
        };
      const cleaner = object(object(inputs.securityProfile).imageCleaner);
      yield* within(cleaner.intervalHours, 'securityProfile.imageCleaner.intervalHours', 24, mostHours, 'hours');
      yield* network(object(inputs.networkProfile));
    },
  },
});

// Three months, of the longest.
const mostHours = 92 * 24;
// What azure-native fills in as soon as there is a networkProfile.
const filledIn = { serviceCidr: '10.0.0.0/16', dnsServiceIP: '10.0.0.10', podCidr: '10.244.0.0/16' };
const reserved = ['169.254.0.0/16', '192.0.2.0/24', '172.30.0.0/16', '172.31.0.0/16'];

function* network(profile: Record<string, unknown>): Generator<Finding> {
  if (Object.keys(profile).length === 0) return;
  const at = 'networkProfile.';
  const of = (key: keyof typeof filledIn): string | undefined =>
    isPresent(profile[key]) ? text(profile[key]) : filledIn[key];
  const [services, dns, pods] = [of('serviceCidr'), of('dnsServiceIP'), of('podCidr')];
  for (const [key, range] of [
    ['serviceCidr', services],
    ['podCidr', pods],
  ] as const) {
    const kept = range && reserved.find((each) => overlap(each, range));
    if (kept) yield { input: at + key, message: `"${range}" overlaps ${kept}, which AKS keeps for itself` };
  }
  if (services !== undefined && Number(services.split('/')[1]) < 13)
    yield {
      input: `${at}serviceCidr`,
      message: `"${services}" is too large: Services take a range smaller than a /12`,
    };
  if (services !== undefined && dns !== undefined && !isUsable(services, dns))
    yield {
      input: `${at}dnsServiceIP`,
      message: `"${dns}" is not an address inside "${services}" behind the first one`,
      ...(!isPresent(profile.dnsServiceIP) && { note: `${dns} is what the SDK fills in` }),
    };
  const hasPodRange = text(profile.networkPlugin) === 'kubenet' || text(profile.networkPluginMode) === 'overlay';
  if (hasPodRange && services !== undefined && pods !== undefined && overlap(services, pods))
    yield { input: `${at}podCidr`, message: `the range of pods ${pods} overlaps that of Services ${services}` };
  const { networkDataplane: dataplane } = profile;
  if (text(profile.networkPolicy) === 'cilium' && (!isPresent(dataplane) || text(dataplane) === 'azure'))
    yield { input: `${at}networkPolicy`, message: 'the policy engine "cilium" needs the dataplane "cilium"' };
  const balancer = object(profile.loadBalancerProfile);
  const below = `${at}loadBalancerProfile.`;
  yield* within(object(balancer.managedOutboundIPs).count, `${below}managedOutboundIPs.count`, 1, 100, 'addresses');
  yield* within(balancer.allocatedOutboundPorts, `${below}allocatedOutboundPorts`, 0, 64_000, 'ports');
  yield* within(balancer.idleTimeoutInMinutes, `${below}idleTimeoutInMinutes`, 4, 120, 'minutes');
}

/** Inside, and not the first: that is Kubernetes' own. */
const isUsable = (services: string, address: string): boolean =>
  contains(services, address) && services.split('/')[0] !== address;

function* named(value: unknown, input: string, pattern: RegExp, most: number): Generator<Finding> {
  const name = text(value);
  if (name !== undefined && !pattern.test(name))
    yield {
      input,
      message: `"${name}" does not fit: up to ${most} letters, digits and hyphens, none of them at an end`,
    };
}

function* within(value: unknown, input: string, least: number, most: number, unit: string): Generator<Finding> {
  const amount = number(value);
  if (amount !== undefined && (amount < least || amount > most))
    yield { input, message: `${amount} is outside ${least} to ${most} ${unit}` };
}
