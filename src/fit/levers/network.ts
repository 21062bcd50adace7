import { endpointNames, reachOf } from '../../resources/exposure.ts';
import type { Spec } from '../../spec/schema.ts';
import type { ExposedName } from '../../spec/sections/network.ts';
import type { Lever, Option, Premises, Sacrifice } from '../lever.ts';

type Kind = 'internal' | 'external';

const names: Record<ExposedName, string> = { swarm: 'the swarm', gateway: 'the gateway', api: 'the admin RPC' };

/** The load balancers, their addresses and what hangs on them: one lever, because closing a part pays only with the rest. */
export const networkLevers = ({ spec }: Premises): Lever[] => [options(spec)];

function options(spec: Spec): Option[] {
  const { dns, expose } = spec.network;
  const open = (kind: Kind): ExposedName[] =>
    endpointNames.filter((endpoint) => reachOf(spec, endpoint)[kind].length > 0);
  const [inside, outside] = [open('internal'), open('external')];
  const http = 'the gateway speaks plain HTTP on port 8080, without a host name';
  const noHost: Sacrifice[] =
    expose.gateway.host === undefined
      ? []
      : [{ path: 'network.expose.gateway.host', to: undefined, loses: http, weight: 3 }];
  const noRecord: Sacrifice[] =
    dns === undefined
      ? []
      : [{ path: 'network.dns', to: undefined, loses: `no record "${dns.record}" in "${dns.zone}"`, weight: 1 }];
  const close = (endpoints: readonly ExposedName[], ...kinds: Kind[]): Sacrifice[] =>
    endpoints.map((endpoint) => without(spec, endpoint, kinds));
  const both = endpointNames.filter((endpoint) => inside.includes(endpoint) || outside.includes(endpoint));
  return [
    { changes: noHost },
    { changes: dns?.create === true ? [...noHost, ...noRecord] : [] },
    { changes: close(inside, 'internal') },
    { changes: outside.length > 0 ? [...close(outside, 'external'), ...noHost, ...noRecord] : [] },
    {
      changes:
        inside.length > 0 && outside.length > 0 ? [...close(both, 'internal', 'external'), ...noHost, ...noRecord] : [],
    },
  ].filter(({ changes }) => changes.length > 0);
}

/** Who may reach an endpoint without those; the cluster itself when nobody would be left. */
function without(spec: Spec, endpoint: ExposedName, kinds: readonly Kind[]): Sacrifice {
  const reach = reachOf(spec, endpoint);
  const { from } = spec.network.expose[endpoint];
  const inside = reach.internal.map(({ read }) => read());
  const isOutside = (source: string): boolean => source !== 'cluster' && !inside.includes(source);
  const left = from.filter(
    (source) =>
      !(kinds.includes('external') && isOutside(source)) && !(kinds.includes('internal') && inside.includes(source)),
  );
  const isClosed = (kind: Kind): boolean => kinds.includes(kind) && reach[kind].length > 0;
  // Other nodes that can't connect to this one are all it is there for.
  const outsideWeight = endpoint === 'swarm' ? 5 : 2;
  const losses = [
    ...(isClosed('internal') ? [`no way in from private networks to ${names[endpoint]}`] : []),
    ...(isClosed('external')
      ? [`nobody outside reaches ${names[endpoint]}${endpoint === 'swarm' ? ': the node only dials others' : ''}`]
      : []),
  ];
  return {
    path: `network.expose.${endpoint}.from`,
    to: left.length > 0 ? left : ['cluster'],
    loses: losses.join('; '),
    weight: (isClosed('internal') ? 1.5 : 0) + (isClosed('external') ? outsideWeight : 0),
  };
}
