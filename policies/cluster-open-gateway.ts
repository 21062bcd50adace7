import { definePolicy } from '../src/policy/policy.ts';
import { isTheInternet } from '../src/policy/reach/addresses.ts';
import { isKubo } from '../src/policy/reach/pods.ts';
import { blamedForWays, through } from '../src/policy/reach/ways.ts';

const gatewayPort = 8080;

export default definePolicy({
  id: 'cluster-open-gateway',
  title: 'no Service, Ingress or host port may offer the HTTP gateway (port 8080) to the whole internet',
  why: 'anybody can make the node load and serve any content of the network, at your cost and under your address',
  fix: 'give the Service loadBalancerSourceRanges, or put a proxy with HTTPS and a login in front',
  source: 'https://github.com/ipfs/kubo/blob/master/docs/config.md#gateway',
  example: {
    wrong: 'spec: { type: LoadBalancer, ports: [{ port: 8080 }] }',
    right: 'spec: { type: LoadBalancer, loadBalancerSourceRanges: [203.0.113.0/24], ports: [{ port: 8080 }] }',
  },
  levels: { production: 'mandatory', development: 'advisory' },
  waivable: true,
  *plan({ resources }) {
    // 8080 is everybody's port: it must be seen to be an IPFS node's; and a range is somebody the operator chose.
    const isOpen = blamedForWays(
      resources,
      gatewayPort,
      ({ pods, reached }) => isTheInternet(reached) && pods.some(isKubo),
    );
    for (const { way, who, ...place } of isOpen) {
      yield {
        ...place,
        message: `the HTTP gateway (port ${gatewayPort}) is open to ${who} by ${through(way)}`,
        note: 'everybody can make the node load content',
      };
    }
  },
});
