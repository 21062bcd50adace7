import type { Handle, Perhaps } from '../builder.ts';
import type { ExposedName } from '../spec/sections/network.ts';
import type { Cluster } from './cluster.ts';
import type { Context } from './context.ts';
import { endpointNames, endpoints, reachOf } from './exposure.ts';

export const nodeLabels = (context: Context) => ({ 'app.kubernetes.io/name': context.names.kubernetes });

/** The Services: one without address for the StatefulSet, one for the cluster, and one for each endpoint and load balancer. */
export function services(
  context: Context,
  { provider }: Cluster,
  group: Handle,
  namespace: Handle,
  publicIp: Perhaps<Handle>,
): void {
  const { spec, plan, names } = context;
  const base = (suffix: string, annotations: Record<string, unknown> = {}) => ({
    apiVersion: 'v1' as const,
    kind: 'Service' as const,
    metadata: {
      name: () => names.kubernetes() + suffix,
      namespace: namespace.output('metadata.name'),
      labels: nodeLabels(context),
      ...(Object.keys(annotations).length > 0 && { annotations: annotations as Record<string, string> }),
    },
  });
  const ports = (endpoint: ExposedName) =>
    endpoints[endpoint].map(({ name, port, protocol }) => ({ name, port, protocol, targetPort: name }));

  plan.resource(
    'kubernetes:core/v1:Service',
    'service-headless',
    'node',
    () => ({
      ...base('-headless'),
      spec: {
        clusterIP: 'None',
        publishNotReadyAddresses: true,
        selector: nodeLabels(context),
        ports: endpointNames.flatMap(ports),
      },
    }),
    () => ({ provider }),
  );
  const inCluster = (): ExposedName[] => endpointNames.filter((endpoint) => reachOf(spec, endpoint).cluster);
  plan.when(
    () => inCluster().length > 0,
    () =>
      plan.resource(
        'kubernetes:core/v1:Service',
        'service-cluster',
        'network.expose',
        () => ({
          ...base(''),
          spec: { type: 'ClusterIP', selector: nodeLabels(context), ports: () => inCluster().flatMap(ports) },
        }),
        () => ({ provider }),
      ),
  );
  for (const endpoint of endpointNames) {
    const external = () => reachOf(spec, endpoint).external;
    const internal = () => reachOf(spec, endpoint).internal;
    const loadBalanced = (sources: typeof external) => ({
      type: 'LoadBalancer' as const,
      // Keeps the peer's address, which NetworkPolicies judge and IPFS passes on; and only the node with the pod is sent to.
      externalTrafficPolicy: 'Local' as const,
      selector: nodeLabels(context),
      ports: ports(endpoint),
      loadBalancerSourceRanges: () =>
        sources()[0]?.kind === 'internet' ? undefined : sources().map(({ read }) => read),
    });
    plan.when(
      () => external().length > 0,
      () =>
        plan.resource(
          'kubernetes:core/v1:Service',
          `service-${endpoint}`,
          `network.expose.${endpoint}`,
          () => ({
            ...base(`-${endpoint}`, {
              'service.beta.kubernetes.io/azure-load-balancer-resource-group': group.output('name'),
              'service.beta.kubernetes.io/azure-pip-name': (publicIp() as Handle).output('name'),
            }),
            spec: loadBalanced(external),
          }),
          () => ({ provider }),
        ),
    );
    plan.when(
      () => internal().length > 0,
      () =>
        plan.resource(
          'kubernetes:core/v1:Service',
          `service-${endpoint}-internal`,
          `network.expose.${endpoint}`,
          () => ({
            ...base(`-${endpoint}-internal`, { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' }),
            spec: loadBalanced(internal),
          }),
          () => ({ provider }),
        ),
    );
  }
}
