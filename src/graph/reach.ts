import type { Diagnostic } from '../diagnostic.ts';
import type { Resource } from '../plan.ts';
import { publicPart } from '../policy/reach/addresses.ts';
import { type Group, securityGroups, wallsOfNodes } from '../policy/reach/groups.ts';
import { intersection, isEmpty, meets, type Points } from '../policy/reach/line.ts';
import { isSomebody, nameOfSource } from '../policy/reach/names.ts';
import { type Passage, passages, passagesTo, sourcesOf } from '../policy/reach/passages.ts';
import { podsOf } from '../policy/reach/pods.ts';
import type { Rule, Spelling } from '../policy/reach/rules.ts';
import { type Service, type ServicePort, servicesOf } from '../policy/reach/services.ts';
import { waysIn } from '../policy/reach/ways.ts';
import { Drawing, type Graph, type Tone, toneFinder, worst } from './graph.ts';
import { endpointNode, internetNode, portName, ruleNode, serviceNode, sourceNode } from './reach-nodes.ts';

type Picture = { drawing: Drawing; toneOf(resource: string, input?: string): Tone };

/** Who can reach what: sources, the rules that let them in, the Services behind, and the pods' own ports. */
export function reachGraph(resources: readonly Resource[], diagnostics: readonly Diagnostic[], title: string): Graph {
  const picture: Picture = { drawing: new Drawing(), toneOf: toneFinder(diagnostics) };
  const services = servicesOf(resources, podsOf(resources));
  const groups = securityGroups(resources).filter(({ attached }) => attached !== 'nowhere');
  const walls = wallsOfNodes(resources) ?? groups;
  for (const group of groups) for (const passage of passages(group)) drawPassage(picture, group, passage);
  for (const service of services) {
    for (const port of service.ports) {
      if (service.type === 'LoadBalancer') drawBalanced(picture, walls, service, port);
      else if (service.type === 'ClusterIP' && service.isReachable) drawInside(picture, service, port);
    }
  }
  drawOtherWays(picture, resources, services);
  return picture.drawing.graph(title);
}

// Nobody finds his way among a thousand of them.
const sourcesAtMost = 8;

function drawPassage(picture: Picture, group: Group, passage: Passage): void {
  const { rule } = passage;
  const through = sourcesOf(passage);
  const sources = rule.sources.spellings.filter((each) => isSomebody(each) && meets(each.points, through));
  if (sources.length === 0) return;
  const { drawing, toneOf } = picture;
  const to = ruleNode(drawing, group.name, rule, toneOfRule(picture, rule));
  const ofAll = toneOf(rule.resource, rule.sources.input);
  if (sources.length > sourcesAtMost)
    drawing.edge(sourceNode(drawing, `${sources.length} ranges of ${rule.name}`), to, undefined, ofAll);
  else
    for (const source of sources) {
      const tone = source.input === rule.sources.input ? ofAll : worst(ofAll, toneOf(rule.resource, source.input));
      drawing.edge(sourceNode(drawing, nameOfSource(source)), to, undefined, tone);
    }
}

const toneOfRule = ({ toneOf }: Picture, { resource, input }: Rule): Tone => toneOf(resource, input);

/** A Service on a load balancer, behind those rules that let somebody in whom it lets in as well. */
function drawBalanced(picture: Picture, walls: readonly Group[], service: Service, port: ServicePort): void {
  const { drawing, toneOf } = picture;
  let tone = toneOf(service.resource.name);
  const to = serviceNode(drawing, service, tone);
  const label = portName(port.port, port.protocol);
  if (walls.length === 0) {
    const everybody: Spelling = { value: 'Internet', input: '', points: service.sources.points };
    for (const source of service.sources.spellings.length > 0 ? service.sources.spellings : [everybody])
      drawing.edge(sourceNode(drawing, nameOfSource(source)), to, label, tone);
  }
  for (const wall of walls) {
    for (const passage of passagesTo(wall, port.protocol === 'UDP' ? 'Udp' : 'Tcp', port.port)) {
      const { rule } = passage;
      if (!isForService(rule, intersection(sourcesOf(passage), service.sources.points), service)) continue;
      // A hint about a rule is no news about what is behind it, and its hole none about what is inside.
      const found = toneOfRule(picture, rule);
      tone = worst(tone, found === 'info' || service.internal !== false ? 'plain' : found);
      drawing.edge(ruleNode(drawing, wall.name, rule, found), to, label, tone);
    }
  }
  drawTargets(picture, service, port, tone);
}

/** Is it meant for this side of the network? A public address is reached from outside, a private one from inside. */
const isForService = (rule: Rule, reached: Points, { internal }: Service): boolean =>
  rule.sources.spellings.some((each) => isSomebody(each) && meets(each.points, reached)) &&
  (internal === false ? !isEmpty(publicPart(reached)) : !isEmpty(reached));

function drawInside(picture: Picture, service: Service, port: ServicePort): void {
  const { drawing, toneOf } = picture;
  const to = serviceNode(drawing, service, toneOf(service.resource.name));
  drawing.edge(sourceNode(drawing, 'pods of the cluster'), to, portName(port.port, port.protocol), 'plain');
  drawTargets(picture, service, port, 'plain');
}

function drawTargets(
  { drawing }: Picture,
  service: Service,
  { port, target, protocol }: ServicePort,
  tone: Tone,
): void {
  const shown = tone === 'info' ? 'plain' : tone;
  for (const pod of service.pods) {
    const to = endpointNode(drawing, pod, target ?? port, protocol, shown);
    drawing.edge(`service ${service.resource.name}`, to, undefined, shown);
  }
}

/** Ways that no load balancer stands on: ports of machines, and Ingresses. */
function drawOtherWays(
  { drawing, toneOf }: Picture,
  resources: readonly Resource[],
  services: readonly Service[],
): void {
  const balanced = new Set(services.map(({ resource }) => resource.name));
  for (const { resource, input, by, port, target, protocol, pods, reached } of waysIn(resources)) {
    if (balanced.has(resource) && !input.endsWith('nodePort')) continue;
    const tone = toneOf(resource, input);
    const lines = [by.replaceAll('"', ''), 'a way past the load balancer'];
    const way = drawing.node({ id: `way ${resource}`, lines, shape: 'box', tone });
    const transport = protocol.toUpperCase();
    drawing.edge(internetNode(drawing, reached), way, portName(port, transport), tone);
    for (const pod of pods)
      drawing.edge(way, endpointNode(drawing, pod, target ?? port, transport, tone), undefined, tone);
  }
}
