import type { Resource } from '../../plan.ts';
import { isPresent, items, object, referenceOf, text } from '../../views.ts';
import { ofTheLast } from '../last.ts';
import { ofType, usersByName } from '../references.ts';
import { insideNetwork, publicAddresses, rangeOf } from './addresses.ts';
import { everything, nothing, type Points, union } from './line.ts';
import type { Opening } from './openings.ts';
import { type Rule, ruleOf, rulesWithin } from './rules.ts';

/** A network security group with all of its inbound rules, wherever the program declares them. */
export type Group = {
  /** The resource that declares it; undefined for one that is declared elsewhere. */
  resource: Resource | undefined;
  name: string;
  /** In the order in which Azure applies them; one whose place is not known comes last. */
  rules: readonly Rule[];
  /** Is it on anything? `elsewhere` when that can't be seen from here: then it is judged as if it were. */
  attached: 'here' | 'elsewhere' | 'nowhere';
  /** The subnets, networks and interfaces it is seen to be on. */
  on: readonly string[];
  /** Does it stand before nodes of a cluster? */
  guardsNodes: boolean;
  /** Where traffic that it judges may go, as far as that is known: the addresses behind it, and those of load balancers. */
  behind: Points;
  /** The addresses of the subnets it is on, when all of them are known. */
  subnets: Points | undefined;
  /** By protocol and port, as they are found: several policies ask the same of the same group. */
  openings: Map<string, readonly Opening[]>;
};

/** Something a group can be on: a subnet, beside its network or inside it, or a network interface. */
type Place = { resource: Resource; group: unknown; prefixes: Points | undefined };

/** All groups of a program, and the rules in it for groups declared elsewhere. Several policies ask the same. */
export const securityGroups = ofTheLast((resources: readonly Resource[]): readonly Group[] => [...read(resources)]);

function* read(resources: readonly Resource[]): Generator<Group> {
  const declared = ofType(resources, 'azure-native:network:NetworkSecurityGroup');
  const loose = ofType(resources, 'azure-native:network:SecurityRule');
  if (declared.length === 0 && loose.length === 0) return;
  const places = placesOf(resources);
  const nodes = nodeSubnets(resources);
  const users = usersByName(resources);
  for (const resource of declared) {
    const on = places.filter(({ group, resource: { options } }) =>
      isOpen(group) ? options.dependsOn?.includes(resource.name) : refersTo(group, resource),
    );
    const subnets = on.map(({ prefixes }) => prefixes);
    const all = subnets.length > 0 && subnets.every((each) => each !== undefined) ? union(...subnets) : undefined;
    const own = loose.filter(({ inputs }) => refersTo(inputs.networkSecurityGroupName, resource));
    const mayBeOn = places.length === 0 || (users.get(resource.name) ?? []).some(canAttach);
    const attached = on.length > 0 ? 'here' : mayBeOn ? 'elsewhere' : 'nowhere';
    yield {
      resource,
      name: resource.name,
      rules: inOrder([...rulesWithin(resource, all ?? nothing), ...own.flatMap((each) => alone(each, all ?? nothing))]),
      attached,
      on: on.map((place) => place.resource.name),
      guardsNodes: on.some((place) => nodes.includes(place.resource.name)),
      behind: all ? union(all, insideNetwork, publicAddresses) : everything,
      subnets: all,
      openings: new Map(),
    };
  }
  // Rules for a group of somebody else, together where they name the same one.
  const elsewhere = loose.filter(
    ({ inputs }) => !declared.some((group) => refersTo(inputs.networkSecurityGroupName, group)),
  );
  const byGroup = Map.groupBy(
    elsewhere,
    ({ name, inputs }) => text(inputs.networkSecurityGroupName)?.toLowerCase() ?? `?${name}`,
  );
  for (const rules of byGroup.values()) {
    yield {
      resource: undefined,
      name: text(rules[0]?.inputs.networkSecurityGroupName) ?? 'a group declared elsewhere',
      rules: inOrder(rules.flatMap((each) => alone(each, nothing))),
      attached: 'elsewhere',
      on: [],
      guardsNodes: false,
      behind: everything,
      subnets: undefined,
      openings: new Map(),
    };
  }
}

