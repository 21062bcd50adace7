import { definePolicy } from '../src/policy/policy.ts';
import { blamedForWays, through } from '../src/policy/reach/ways.ts';

const logins = [
  { port: 22, name: 'SSH' },
  { port: 3389, name: 'remote desktop' },
];

export default definePolicy({
  id: 'cluster-open-ssh',
  title: 'no Service, host port, node or container group may offer SSH (22) or remote desktop (3389) to the internet',
  why: 'a login that everybody can try is tried by everybody, all the time, until one of its accounts or versions is weak',
  fix: 'remove the port: kubectl exec, kubectl debug and az vmss run-command need none',
  source: 'https://learn.microsoft.com/azure/aks/manage-ssh-node-access',
  example: {
    wrong: 'allowedHostPorts: [{ portStart: 22, portEnd: 22, protocol: TCP }]',
    right: 'allowedHostPorts: []',
  },
  levels: { production: 'mandatory', development: 'advisory' },
  waivable: true,
  *plan({ resources }) {
    for (const { port, name } of logins) {
      for (const { way, who, ...place } of blamedForWays(resources, port, () => true))
        yield { ...place, message: `${name} (port ${port}) is open to ${who} by ${through(way)}` };
    }
  },
});
