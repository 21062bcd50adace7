import { definePolicy } from '../src/policy/policy.ts';
import { publicOpenings, sourceName } from '../src/policy/security-rules.ts';

const logins = [
  { port: 22, name: 'SSH' },
  { port: 3389, name: 'remote desktop' },
];

export default definePolicy({
  id: 'nsg-open-ssh',
  title: 'SSH (22) and remote desktop (3389) must not be reachable from the internet',
  why: 'nodes of AKS have no public address, so the rule is of no use until somebody adds one, and then it is a door for everybody',
  fix: 'remove the rule: kubectl debug and az vmss run-command reach a node without it',
  source: 'https://learn.microsoft.com/azure/aks/manage-ssh-node-access',
  levels: { production: 'mandatory', development: 'advisory' },
  waivable: true,
  resource: {
    *'azure-native:network:NetworkSecurityGroup'(group) {
      for (const { port, name } of logins) {
        for (const { source } of publicOpenings(group, port, 'Tcp'))
          yield { input: source.input, message: `${name} (port ${port}) is open to ${sourceName(source.value)}` };
      }
    },
  },
});
