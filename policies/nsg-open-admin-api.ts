import { definePolicy } from '../src/policy/policy.ts';
import { covers, isPublicSource, openings } from '../src/policy/security-rules.ts';

const adminPort = 5001;

export default definePolicy({
  id: 'nsg-open-admin-api',
  title: 'the admin RPC (port 5001) must not be reachable from the internet',
  why: 'whoever reaches port 5001 controls the node: its configuration, its data and its keys; it has no password',
  fix: 'set network.expose.api.from to [cluster] or to private ranges, and use kubectl port-forward from outside',
  source: 'https://github.com/ipfs/kubo/blob/master/docs/config.md#addressesapi',
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  resource: {
    *'azure-native:network:NetworkSecurityGroup'(group) {
      for (const { source, port, rule } of openings(group.inputs.securityRules, 'securityRules')) {
        if (!isPublicSource(source.value) || !covers(port.value, adminPort) || !['Tcp', '*'].includes(rule.protocol))
          continue;
        yield {
          input: source.input,
          message: `the admin RPC (port ${adminPort}) is open to ${/^(\*|internet|any|0\.0\.0\.0\/0|::\/0)$/i.test(source.value) ? 'the internet' : `"${source.value}"`}`,
          note: 'everybody there controls the node and its keys',
        };
      }
    },
  },
});
