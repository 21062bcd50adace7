import { definePolicy } from '../src/policy/policy.ts';
import { covers, inboundRules, publicOpenings } from '../src/policy/security-rules.ts';

const swarmPort = 4001;

export default definePolicy({
  id: 'nsg-missing-swarm-udp',
  title: 'who opens the swarm (port 4001) over TCP should open it over UDP too',
  why: 'most peers connect by QUIC, which is UDP; without it the node is found less often and every connection takes longer',
  fix: 'let network.expose.swarm make the rules, which opens both, or add one for UDP',
  source: 'https://github.com/ipfs/kubo/blob/master/docs/config.md#addressesswarm',
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  resource: {
    *'azure-native:network:NetworkSecurityGroup'(group) {
      const [tcp] = publicOpenings(group, swarmPort, 'Tcp').filter(({ port }) => port.value === String(swarmPort));
      if (!tcp || publicOpenings(group, swarmPort, 'Udp').length > 0) return;
      // A rule with an unknown part may be the one that opens it.
      const maybe = inboundRules(group).some(
        ({ certain, access, protocol, ports }) =>
          !certain &&
          access !== 'Deny' &&
          protocol !== 'Tcp' &&
          (ports.length === 0 || ports.some(({ value }) => covers(value, swarmPort))),
      );
      if (!maybe)
        yield { input: tcp.port.input, message: `port ${swarmPort} is open to the internet over TCP only, not UDP` };
    },
  },
});
