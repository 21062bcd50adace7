import type { Resource } from '../src/plan.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { securityGroups } from '../src/policy/reach/groups.ts';
import { numbered, openings } from '../src/policy/reach/openings.ts';
import { mayBeOpen } from '../src/policy/reach/passages.ts';
import { ofType } from '../src/policy/references.ts';
import { items, object } from '../src/views.ts';

const swarmPort = 4001;

export default definePolicy({
  id: 'nsg-missing-swarm-udp',
  title: 'who opens the swarm (port 4001) over TCP should open it over UDP too',
  why: 'most peers connect by QUIC, which is UDP; without it the node is found less often and every connection takes longer',
  fix: 'let network.expose.swarm make the rules, which opens both, or add one for UDP',
  source: 'https://github.com/ipfs/kubo/blob/master/docs/config.md#addressesswarm',
  example: {
    wrong: '{ protocol: Tcp, destinationPortRange: "4001" }',
    right: '{ protocol: "*", destinationPortRange: "4001" }',
  },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  *plan({ resources }) {
    if (isTcpOnly(resources)) return;
    for (const group of securityGroups(resources)) {
      const opening = openings(group, 'Tcp', swarmPort).find((each) => numbered(each, swarmPort));
      // A rule with an unknown part may be the one that opens it.
      if (!opening || mayBeOpen(group, 'Udp', swarmPort)) continue;
      yield {
        resource: opening.rule.resource,
        input: numbered(opening, swarmPort)?.input,
        message: `port ${swarmPort} is open to the internet over TCP only, not UDP`,
      };
    }
  },
});

/** A private network has a key, and QUIC knows none: then its Services take TCP only. */
function isTcpOnly(resources: readonly Resource[]): boolean {
  const ports = ofType(resources, 'kubernetes:core/v1:Service')
    .map(({ inputs }) => object(inputs.spec))
    .filter(({ type }) => type === 'LoadBalancer')
    .flatMap((spec) => items(spec.ports).map(object))
    .filter(({ port }) => port === swarmPort);
  return ports.length > 0 && ports.every(({ protocol }) => protocol === undefined || protocol === 'TCP');
}
