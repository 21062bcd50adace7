import type { Handle, Perhaps } from '../builder.ts';
import type { Spec } from '../spec/schema.ts';
import type { Cluster } from './cluster.ts';
import type { Context } from './context.ts';
import { endpoints } from './exposure.ts';
import { traefik } from './images.ts';
import { confined, sized } from './pods.ts';

export const metricsFootprint = { cpu: '10m', memory: '64Mi' };
export const metricsPort = 9102;
const configPath = '/etc/perpetual-metrics';

export const hasMetrics = (spec: Spec): boolean => spec.monitoring?.metricsEndpoint === true;

export type MetricsEndpoint = {
  container: Record<string, unknown>;
  volumes: Record<string, unknown>[];
  annotations: Record<string, string>;
};

/**
 * The daemon's metrics for Prometheus. The daemon offers them on the port of its admin RPC only
 * (https://github.com/ipfs/kubo/blob/master/docs/metrics.md), so a proxy in the pod passes on this one path and no other.
 */
export function metricsEndpoint(
  { spec, plan }: Context,
  { provider }: Cluster,
  namespace: Handle,
): Perhaps<MetricsEndpoint> {
  return plan.when(
    () => hasMetrics(spec),
    () => {
      const routes = plan.resource(
        'kubernetes:core/v1:ConfigMap',
        'metrics-routes',
        'monitoring.metricsEndpoint',
        () => ({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'metrics-routes', namespace: namespace.output('metadata.name') },
          data: { 'routes.yaml': routesTo },
        }),
        () => ({ provider }),
      );
      return {
        container,
        volumes: [
          { name: 'metrics-routes', configMap: { name: routes.output('metadata.name') } },
          { name: 'metrics-tmp', emptyDir: {} },
        ],
        annotations: {
          'prometheus.io/scrape': 'true',
          'prometheus.io/port': String(metricsPort),
          'prometheus.io/path': '/metrics',
        },
      };
    },
  );
}

const container = {
  name: 'metrics',
  image: traefik,
  args: [
    '--global.checknewversion=false',
    '--global.sendanonymoususage=false',
    `--entrypoints.metrics.address=:${metricsPort}`,
    `--providers.file.directory=${configPath}`,
  ],
  ports: [{ name: 'metrics', containerPort: metricsPort, protocol: 'TCP' }],
  resources: sized(metricsFootprint),
  securityContext: { ...confined, readOnlyRootFilesystem: true },
  volumeMounts: [
    { name: 'metrics-routes', mountPath: configPath, readOnly: true },
    { name: 'metrics-tmp', mountPath: '/tmp' },
  ],
};

const routesTo = `http:
  routers:
    metrics:
      rule: Path(\`/metrics\`) && Method(\`GET\`)
      entryPoints: [metrics]
      middlewares: [metrics]
      service: daemon
  middlewares:
    metrics: { replacePath: { path: /debug/metrics/prometheus } }
  services:
    daemon:
      loadBalancer:
        servers: [{ url: "http://127.0.0.1:${endpoints.api[0].port}" }]
`;
