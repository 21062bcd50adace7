import type { Handle } from '../builder.ts';
import type { Cluster } from './cluster.ts';
import type { Context } from './context.ts';
import { endpointNames, endpoints, hasProxy, isServedInCluster, reachOf } from './exposure.ts';
import { proxyLabels, proxyPort } from './gateway-proxy.ts';
import { hasMetrics, metricsPort } from './metrics-endpoint.ts';
import { nodeLabels } from './services.ts';

/** Inside the cluster the same exposure holds: everything is closed but what `expose` opens, and nothing asks for the nodes' credentials. */
export function networkPolicies(context: Context, { provider }: Cluster, namespace: Handle): void {
  const { spec, plan } = context;
  const policy = (name: string, origin: string, body: () => Record<string, unknown>) =>
    plan.resource(
      'kubernetes:networking.k8s.io/v1:NetworkPolicy',
      `network-policy-${name}`,
      origin,
      () => ({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name, namespace: namespace.output('metadata.name') },
        spec: body() as never,
      }),
      () => ({ provider }),
    );
  policy('deny-ingress', 'network.expose', () => ({ podSelector: {}, policyTypes: ['Ingress'] }));
  for (const endpoint of endpointNames) {
    plan.when(
      () => {
        const { external, internal } = reachOf(spec, endpoint);
        return isServedInCluster(spec, endpoint) || external.length + internal.length > 0;
      },
      () =>
        policy(`allow-${endpoint}`, `network.expose.${endpoint}`, () => ({
          podSelector: { matchLabels: nodeLabels(context) },
          policyTypes: ['Ingress'],
          ingress: [
            {
              ports: endpoints[endpoint].map(({ port, protocol }) => ({ port, protocol })),
              from: () =>
                endpoint === 'gateway' && hasProxy(spec)
                  ? [
                      { podSelector: { matchLabels: proxyLabels } },
                      ...(reachOf(spec, endpoint).cluster ? [{ namespaceSelector: {} }] : []),
                    ]
                  : peers(context, endpoint),
            },
          ],
        })),
    );
  }
  plan.when(
    () => hasProxy(spec),
    () =>
      policy('allow-https', 'network.expose.gateway', () => ({
        podSelector: { matchLabels: proxyLabels },
        policyTypes: ['Ingress'],
        ingress: [{ ports: [{ port: proxyPort, protocol: 'TCP' }], from: () => peers(context, 'gateway') }],
      })),
  );
  plan.when(
    () => hasMetrics(spec),
    () =>
      policy('allow-metrics', 'monitoring.metricsEndpoint', () => ({
        podSelector: { matchLabels: nodeLabels(context) },
        policyTypes: ['Ingress'],
        ingress: [{ ports: [{ port: metricsPort, protocol: 'TCP' }], from: [{ namespaceSelector: {} }] }],
      })),
  );
  policy('limit-egress', 'node', () => ({
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [
      // The instance metadata service hands the nodes' identities to whoever asks.
      { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } }] },
      { to: [{ namespaceSelector: {} }] },
    ],
  }));
}

/** Nobody named means everybody: a range would not contain the pods of the cluster. */
function peers({ spec }: Context, endpoint: (typeof endpointNames)[number]) {
  const { cluster, external, internal } = reachOf(spec, endpoint);
  if (external[0]?.kind === 'internet') return undefined;
  const ranges = [...external, ...internal].map(({ read }) => ({ ipBlock: { cidr: read } }));
  return [...ranges, ...(cluster ? [{ namespaceSelector: {} }] : [])];
}
