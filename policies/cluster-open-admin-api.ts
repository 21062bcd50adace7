import { definePolicy } from '../src/policy/policy.ts';
import { isKubo } from '../src/policy/reach/pods.ts';
import { blamedForWays, through } from '../src/policy/reach/ways.ts';

const adminPort = 5001;

export default definePolicy({
  id: 'cluster-open-admin-api',
  title: 'no Service, Ingress, host port or container group may offer the admin RPC (port 5001) to the internet',
  why: 'whoever reaches port 5001 controls the node: its configuration, its data and its keys; it has no password',
  fix: 'make the Service a ClusterIP or an internal one, or give it loadBalancerSourceRanges that are private',
  source: 'https://github.com/ipfs/kubo/blob/master/docs/config.md#addressesapi',
  example: {
    wrong: 'spec: { type: LoadBalancer, ports: [{ port: 5001 }] }',
    right: 'spec: { type: ClusterIP, ports: [{ port: 5001 }] }',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  *plan({ resources }) {
    // Behind another port many programs listen on this one: then it must be seen to be an IPFS node.
    const ways = blamedForWays(resources, adminPort, ({ port, pods }) => port === adminPort || pods.some(isKubo));
    for (const { way, who, ...place } of ways) {
      yield {
        ...place,
        message: `the admin RPC (port ${adminPort}) is open to ${who} by ${through(way)}`,
        note: 'everybody there controls the node and its keys',
      };
    }
  },
});
