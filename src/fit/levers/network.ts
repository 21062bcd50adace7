import { endpointNames, reachOf } from '../../resources/exposure.ts';
import type { Spec } from '../../spec/schema.ts';
import type { ExposedName } from '../../spec/sections/network.ts';
import type { Change } from '../change.ts';
import type { Lever, Option, Premises } from '../lever.ts';

const names: Record<ExposedName, string> = { swarm: 'the swarm', gateway: 'the gateway', api: 'the admin RPC' };

/** The load balancers, their addresses and what hangs on them: one lever, because closing one part pays only with the others. */
export function networkLevers({ spec }: Premises): Lever[] {
  return [{ name: 'network', options: [...options(spec)] }];
}

function* options(spec: Spec): Generator<Option> {
  const { dns, expose } = spec.network;
  const inside = endpointNames.filter((endpoint) => reachOf(spec, endpoint).internal.length > 0);
  const outside = endpointNames.filter((endpoint) => reachOf(spec, endpoint).external.length > 0);
  const noHost: Change[] =
    expose.gateway.host === undefined ? [] : [{ path: 'network.expose.gateway.host', to: undefined }];
  const noRecord: Change[] = dns === undefined ? [] : [{ path: 'network.dns', to: undefined }];
  const http = 'the gateway speaks plain HTTP on port 8080, without a host name';
  if (noHost.length > 0) yield { changes: noHost, loses: http, weight: 3 };
  if (dns?.create === true)
    yield {
      changes: [...noHost, ...noRecord],
      loses: [`no DNS zone "${dns.zone}" and no record in it`, ...(noHost.length > 0 ? [http] : [])].join('; '),
      weight: noHost.length > 0 ? 4 : 2,
    };
  const noInside: Option = {
    changes: inside.map((endpoint) => without(spec, endpoint, 'internal')),
    loses: `no way in from private networks to ${list(inside)}`,
    weight: 2,
  };
  const noOutside: Option = {
    changes: [...outside.map((endpoint) => without(spec, endpoint, 'external')), ...noHost, ...noRecord],
    loses: `nobody outside reaches ${list(outside)}: the node only dials others${noRecord.length > 0 ? ', and has no DNS record' : ''}`,
    weight: 6,
  };
  if (inside.length > 0) yield noInside;
  if (outside.length > 0) yield noOutside;
  if (inside.length > 0 && outside.length > 0)
    yield {
      changes: [
        ...endpointNames
          .filter((endpoint) => inside.includes(endpoint) || outside.includes(endpoint))
          .map((endpoint) => without(spec, endpoint, 'internal', 'external')),
        ...noHost,
        ...noRecord,
      ],
      loses: `${noInside.loses}; ${noOutside.loses}`,
      weight: 8,
    };
}

/** Who may reach an endpoint without those; the cluster itself when nobody would be left. */
function without(spec: Spec, endpoint: ExposedName, ...kinds: ('internal' | 'external')[]): Change {
  const reach = reachOf(spec, endpoint);
  const gone = new Set(kinds.flatMap((kind) => reach[kind]).map(({ read }) => read()));
  // Beside the whole internet a range is not even looked at, and would be once that is gone.
  const isInternet = reach.external.some(({ kind }) => kind === 'internet') && kinds.includes('external');
  const { from } = spec.network.expose[endpoint];
  const inside = new Set(reach.internal.map(({ read }) => read()));
  const left = from.filter((each) => !gone.has(each) && (!isInternet || each === 'cluster' || inside.has(each)));
  return { path: `network.expose.${endpoint}.from`, to: left.length > 0 ? left : ['cluster'] };
}

const list = (endpoints: readonly ExposedName[]): string => {
  const words = endpoints.map((endpoint) => names[endpoint]);
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
};
