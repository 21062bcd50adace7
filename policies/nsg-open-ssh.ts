import { definePolicy } from '../src/policy/policy.ts';
import { type Blame, blamed, openingsIn } from '../src/policy/reach/openings.ts';

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
  example: {
    wrong: '{ destinationPortRange: "22", sourceAddressPrefix: "*" }',
    right: 'no rule: kubectl debug needs none',
  },
  levels: { production: 'mandatory', development: 'advisory' },
  waivable: true,
  *plan({ resources }) {
    // One rule may open both.
    const found = new Map<string, Blame & { logins: string[] }>();
    for (const { port, name } of logins) {
      for (const blame of blamed(openingsIn(resources, 'Tcp', port))) {
        const key = `${blame.resource} ${blame.input}`;
        const known = found.get(key) ?? { ...blame, logins: [] };
        known.logins.push(`${name} (port ${port})`);
        found.set(key, known);
      }
    }
    for (const { resource, input, who, logins: open } of found.values())
      yield { resource, input, message: `${open.join(' and ')} ${open.length > 1 ? 'are' : 'is'} open to ${who}` };
  },
});
