import type { Resource } from '../src/plan.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { publicPart } from '../src/policy/reach/addresses.ts';
import { securityGroups } from '../src/policy/reach/groups.ts';
import { contains, isEmpty, meets, type Points, span } from '../src/policy/reach/line.ts';
import { ofType } from '../src/policy/references.ts';

import { isPresent, items, number, object, text } from '../src/views.ts';

const apiServerPort = 6443;
// A way in to the machine itself is nsg-open-ssh's business.
const loginPorts = [22, 3389];

export default definePolicy({
  id: 'nsg-rule-unused',
  title: 'a rule that lets in what nothing listens to should not be there',
  why: 'a rule without a listener protects nothing and is open on the day when something starts to listen',
  fix: 'remove the rule: those that are needed follow from network.expose',
  source: 'https://learn.microsoft.com/azure/aks/concepts-network',
  example: { wrong: '{ destinationPortRange: "6443" }', right: 'no rule: the API server is outside the network' },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  *plan({ resources }) {
    const clusters = ofType(resources, 'azure-native:containerservice:ManagedCluster');
    if (clusters.length === 0) return;
    const served = servedPorts(resources);
    const reachable = hasOtherWays(resources);
    const apiServerInside = clusters.some(({ inputs: { apiServerAccessProfile: profile } }) => {
      const { enableVnetIntegration, subnetId } = object(profile);
      return (
        (isPresent(profile) && object(profile) !== profile) || mayBeTrue(enableVnetIntegration) || isPresent(subnetId)
      );
    });
    for (const group of securityGroups(resources)) {
      if (group.attached === 'nowhere') continue;
      for (const { resource, access, sources, ports } of group.rules) {
        const [port] = ports.spellings;
        if (access !== 'Allow' || sources.unknown || ports.unknown || !port) continue;
        if (isOnly(ports.points, apiServerPort) && !apiServerInside)
          yield {
            resource,
            input: port.input,
            message: `nothing listens on port ${apiServerPort}: AKS keeps its API server outside the network`,
          };
        else if (
          served &&
          !reachable &&
          sources.spellings.every(({ points }) => !isEmpty(publicPart(points))) &&
          ![...served, ...loginPorts].some((each) => meets(ports.points, span(each, each + 1)))
        )
          yield {
            resource,
            input: port.input,
            message: `no Service listens on port ${ports.spellings.map(({ value }) => value).join(', ')}`,
          };
      }
    }
  },
});

const isOnly = (ports: Points, port: number): boolean => contains(span(port, port + 1), ports);

/** The ports of all load balanced Services; undefined when there are none here, or when one of them is not known. */
function servedPorts(resources: readonly Resource[]): number[] | undefined {
  const services = ofType(resources, 'kubernetes:core/v1:Service').filter(
    ({ inputs }) => !['ClusterIP', 'NodePort', 'ExternalName'].includes(text(object(inputs.spec).type) ?? ''),
  );
  const ports = services.flatMap(({ inputs }) =>
    items(object(inputs.spec).ports).map((each) => number(object(each).port)),
  );
  return ports.length > 0 && ports.every((port) => port !== undefined) ? ports : undefined;
}

/** May the internet reach something other than through the Services that are seen here? */
const hasOtherWays = (resources: readonly Resource[]): boolean =>
  resources.some(
    ({ type, inputs }) =>
      /^(azure-native:(compute:VirtualMachine|network:(NetworkInterface|LoadBalancer|ApplicationGateway))|kubernetes:(helm|yaml|kustomize))/.test(
        type,
      ) ||
      mayBeTrue(inputs.enableNodePublicIP) ||
      items(inputs.agentPoolProfiles).some((pool) => mayBeTrue(object(pool).enableNodePublicIP)),
  );

const mayBeTrue = (value: unknown): boolean => isPresent(value) && value !== false;
