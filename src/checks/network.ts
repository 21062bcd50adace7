import { removing, writing } from '../edit/mend.ts';
import { certainRange } from '../ip-ranges.ts';
import { clusterRanges, contains, overlap, reservedByAks } from '../resources/address-plan.ts';
import { endpointNames, isExternal, reachOf } from '../resources/exposure.ts';
import { type Check, each, repeats } from './check.ts';

/** https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq and aks/concepts-network-cni-overview. */
export const addressSpace: Check = function* ({ network }) {
  const path = 'network.addressSpace';
  const space = network.addressSpace;
  const { prefix } = certainRange(space);
  if (prefix < 8 || prefix > 29) {
    yield {
      code: 'spec/address-space',
      path,
      message: `"${space}" can't be the address space of a virtual network; expected a prefix from /8 to /29`,
    };
    return;
  }
  const reserved = [...reservedByAks, '127.0.0.0/8', '224.0.0.0/4', '255.255.255.255/32', '168.63.129.16/32'].find(
    (range) => overlap(range, space),
  );
  if (reserved)
    yield {
      code: 'spec/address-space',
      path,
      message: `"${space}" overlaps ${reserved}, which Azure keeps for itself`,
    };
};

export const subnetFits: Check = function* (spec) {
  const path = 'network.subnet';
  const { addressSpace: space, subnet } = spec.network;
  if (subnet !== undefined && !contains(space, subnet)) {
    yield {
      code: 'spec/subnet',
      path,
      message: `the subnet "${subnet}" is not inside the address space "${space}"`,
      related: { path: 'network.addressSpace', message: 'the address space' },
      mends: [removing(path)],
    };
  }
};

export const gatewayHost: Check = function* (spec) {
  const { network, metadata } = spec;
  const { host } = network.expose.gateway;
  if (host === undefined) return;
  const path = 'network.expose.gateway.host';
  if (metadata.owner === undefined)
    yield {
      code: 'spec/missing-key',
      path: 'metadata.owner',
      message: 'a gateway with a host needs "owner": whoever makes its certificate wants an address',
      related: { path, message: 'the host' },
    };
  if (reachOf(spec, 'gateway').external.length === 0)
    yield {
      code: 'spec/conflict',
      path,
      message: 'nobody outside reaches the gateway, so a host name has no use',
      related: { path: 'network.expose.gateway.from', message: 'who may reach it' },
      mends: [removing(path)],
    };
  const zone = network.dns?.zone;
  if (zone === undefined)
    yield {
      code: 'spec/conflict',
      path,
      message: 'a host needs network.dns: its certificate is made through the DNS zone',
    };
  else if (host !== zone && !host.endsWith(`.${zone}`))
    yield {
      code: 'spec/conflict',
      path,
      message: `"${host}" is not in the DNS zone "${zone}"`,
      related: { path: 'network.dns.zone', message: 'the zone' },
    };
};

export const dnsRecord: Check = function* (spec) {
  const { dns } = spec.network;
  if (!dns) return;
  if (!isExternal(spec))
    yield {
      code: 'spec/conflict',
      path: 'network.dns.record',
      message: `nothing is open to the internet, so the record "${dns.record}" has no address`,
      related: { path: 'network.expose', message: 'what may be reached' },
      mends: [removing('network.dns')],
    };
  if (dns.create && dns.resourceGroup !== undefined)
    yield {
      code: 'spec/conflict',
      path: 'network.dns.resourceGroup',
      message: "a zone that is made here is in the environment's own resource group",
      related: { path: 'network.dns.create', message: 'it is made here' },
      mends: [removing('network.dns.resourceGroup')],
    };
  if (!dns.create && dns.resourceGroup === undefined)
    yield {
      code: 'plan/zone-elsewhere',
      severity: 'info',
      path: 'network.dns.zone',
      message: `the zone "${dns.zone}" is looked for in the environment's own resource group`,
      help: 'say network.dns.resourceGroup if it is in another one',
    };
};

