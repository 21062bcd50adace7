import type { Resource } from '../src/plan.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { securityGroups } from '../src/policy/reach/groups.ts';
import { ofType } from '../src/policy/references.ts';
import { isPresent, items, number, object, text } from '../src/views.ts';

export default definePolicy({
  id: 'nsg-cuts-cluster-egress',
  title: 'a rule must not keep the nodes of a cluster from everything outside',
  why: 'nodes get their images and reach the API server over port 443 of names that a network security group does not know: the cluster is never ready',
  fix: 'remove the rule; to limit what goes out takes a firewall that knows names',
  source: 'https://learn.microsoft.com/azure/aks/outbound-rules-control-egress',
  example: {
    wrong:
      '{ direction: Outbound, access: Deny, protocol: "*", destinationAddressPrefix: "*", destinationPortRange: "*" }',
    right:
      '{ direction: Outbound, access: Deny, protocol: Tcp, destinationAddressPrefix: Internet, destinationPortRange: "25" }',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  *plan({ resources }) {
    // A cluster without any way out has its images brought to it, and rules beside a group may let something out before.
    const mayDo = [
      ...ofType(resources, 'azure-native:containerservice:ManagedCluster').filter(({ inputs }) =>
        ['none', 'block'].includes(text(object(inputs.networkProfile).outboundType) ?? ''),
      ),
      ...ofType(resources, 'azure-native:network:SecurityRule'),
    ];
    if (mayDo.length > 0) return;
    for (const { resource, guardsNodes } of securityGroups(resources)) {
      if (!resource || !guardsNodes) continue;
      const rules = outboundRules(resource);
      for (const { rule, at } of rules)
        if (closesAll(rule) && !rules.some((other) => maySpare(other.rule, rule)))
          yield {
            resource: resource.name,
            input: `${at}.access`,
            message: `"${text(rule.name) ?? resource.name}" lets no node reach anything outside on port 443`,
          };
    }
  },
});

type Rule = Record<string, unknown>;
const lower = (value: unknown): string | undefined => text(value)?.toLowerCase();

const outboundRules = ({ inputs }: Resource): { rule: Rule; at: string }[] =>
  items(inputs.securityRules).flatMap((each, index) =>
    lower(object(each).direction) === 'outbound' ? [{ rule: object(each), at: `securityRules[${index}]` }] : [],
  );

/** Certainly all of it: every node, to everywhere, over TCP. */
const closesAll = (rule: Rule): boolean =>
  lower(rule.access) === 'deny' &&
  number(rule.priority) !== undefined &&
  ['*', 'tcp'].includes(lower(rule.protocol) ?? '') &&
  ['*', '0.0.0.0/0', 'virtualnetwork'].includes(lower(rule.sourceAddressPrefix) ?? '') &&
  lower(rule.sourcePortRange) === '*' &&
  ['*', '0.0.0.0/0', 'internet'].includes(lower(rule.destinationAddressPrefix) ?? '') &&
  ['*', '0-65535', '1-65535', '443'].includes(lower(rule.destinationPortRange) ?? '');

/** An allow before it, or one of which that is not known, may be for all that a cluster needs. */
const maySpare = (other: Rule, rule: Rule): boolean =>
  lower(other.access) !== 'deny' &&
  !((number(other.priority) ?? 0) > (number(rule.priority) ?? 0)) &&
  !(isPresent(other.protocol) && ['udp', 'icmp', 'esp', 'ah'].includes(lower(other.protocol) ?? ''));
