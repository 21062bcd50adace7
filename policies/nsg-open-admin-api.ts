import { definePolicy } from '../src/policy/policy.ts';
import { blamed, openingsIn } from '../src/policy/reach/openings.ts';

const adminPort = 5001;

export default definePolicy({
  id: 'nsg-open-admin-api',
  title: 'the admin RPC (port 5001) must not be reachable from the internet',
  why: 'whoever reaches port 5001 controls the node: its configuration, its data and its keys; it has no password',
  fix: 'set network.expose.api.from to [cluster] or to private ranges, and use kubectl port-forward from outside',
  source: 'https://github.com/ipfs/kubo/blob/master/docs/config.md#addressesapi',
  example: { wrong: 'api: { from: [internet] }', right: 'api: { from: [cluster] }' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  *plan({ resources }) {
    for (const { who, ...place } of blamed(openingsIn(resources, 'Tcp', adminPort))) {
      yield {
        ...place,
        message: `the admin RPC (port ${adminPort}) is open to ${who}`,
        note: 'everybody there controls the node and its keys',
      };
    }
  },
});