/** Pods and Services of the cluster have these addresses, so whoever has them outside gets no answer. */
export const nobodyInsideTheCluster: Check = function* (spec) {
  const { podCidr, serviceCidr } = clusterRanges(spec);
  for (const endpoint of endpointNames) {
    for (const [range, index] of each(spec.network.expose[endpoint].from)) {
      const taken = /\d\/\d/.test(range) && [podCidr, serviceCidr].find((own) => contains(own, range));
      if (taken)
        yield {
          code: 'spec/conflict',
          path: `network.expose.${endpoint}.from[${index}]`,
          message: `"${range}" is inside ${taken}, which the cluster keeps for its pods and Services`,
          help: 'the address space decides which ranges the cluster takes: choose another one',
          related: { path: 'network.addressSpace', message: 'the address space' },
        };
    }
  }
};

/** What Azure refuses of a rule (SecurityRuleConflict and its kin); the group's own rules take free priorities. */
export const rules: Check = function* ({ network }) {
  const list = [...each(network.rules)];
  const at = (index: number, key: string): string => `network.rules[${index}].${key}`;
  for (const [name, later, earlier] of repeats(list.map(([{ name }, index]) => [name.toLowerCase(), index] as const))) {
    yield {
      code: 'spec/duplicate',
      path: at(later, 'name'),
      message: `a rule "${name}" is already there`,
      related: { path: at(earlier, 'name'), message: 'the first one' },
    };
  }
  for (const [, later, earlier] of repeats(
    list.map(([{ priority, direction }, index]) => [`${direction} ${priority}`, index] as const),
  )) {
    yield {
      code: 'spec/duplicate',
      path: at(later, 'priority'),
      message: "two rules of the same direction can't have the same priority",
      related: { path: at(earlier, 'priority'), message: 'the first one' },
      mends: [
        writing(
          at(later, 'priority'),
          freeAfter(
            network.rules[later]?.priority ?? 100,
            list.map(([{ priority }]) => priority),
          ),
        ),
      ],
    };
  }
  for (const [rule, index] of list) {
    if (/^Allow(Swarm|Gateway|Api|LoadBalancerProbes|VirtualNetwork)(Tcp|Udp)?(Private)?$/i.test(rule.name)) {
      yield {
        code: 'spec/duplicate',
        path: at(index, 'name'),
        message: `"${rule.name}" is the name of a rule that follows from "expose"`,
      };
    }
    for (const [one, many] of [
      ['sourceAddressPrefix', 'sourceAddressPrefixes'],
      ['destinationAddressPrefix', 'destinationAddressPrefixes'],
      ['destinationPortRange', 'destinationPortRanges'],
    ] as const) {
      if (rule[one] !== undefined && rule[many] !== undefined)
        yield {
          code: 'spec/conflict',
          path: at(index, many),
          message: `${one} and ${many} exclude each other`,
          related: { path: at(index, one), message: 'the other one' },
        };
      else if (rule[one] === undefined && rule[many] === undefined)
        yield { code: 'spec/missing-key', path: at(index, one), message: `the rule has neither ${one} nor ${many}` };
      const values = [...each(rule[many] ?? [])];
      for (const [value, item] of values) {
        if (many !== 'destinationPortRanges' && values.length > 1 && !/^[0-9a-f.:]+(\/\d+)?$/i.test(value))
          yield {
            code: 'spec/conflict',
            path: `${at(index, many)}[${item}]`,
            message: `"${value}" can't stand among other ranges: use ${one}`,
          };
      }
    }
    const ports = [
      [rule.destinationPortRange, 'destinationPortRange'],
      [rule.sourcePortRange, 'sourcePortRange'],
      ...[...each(rule.destinationPortRanges ?? [])].map(([value, item]) => [value, `destinationPortRanges[${item}]`]),
    ] as const;
    for (const [range, key] of ports) {
      const [first, last] = (range ?? '').split('-').map(Number);
      if (first !== undefined && last !== undefined && first > last)
        yield {
          code: 'spec/invalid-value',
          path: at(index, key as string),
          message: `the port range "${range}" ends before it starts`,
          mends: [writing(at(index, key as string), `${last}-${first}`, true)],
        };
    }
  }
};

const freeAfter = (priority: number, taken: readonly number[]): number => {
  let free = priority;
  while (taken.includes(free)) free++;
  return free;
};
