import type { Handle, Perhaps } from '../builder.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Cluster } from './cluster.ts';
import type { Context } from './context.ts';
import { collectsLogs } from './logs.ts';
import type { MetricsEndpoint } from './metrics-endpoint.ts';
import { nodeContainer } from './node-container.ts';
import { systemPoolName } from './node-pools.ts';
import { settingsFile, settingsScript } from './node-settings.ts';
import { confinedPod } from './pods.ts';
import { fileNames, type SecretsVolume } from './secrets-volume.ts';
import { nodeLabels } from './services.ts';
import { watch } from './watch.ts';

export const namespace = ({ plan, names }: Context, { provider }: Cluster): Handle =>
  plan.resource(
    'kubernetes:core/v1:Namespace',
    'namespace',
    'metadata.name',
    () => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: names.kubernetes,
        labels: { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/warn': 'restricted' },
      },
    }),
    () => ({ provider }),
  );

export type WorkloadParts = {
  namespace: Handle;
  claim: Perhaps<Handle>;
  publicIp: Perhaps<Handle>;
  identity: Perhaps<Handle>;
  federation: Perhaps<Handle>;
  secrets: Perhaps<SecretsVolume>;
  pullSecret: Perhaps<Handle>;
  metrics: Perhaps<MetricsEndpoint>;
  /** What must be in place before the pod starts, or it waits for it in vain. */
  grants: () => (Handle | undefined)[];
};

/** The node itself: one pod that keeps its data, set up by a script the image runs before the daemon. */
export function workload(context: Context, { provider }: Cluster, parts: WorkloadParts): Handle {
  const { spec, plan, names } = context;
  const inNamespace = parts.namespace.output('metadata.name');

  const serviceAccount = plan.resource(
    'kubernetes:core/v1:ServiceAccount',
    'service-account',
    'node',
    () => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: names.kubernetes,
        namespace: inNamespace,
        annotations: () => {
          const identity = parts.identity();
          return identity && { 'azure.workload.identity/client-id': identity.output('clientId') };
        },
      },
      automountServiceAccountToken: false,
    }),
    () => ({ provider }),
  );
  const settings = plan.resource(
    'kubernetes:core/v1:ConfigMap',
    'node-settings',
    'node.ipfs',
    () => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'node-settings', namespace: inNamespace },
      data: { [settingsFile]: () => settingsScript(spec, parts.publicIp()) },
    }),
    () => ({ provider }),
  );
  const pod = plan.resource(
    'kubernetes:apps/v1:StatefulSet',
    'node',
    'node',
    () => ({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: names.kubernetes, namespace: inNamespace, labels: nodeLabels(context) },
      spec: {
        // Two pods would fight for the disk, which only one node can hold.
        replicas: 1,
        serviceName: () => `${names.kubernetes()}-headless`,
        selector: { matchLabels: nodeLabels(context) },
        template: {
          metadata: {
            labels: () => ({
              ...nodeLabels(context),
              ...(parts.identity() && { 'azure.workload.identity/use': 'true' }),
            }),
            annotations: () => ({
              // Settings and secrets are read when the pod starts, so that other ones have to start it again.
              'perpetual.dev/settings': () =>
                fingerprint(JSON.stringify([settingsScript(spec, parts.publicIp()), ...fileNames(spec)])),
              ...parts.metrics()?.annotations,
            }),
          },
          spec: {
            serviceAccountName: serviceAccount.output('metadata.name'),
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 60,
            // The pool that is sized for it and stands in the disk's zone.
            nodeSelector: { 'kubernetes.io/os': 'linux', 'kubernetes.azure.com/agentpool': systemPoolName },
            // The user of the kubo image; its group owns the disk, which is root's when new.
            securityContext: confinedPod(1000, 100),
            imagePullSecrets: () => {
              const pullSecret = parts.pullSecret();
              return pullSecret && [{ name: pullSecret.output('metadata.name') }];
            },
            initContainers: () => {
              const writer = parts.secrets()?.writer;
              return writer && [writer as never];
            },
            containers: () => [
              nodeContainer(spec, parts.secrets),
              ...(collectsLogs(spec) ? [watch(spec)] : []),
              ...[parts.metrics()].flatMap((metrics) => (metrics ? [metrics.container as never] : [])),
            ],
            volumes: () => [
              {
                name: 'data',
                persistentVolumeClaim: { claimName: () => (parts.claim() as Handle).output('metadata.name') },
              },
              { name: 'settings', configMap: { name: settings.output('metadata.name'), defaultMode: 0o555 } },
              ...[parts.secrets()].flatMap((secrets) => (secrets ? [{ name: 'secrets', ...secrets.volume }] : [])),
              ...[parts.metrics()].flatMap((metrics) => (metrics?.volumes as never[]) ?? []),
            ],
          },
        },
      },
    }),
    () => ({ provider, dependsOn: [...parts.grants(), parts.federation()] }),
  );
  plan.resource(
    'kubernetes:policy/v1:PodDisruptionBudget',
    'disruption-budget',
    'node',
    () => ({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: names.kubernetes, namespace: inNamespace },
      spec: {
        // With one pod a stricter one would stop every upgrade of its node (UnsatisfiablePDB).
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: { matchLabels: nodeLabels(context) },
      },
    }),
    () => ({ provider }),
  );
  return pod;
}
