import type { Points } from '../policy/reach/line.ts';
import { nameOfReached, portNames, protocolNames } from '../policy/reach/names.ts';
import type { Pod } from '../policy/reach/pods.ts';
import type { Rule } from '../policy/reach/rules.ts';
import type { Service } from '../policy/reach/services.ts';
import type { Drawing, Tone } from './graph.ts';

/** What the picture of reachability is made of: each thing is drawn once, however often it is met. */

export const sourceNode = (drawing: Drawing, name: string): string =>
  drawing.node({ id: `source ${name}`, lines: [name], shape: 'round', tone: 'plain' });

export const internetNode = (drawing: Drawing, reached: Points): string => sourceNode(drawing, nameOfReached(reached));

export function ruleNode(drawing: Drawing, group: string, rule: Rule, tone: Tone): string {
  return drawing.node({
    id: `rule ${group} ${rule.name}`,
    lines: [rule.name, `${several(portNames(rule))} ${protocolNames(rule)}`.trimEnd()],
    shape: 'box',
    tone,
    within: group,
  });
}

export const serviceNode = (drawing: Drawing, { resource, name, type, internal }: Service, tone: Tone): string =>
  drawing.node({
    id: `service ${resource.name}`,
    lines: [name, type === 'LoadBalancer' ? `${internal ? 'internal' : 'public'} load balancer` : 'inside the cluster'],
    shape: 'box',
    tone,
  });

export function endpointNode(drawing: Drawing, { resource, ports }: Pod, port: number, protocol: string, tone: Tone) {
  const name = ports.find((each) => each.port === port && each.protocol === protocol)?.name;
  return drawing.node({
    id: `endpoint ${resource.name} ${port} ${protocol}`,
    lines: [resource.name, `${name === undefined ? '' : `${name} `}${portName(port, protocol)}`],
    shape: 'round',
    tone,
  });
}

export const portName = (port: number, protocol: string): string => `${port}/${protocol}`;

/** A list that can still be read. */
const several = (words: readonly string[]): string =>
  words.length <= 5 ? words.join(', ') : `${words.slice(0, 4).join(', ')} and ${words.length - 4} more`;
