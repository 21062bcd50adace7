import { poolSubnets } from '../src/policy/node-pools.ts';
import { definePolicy, type PolicyContext } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';
import { covers, type InboundRule, inboundRules, isEverything } from '../src/policy/security-rules.ts';

/** What Azure's own rules at 65000 and 65001 let in, each with a port that a cluster can't do without. */
const needs = [
  { tag: 'AzureLoadBalancer', port: 30_000, loss: 'its probes fail, and the load balancer sends nothing to the nodes' },
  { tag: 'VirtualNetwork', port: 10_250, loss: 'nodes and pods can no longer reach each other' },
];

export default definePolicy({
  id: 'nsg-cuts-cluster-traffic',
  title: 'a rule that denies everything must leave in the load balancer and the network itself',
  why: "a deny of one's own comes before the rules by which Azure lets in its load balancer and the virtual network; the closing deny is there already, at 65500",
  fix: 'remove the rule, or put rules before it that allow AzureLoadBalancer and VirtualNetwork on all ports',
  source: 'https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules',
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  *plan(context) {
    for (const group of ofType(context.resources, 'azure-native:network:NetworkSecurityGroup')) {
      if (!guardsCluster(group.name, context)) continue;
      const rules = inboundRules(group);
      const at = rules.findIndex(deniesAll);
      const deny = rules[at];
      if (!deny) continue;
      const cut = needs.filter(({ tag, port }) => !rules.slice(0, at).some((rule) => mayLetIn(rule, tag, port)));
      if (cut.length === 0) continue;
      yield {
        resource: group.name,
        input: `${deny.input}.priority`,
        message: `the rule denies everything inbound before ${cut.map(({ tag }) => tag).join(' and ')} ${cut.length > 1 ? 'are' : 'is'} let in`,
        note: cut.map(({ loss }) => loss).join('; '),
      };
    }
  },
});

/** Is there a cluster, and is the group on its nodes' subnet or on nothing else yet? */
function guardsCluster(name: string, { resources, usersOf }: PolicyContext): boolean {
  if (ofType(resources, 'azure-native:containerservice:ManagedCluster').length === 0) return false;
  const attached = ofType(
    usersOf(name),
    'azure-native:network:Subnet',
    'azure-native:network:NetworkInterface',
    'azure-native:network:VirtualNetwork',
  );
  const subnets = poolSubnets(resources);
  return attached.length === 0 || attached.some((each) => subnets.includes(each.name));
}

const deniesAll = ({ access, protocol, sources, ports, destinations, certain }: InboundRule): boolean =>
  certain &&
  access === 'Deny' &&
  protocol === '*' &&
  sources.some(({ value }) => value === '*' || value === '0.0.0.0/0') &&
  destinations.some(({ value }) => value === '*' || value === '0.0.0.0/0') &&
  ports.some(({ value }) => value === '*' || value === '0-65535');

/** Could the rule be meant for it? An address range may be that of the nodes, and what is unknown may be anything. */
const mayLetIn = ({ access, sources, ports, certain }: InboundRule, tag: string, port: number): boolean =>
  access !== 'Deny' &&
  (!certain ||
    (sources.some(({ value }) => value === tag || isEverything(value) || /^[\d.]+(\/\d+)?$/.test(value)) &&
      ports.some(({ value }) => covers(value, port))));
