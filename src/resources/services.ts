import type { Handle, Perhaps } from '../builder.ts';
import type { ExposedName } from '../spec/sections/network.ts';
import type { Cluster } from './cluster.ts';
import type { Context } from './context.ts';
import { endpointNames, endpoints, hasProxy, isServedInCluster, outerPorts, reachOf } from './exposure.ts';
import { proxyLabels } from './gateway-proxy.ts';

export const nodeLabels = (context: Context) => ({ 'app.kubernetes.io/name': context.names.kubernetes });

/**
 * AKS's own load balancer asks each node over HTTP whether it has the pod, because the traffic policy is Local; two
 * failures five seconds apart take a node out (https://learn.microsoft.com/azure/aks/configure-load-balancer-standard).
 */
const probes = {
  'service.beta.kubernetes.io/azure-load-balancer-health-probe-interval': '5',
  'service.beta.kubernetes.io/azure-load-balancer-health-probe-num-of-probe': '2',
};

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
  const inCluster = (): ExposedName[] => endpointNames.filter((endpoint) => isServedInCluster(spec, endpoint));
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
    const isBehindProxy = () => endpoint === 'gateway' && hasProxy(spec);
    const loadBalanced = (sources: typeof external) => ({
      type: 'LoadBalancer' as const,
      // Keeps the peer's address, which NetworkPolicies judge and IPFS passes on; and only the node with the pod is sent to.
      externalTrafficPolicy: 'Local' as const,
      selector: () => (isBehindProxy() ? proxyLabels : nodeLabels(context)),
      ports: () =>
        outerPorts(spec, endpoint).map(({ name, port, protocol }) => ({ name, port, protocol, targetPort: name })),
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
              ...probes,
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
            ...base(`-${endpoint}-internal`, {
              ...probes,
              'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
            }),
            spec: loadBalanced(internal),
          }),
          () => ({ provider }),
        ),
    );
  }
}
