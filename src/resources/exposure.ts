import { certainRange, includes } from '../ip-ranges.ts';
import type { Spec } from '../spec/schema.ts';
import type { ExposedName } from '../spec/sections/network.ts';

type Port = { name: string; port: number; protocol: 'TCP' | 'UDP' };

/** The ports of the node's image: kubo's own, https://github.com/ipfs/kubo/blob/master/docs/config.md#addresses. */
export const endpoints = {
  swarm: [
    { name: 'swarm-tcp', port: 4001, protocol: 'TCP' },
    { name: 'swarm-udp', port: 4001, protocol: 'UDP' },
  ],
  gateway: [{ name: 'gateway', port: 8080, protocol: 'TCP' }],
  api: [{ name: 'api', port: 5001, protocol: 'TCP' }],
} as const satisfies Record<ExposedName, readonly Port[]>;

export const endpointNames = Object.keys(endpoints) as ExposedName[];

/** A gateway with a host name has a proxy in front of it, which ends TLS. */
export const hasProxy = (spec: Spec): boolean => spec.network.expose.gateway.host !== undefined;

/** What the world outside the cluster connects to: the node's own ports, and HTTPS in place of the gateway's where it has a proxy. */
export const outerPorts = (spec: Spec, endpoint: ExposedName): readonly Port[] =>
  endpoint === 'gateway' && hasProxy(spec)
    ? [{ name: 'https', port: 443, protocol: 'TCP' }]
    : // QUIC has no private networks.
      endpoints[endpoint].filter(({ protocol }) => protocol === 'TCP' || spec.node.ipfs.swarmKey === undefined);

/** Who inside the cluster may use the endpoint by its Service: whoever the spec lets in, and the proxy. */
export const isServedInCluster = (spec: Spec, endpoint: ExposedName): boolean =>
  reachOf(spec, endpoint).cluster || (endpoint === 'gateway' && hasProxy(spec));

/** Someone an endpoint is open to. `read` reads the spec's own entry, so that what is made of it is traced to that very item. */
export type Source = { kind: 'internet' | 'cluster' | 'public' | 'private'; read: () => string };

/** Who can reach an endpoint: what the rules of the network security group, the Services and the NetworkPolicies are made of. */
export type Reach = {
  cluster: boolean;
  /** Reached through the public load balancer: the whole internet, or ranges of it. */
  external: Source[];
  /** Reached through an internal load balancer. */
  internal: Source[];
};

export function reachOf(spec: Spec, endpoint: ExposedName): Reach {
  const { from } = spec.network.expose[endpoint];
  const sources = Array.from(
    { length: from.length },
    (_, index): Source => ({ kind: kindOf(from[index] as string), read: () => from[index] as string }),
  );
  const internet = sources.find(({ kind }) => kind === 'internet');
  return {
    cluster: sources.some(({ kind }) => kind === 'cluster'),
    external: internet ? [internet] : sources.filter(({ kind }) => kind === 'public'),
    internal: sources.filter(({ kind }) => kind === 'private'),
  };
}

// RFC 1918 and the shared space of RFC 6598: nobody on the internet has such an address.
const privateSpace = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(certainRange);

function kindOf(source: string): Source['kind'] {
  if (source === 'internet' || source === 'cluster') return source;
  if (source.endsWith('/0')) return 'internet';
  const range = certainRange(source);
  return privateSpace.some((space) => includes(space, range)) ? 'private' : 'public';
}

export const isExternal = (spec: Spec): boolean =>
  endpointNames.some((name) => reachOf(spec, name).external.length > 0);