/** The groups before the nodes of the program's clusters; undefined when some node stands without one that can be seen. */
export function wallsOfNodes(resources: readonly Resource[]): readonly Group[] | undefined {
  const groups = securityGroups(resources);
  const walls = nodeSubnets(resources).map((subnet) => groups.filter(({ on }) => on.includes(subnet)));
  return walls.length === 0 || walls.some((each) => each.length === 0) ? undefined : [...new Set(walls.flat())];
}

const alone = ({ name, inputs }: Resource, network: Points): Rule[] => {
  const rule = ruleOf(name, inputs, '', network);
  return rule ? [rule] : [];
};

const inOrder = (rules: Rule[]): Rule[] => {
  const place = ({ priority = Number.POSITIVE_INFINITY }: Rule): number => priority;
  return rules.sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
};

function placesOf(resources: readonly Resource[]): Place[] {
  const subnet = (resource: Resource, inputs: Record<string, unknown>): Place => ({
    resource,
    group: inputs.networkSecurityGroup,
    prefixes: prefixesOf(inputs),
  });
  return [
    ...ofType(resources, 'azure-native:network:Subnet').map((each) => subnet(each, each.inputs)),
    ...ofType(resources, 'azure-native:network:VirtualNetwork').flatMap((network) =>
      items(network.inputs.subnets).map((each) => subnet(network, object(each))),
    ),
    ...ofType(resources, 'azure-native:network:NetworkInterface').map((resource) => ({
      resource,
      group: resource.inputs.networkSecurityGroup,
      prefixes: undefined,
    })),
  ];
}

function prefixesOf({ addressPrefix, addressPrefixes }: Record<string, unknown>): Points | undefined {
  const all = [...(isPresent(addressPrefix) ? [addressPrefix] : []), ...items(addressPrefixes)].map((each) =>
    rangeOf(text(each) ?? ''),
  );
  const isList = !isPresent(addressPrefixes) || Array.isArray(addressPrefixes);
  return isList && all.length > 0 && all.every((each) => each !== undefined) ? union(...all) : undefined;
}

/** By reference, or by the name or id that is written out. */
function refersTo(value: unknown, { name, inputs }: Resource): boolean {
  const target = object(value).id ?? value;
  const reference = referenceOf(target);
  if (reference !== undefined) return reference === name;
  const written = text(target)?.split('/').at(-1)?.toLowerCase();
  return written !== undefined && written === text(inputs.networkSecurityGroupName)?.toLowerCase();
}

/** Is there a value that nobody knows yet? Then it is one of those that its resource waits for. */
const isOpen = (value: unknown): boolean => {
  const target = object(value).id ?? value;
  return isPresent(target) && text(target) === undefined && referenceOf(target) === undefined;
};

// A log of a group's traffic is no place where it judges any, and neither is a lock or a setting of its own.
const canAttach = ({ type }: Resource): boolean =>
  !/^azure-native[^:]*:(?!network|compute)|:(FlowLog|SecurityRule|DefaultSecurityRule)$/.test(type);

/** The subnets, or networks with subnets inside, in which the program's clusters put their nodes. */
function nodeSubnets(resources: readonly Resource[]): string[] {
  const subnets = ofType(resources, 'azure-native:network:Subnet');
  const places = [...subnets, ...ofType(resources, 'azure-native:network:VirtualNetwork')].map(({ name }) => name);
  return resources.flatMap(({ inputs, options, type }) => {
    const pools = type.endsWith(':AgentPool') ? [inputs] : items(inputs.agentPoolProfiles).map(object);
    return pools.flatMap(({ vnetSubnetID: id }) => {
      if (isOpen(id)) return places.filter((name) => options.dependsOn?.includes(name));
      const written = text(id)?.split('/').at(-1)?.toLowerCase();
      const named = subnets.find(({ inputs: { subnetName } }) => text(subnetName)?.toLowerCase() === written);
      return referenceOf(id) ?? (written !== undefined && named ? named.name : []);
    });
  });
}
