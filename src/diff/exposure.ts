import type { Resource } from '../plan.ts';
import { addressesOf, isTheInternet, publicPart } from '../policy/reach/addresses.ts';
import { type Group, securityGroups, wallsOfNodes } from '../policy/reach/groups.ts';
import { contains, difference, intersection, isEmpty, meets, type Points, span, union } from '../policy/reach/line.ts';
import { isSomebody, nameOfReached, nameOfSource, portNames, protocolNames } from '../policy/reach/names.ts';
import { passages, passagesTo, sourcesOf } from '../policy/reach/passages.ts';
import { podsOf } from '../policy/reach/pods.ts';
import type { Spelling } from '../policy/reach/rules.ts';
import { type Service, type ServicePort, servicesOf } from '../policy/reach/services.ts';
import { waysIn } from '../policy/reach/ways.ts';
import { ofType } from '../policy/references.ts';
import { isPresent, items, object, text } from '../views.ts';

/** Who can reach what, in words: `the internet` to `swarm 4001/TCP`. */
export type Reach = { from: string; to: string };

/** Everything that somebody outside of the pods can reach, by the model that the policies judge by. */
export function reachesOf(resources: readonly Resource[]): Reach[] {
  const services = servicesOf(resources, podsOf(resources)).filter(({ type }) => type === 'LoadBalancer');
  const groups = securityGroups(resources).filter(({ attached }) => attached !== 'nowhere');
  const walls = wallsOfNodes(resources) ?? groups;
  const all = [
    ...services.flatMap((service) => service.ports.flatMap((port) => balanced(walls, service, port))),
    ...groups.flatMap((group) => toNodes(group, services)),
    ...otherWays(resources, services),
    ...toAzure(resources),
  ];
  return [...new Map(all.map((reach) => [`${reach.from} ${reach.to}`, reach])).values()];
}

/** What only one side has. Who is let in already, as a part of somebody larger, is no news. */
export function compareReaches(base: readonly Reach[], head: readonly Reach[]): { opened: Reach[]; closed: Reach[] } {
  const without = (all: readonly Reach[], others: readonly Reach[]): Reach[] =>
    all.filter(({ from, to }) => {
      const same = others.filter((each) => each.to === to);
      const known = union(...same.map((each) => addressesNamed(each.from)));
      const own = addressesNamed(from);
      return !same.some((each) => each.from === from) && (isEmpty(own) || !contains(known, own));
    });
  return { opened: without(head, base), closed: without(base, head) };
}

const addressesNamed = (from: string): Points =>
  addressesOf(from === 'the internet' ? 'internet' : from.replaceAll(' ', '-'), []) ?? [];

function balanced(walls: readonly Group[], service: Service, port: ServicePort): Reach[] {
  const to = `${service.name} ${port.port}/${port.protocol}`;
  const { spellings, points } = service.sources;
  const among = (candidates: readonly Spelling[], letIn: Points): Reach[] =>
    candidates
      .filter((each) => isSomebody(each) && meets(onThisSide(each.points, service), letIn))
      .map((each) => ({ from: nameOfSource(each), to }));
  if (walls.length === 0) return spellings.length > 0 ? among(spellings, points) : [{ from: everybodyAt(service), to }];
  return walls.flatMap((wall) =>
    passagesTo(wall, port.protocol === 'UDP' ? 'Udp' : 'Tcp', port.port).flatMap((passage) => {
      const letIn = intersection(sourcesOf(passage), points);
      const { sources } = passage.rule;
      // The narrower of both lists says who it is.
      const narrower = spellings.length > 0 && isTheInternet(sources.points) ? spellings : sources.spellings;
      return among(narrower, letIn);
    }),
  );
}

const everybodyAt = ({ internal }: Service): string => (internal ? 'the virtual network' : 'the internet');

/** A public address is reached from outside, a private one from inside. */
const onThisSide = (points: Points, { internal }: Service): Points =>
  internal === false ? publicPart(points) : points;

/** What rules open besides the ports of Services. */
function toNodes(group: Group, services: readonly Service[]): Reach[] {
  const served = union(...services.flatMap(({ ports }) => ports.map(({ port }) => span(port, port + 1))));
  return passages(group).flatMap((passage) => {
    const { rule } = passage;
    if (isEmpty(difference(rule.ports.points, served))) return [];
    const through = sourcesOf(passage);
    const to = `nodes ${portNames(rule).join(', ')}/${protocolNames(rule) || 'other protocols'}`;
    return rule.sources.spellings
      .filter((each) => isSomebody(each) && meets(each.points, through))
      .map((each) => ({ from: nameOfSource(each), to }));
  });
}

/** Ways that no load balancer stands on: ports of machines, and Ingresses. */
function otherWays(resources: readonly Resource[], services: readonly Service[]): Reach[] {
  const known = new Set(services.map(({ resource }) => resource.name));
  return waysIn(resources)
    .filter(({ resource, input }) => !known.has(resource) || input.endsWith('nodePort'))
    .map(({ by, port, protocol, reached }) => ({
      from: nameOfReached(reached),
      to: `${by.replaceAll('"', '').replace(/^the /, '')} ${port}/${protocol.toUpperCase()}`,
    }));
}

/** The cluster's API server, and vaults: what Azure itself keeps, by their own firewalls. */
function* toAzure(resources: readonly Resource[]): Generator<Reach> {
  for (const { name, inputs } of ofType(resources, 'azure-native:containerservice:ManagedCluster')) {
    const { authorizedIPRanges, enablePrivateCluster } = object(inputs.apiServerAccessProfile);
    if (enablePrivateCluster === true) continue;
    yield* comers(authorizedIPRanges, `Kubernetes API of ${name} 443/TCP`);
  }
  for (const { name, inputs } of ofType(resources, 'azure-native:keyvault:Vault')) {
    const { networkAcls, publicNetworkAccess } = object(inputs.properties);
    if (text(publicNetworkAccess)?.toLowerCase() === 'disabled') continue;
    const { defaultAction, ipRules } = object(networkAcls);
    const isClosed = text(defaultAction)?.toLowerCase() === 'deny';
    const ranges = isClosed ? items(ipRules).map((rule) => object(rule).value) : undefined;
    if (isClosed && ranges?.length === 0) continue;
    yield* comers(ranges, `Key Vault ${name} 443/TCP`);
  }
}

function* comers(ranges: unknown, to: string): Generator<Reach> {
  if (isPresent(ranges) && !Array.isArray(ranges)) return;
  const written = items(ranges).flatMap((each) => text(each) ?? []);
  if (items(ranges).length === 0) yield { from: 'the internet', to };
  for (const each of written) yield { from: isTheInternet(addressesOf(each, []) ?? []) ? 'the internet' : each, to };
}
