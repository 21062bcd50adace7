import type { Resource } from '../../plan.ts';
import { ofTheLast } from '../last.ts';
import { isTheInternet, publicPart, sourceName } from './addresses.ts';
import { publicGroups } from './container-groups.ts';
import { securityGroups, wallsOfNodes } from './groups.ts';
import { publishedBy } from './ingresses.ts';
import { everything, intersection, isEmpty, nothing, type Points, union } from './line.ts';
import { nameOfReached } from './names.ts';
import { openNodes } from './nodes.ts';
import { type Blame, openings, reachedThrough } from './openings.ts';
import { letInByPolicies } from './pod-walls.ts';
import { type Pod, podsOf } from './pods.ts';
import type { Protocol, Spelling } from './rules.ts';
import { type Service, type ServicePort, servicesOf } from './services.ts';

/** A way from the internet to pods or containers, through everything that is seen to stand in between. */
export type Way = {
  resource: string;
  input: string;
  /** What opens it, as in `the Service "web"`. */
  by: string;
  protocol: Protocol;
  /** Where somebody outside connects, and where he arrives, as far as that is known. */
  port: number;
  target: number | undefined;
  pods: readonly Pod[];
  /** The spellings that let him in; none where nothing says who may. */
  sources: readonly Spelling[];
  reached: Points;
  /** Past every network security group? */
  unguarded?: true;
};

export const waysIn = ofTheLast((resources: readonly Resource[]): readonly Way[] =>
  [...read(resources)].filter(({ reached }) => !isEmpty(reached)),
);

function* read(resources: readonly Resource[]): Generator<Way> {
  const pods = podsOf(resources);
  const services = servicesOf(resources, pods);
  const nodes = openNodes(resources);
  const walls = services.length + nodes.length > 0 ? wallsOfNodes(resources) : undefined;
  const pass = (protocol: Protocol, port: number): Points =>
    walls ? union(...walls.map((wall) => reachedThrough(wall, protocol, port))) : publicPart(everything);
  const isOpen = (protocol: Protocol, port: number): boolean => nodes.some((node) => node.opens(protocol, port));

  for (const service of services) {
    for (const port of service.ports) {
      const way = toService(service, port);
      if (service.type === 'LoadBalancer' && service.internal === false) {
        const letIn = intersection(service.sources.points, pass(way.protocol, port.port));
        yield { ...way, reached: behind(resources, service, port, letIn), sources: service.sources.spellings };
      }
      const { nodePort } = port;
      if (nodePort !== undefined && isOpen(way.protocol, nodePort)) {
        const reached = behind(resources, service, port, pass(way.protocol, nodePort));
        yield { ...way, port: nodePort, input: `${port.input}.nodePort`, reached };
      }
    }
  }
  for (const { by, logins } of nodes) {
    for (const { resource, input, port } of logins)
      yield { ...common, resource, input, by, port, target: port, reached: pass('Tcp', port) };
  }
  for (const offered of publicGroups(resources))
    yield { ...common, ...offered, target: offered.port, reached: publicPart(everything), unguarded: true };
  for (const pod of pods) {
    for (const { host, port: target, protocol: written } of pod.ports) {
      const protocol = written === 'UDP' ? 'Udp' : 'Tcp';
      if (!host || !isOpen(protocol, host.port)) continue;
      const { port, input } = host;
      const by = `the workload "${pod.resource.name}"`;
      const reached = pass(protocol, port);
      yield { ...common, resource: pod.resource.name, input, by, protocol, port, target, pods: [pod], reached };
    }
  }
  for (const { ingress, input, service, port, sources, points } of publishedBy(resources, services)) {
    const reached = behind(resources, { ...service, keepsAddress: false }, port, publicPart(points));
    const by = `the Ingress "${ingress.name}"`;
    yield { ...toService(service, port), resource: ingress.name, input, by, port: httpsPort, sources, reached };
  }
}

const httpsPort = 443;
const common = { protocol: 'Tcp', pods: [], sources: [] } as const;

const toService = ({ resource, name, pods }: Service, { port, target, protocol, input }: ServicePort) => ({
  ...common,
  resource: resource.name,
  input: target === port || target === undefined ? `${input}.port` : `${input}.targetPort`,
  by: `the Service "${name}"`,
  protocol: protocol === 'UDP' ? ('Udp' as const) : ('Tcp' as const),
  port,
  target,
  pods,
});

/** Whom the pods' own NetworkPolicies leave; where a load balancer hides addresses everybody has that of a node. */
function behind(
  resources: readonly Resource[],
  { pods, keepsAddress }: Service,
  { target, protocol }: ServicePort,
  sources: Points,
): Points {
  if (pods.length === 0 || target === undefined) return sources;
  const letIn = union(...pods.map((pod) => letInByPolicies(resources, pod, target, protocol)));
  return keepsAddress ? intersection(letIn, sources) : isEmpty(letIn) ? nothing : sources;
}

/**
 * The places to blame for ways to a port of the pods. What a network security group opens on the same port is reported
 * there already: one hole, one finding.
 */
export function* blamedForWays(
  resources: readonly Resource[],
  target: number,
  isMeant: (way: Way) => boolean,
): Generator<Blame & { way: Way }> {
  for (const way of waysIn(resources)) {
    if (way.protocol !== 'Tcp' || (way.target ?? way.port) !== target || !isMeant(way)) continue;
    const isKnown =
      !way.unguarded &&
      way.port === target &&
      securityGroups(resources).some((group) => openings(group, 'Tcp', target).length > 0);
    if (isKnown) continue;
    const guilty = way.sources.filter(({ points }) => !isEmpty(intersection(points, way.reached)));
    if (guilty.length === 0 || isTheInternet(way.reached)) {
      const [only] = guilty;
      yield {
        way,
        resource: way.resource,
        input: only && guilty.length === 1 ? only.input : way.input,
        who: nameOfReached(way.reached),
      };
    } else
      for (const { input, value, points } of guilty)
        yield { way, resource: way.resource, input, who: sourceName(value, intersection(points, way.reached)) };
  }
}

/** How a message tells on which way, when it is not the straight one. */
export const through = ({ by, port, target }: Way): string =>
  port === target || target === undefined ? by : `${by} on port ${port}`;
