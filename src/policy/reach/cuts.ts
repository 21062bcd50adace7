import { hasIpv4, insideNetwork, probes } from './addresses.ts';
import type { Group } from './groups.ts';
import { type Box, boxesMeet, cutOut, intersection, type Points, sizeOf, span, union } from './line.ts';
import { closed, perhapsOpened, protocolPoints, type Rule } from './rules.ts';

/** What Azure's own rules at 65000 and 65001 let in, and what becomes of a cluster without it. */
const needs = [
  {
    tag: 'AzureLoadBalancer',
    loss: 'its probes fail, and the load balancer sends nothing to the nodes',
    // Probes come to node ports, from the range that Kubernetes takes them from.
    boxes: (nodes: Points): Box[] => [[protocol('Tcp'), span(30_000, 32_768), probes, nodes]],
  },
  {
    tag: 'VirtualNetwork',
    loss: 'nodes and pods can no longer reach each other',
    // The kubelet's port, and whatever pods talk on.
    boxes: (nodes: Points): Box[] => [
      [protocol('Tcp'), span(10_250, 10_251), nodes, nodes],
      [union(protocol('Tcp'), protocol('Udp')), span(0, 65_536), nodes, nodes],
    ],
  },
] as const;

const protocol = (name: string): Points => protocolPoints(name) ?? [];

export type Cut = { rule: Rule; tags: string[]; losses: string[] };

/** The denies that cut off for sure at least half of something a cluster needs, each with all that it cuts. */
export function cutsOf(group: Group): Cut[] {
  const cuts = new Map<Rule, Cut>();
  const nodes = group.subnets ?? insideNetwork;
  for (const { tag, loss, boxes } of needs) {
    const rule = boxes(nodes)
      .map((box) => cutting(group, box))
      .find((each) => each !== undefined);
    if (!rule) continue;
    const cut = cuts.get(rule) ?? { rule, tags: [], losses: [] };
    cut.tags.push(tag);
    cut.losses.push(loss);
    cuts.set(rule, cut);
  }
  return [...cuts.values()];
}

/** The deny that, with those before it, keeps out at least half of a box; an allow that is not known may let all of it in. */
function cutting({ rules, subnets }: Group, need: Box): Rule | undefined {
  let open: readonly Box[] = [need];
  let denied = 0;
  const mayBeFirst = rules.filter(({ priority, access }) => priority === undefined && access !== 'Deny');
  for (const rule of [...mayBeFirst, ...rules.filter((each) => !mayBeFirst.includes(each))]) {
    const allow = perhapsOpened(rule);
    if (allow) {
      open = open.flatMap((box) => cutOut([box], subnets ? allow : anywhereInside(allow)));
      continue;
    }
    const hole = closed(rule);
    if (!hole) continue;
    for (const box of open) {
      if (boxesMeet(box, hole)) denied += volume(box.map((side, index) => intersection(side, hole[index] as Points)));
    }
    open = cutOut(open, hole);
    if (denied >= volume(need) / 2) return rule;
  }
  return undefined;
}

/** Where the nodes' addresses are not known, any range of IPv4 may be theirs. */
const anywhereInside = (box: Box): Box =>
  box.map((side, index) => (index >= 2 && hasIpv4(side) ? union(side, insideNetwork) : side));

const volume = (box: Box): number => box.reduce((product, side) => product * sizeOf(side), 1);
