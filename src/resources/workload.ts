import type { Handle, Perhaps } from '../builder.ts';
import { concat } from '../expr.ts';
import type { Spec } from '../spec/schema.ts';
import type { Cluster } from './cluster.ts';
import type { Context } from './context.ts';
import { endpointNames, endpoints, reachOf } from './exposure.ts';
import type { SecretsVolume } from './kubernetes-secrets.ts';
import { systemPoolName } from './node-pools.ts';
import { nodeLabels } from './services.ts';

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
  claim: Handle;
  publicIp: Perhaps<Handle>;
  identity: Perhaps<Handle>;
  federation: Perhaps<Handle>;
  secrets: Perhaps<SecretsVolume>;
  pullSecret: Perhaps<Handle>;
  /** What must be in place before the pod starts, or it waits for it in vain. */
  grants: () => Handle[];
};

/** The node itself: one pod that keeps its data, set up by a script the image runs before the daemon. */
export function workload(context: Context, { provider }: Cluster, parts: WorkloadParts): void {
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
      data: { '001-settings.sh': () => settingsScript(spec, parts.publicIp()) },
    }),
    () => ({ provider }),
  );
  plan.resource(
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
          },
          spec: {
            serviceAccountName: serviceAccount.output('metadata.name'),
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            terminationGracePeriodSeconds: 60,
            // The pool that is sized for it and stands in the disk's zone.
            nodeSelector: { 'kubernetes.io/os': 'linux', 'kubernetes.azure.com/agentpool': systemPoolName },
            // The user of the kubo image; its group owns the disk, which is root's when new.
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 1000,
              runAsGroup: 100,
              fsGroup: 100,
              fsGroupChangePolicy: 'OnRootMismatch',
              seccompProfile: { type: 'RuntimeDefault' },
            },
            imagePullSecrets: () => {
              const pullSecret = parts.pullSecret();
              return pullSecret && [{ name: pullSecret.output('metadata.name') }];
            },
            containers: [container(spec, parts)],
            volumes: () => [
              { name: 'data', persistentVolumeClaim: { claimName: parts.claim.output('metadata.name') } },
              { name: 'settings', configMap: { name: settings.output('metadata.name'), defaultMode: 0o555 } },
              ...[parts.secrets()].flatMap((secrets) => (secrets ? [{ name: 'secrets', ...secrets.volume }] : [])),
            ],
          },
        },
      },
    }),
    () => ({ provider, dependsOn: [...parts.grants(), parts.federation()] }),
  );
}

const exec = (...command: string[]) => ({ exec: { command } });
// The admin RPC answers POST only, so a probe by HTTP would kill a healthy node. This asks the daemon for the empty folder,
// which every version has: the check of kubo's own image until 0.41; "diag healthy" exists from 0.42 on only.
const healthy = exec(
  'ipfs',
  '--api=/ip4/127.0.0.1/tcp/5001',
  'dag',
  'stat',
  '/ipfs/QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn',
);

function container(spec: Spec, { secrets }: WorkloadParts) {
  const { node } = spec;
  return {
    name: 'node',
    image: () => node.image,
    imagePullPolicy: 'IfNotPresent',
    args: ['daemon', '--migrate=true', '--enable-gc'],
    env: [
      { name: 'IPFS_PATH', value: '/data/ipfs' },
      { name: 'GOMEMLIMIT', value: () => `${Math.floor(mebibytes(node.resources.memory) * 0.9)}MiB` },
    ],
    ports: endpointNames.flatMap((endpoint) =>
      endpoints[endpoint].map(({ name, port, protocol }) => ({ name, containerPort: port, protocol })),
    ),
    resources: {
      requests: { cpu: () => node.resources.cpu, memory: () => node.resources.memory },
      limits: { memory: () => node.resources.memory },
    },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    // A new version may migrate the repository first, which takes minutes.
    startupProbe: { ...healthy, periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 60 },
    livenessProbe: { ...healthy, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 5 },
    readinessProbe: { ...healthy, periodSeconds: 15, timeoutSeconds: 10, failureThreshold: 2 },
    volumeMounts: () => [
      { name: 'data', mountPath: '/data/ipfs' },
      { name: 'settings', mountPath: '/container-init.d', readOnly: true },
      ...(secrets() ? [{ name: 'secrets', mountPath: '/mnt/secrets', readOnly: true }] : []),
    ],
  };
}

export const mebibytes = (quantity: string): number =>
  Number.parseInt(quantity, 10) * (quantity.endsWith('Gi') ? 1024 : 1);

/** What garbage collection keeps below: as written, else three quarters of the disk. */
export const storageMaxGiB = (spec: Spec): number =>
  spec.node.ipfs.storageMaxGiB ?? Math.max(1, Math.floor(spec.storage.data.sizeGiB * 0.75));

/** kubo's image runs every script of /container-init.d before the daemon. */
function settingsScript(spec: Spec, publicIp: Handle | undefined) {
  const { profile } = spec.node.ipfs;
  const lines = [
    '#!/bin/sh',
    'set -eu',
    ...(profile === 'default' ? [] : [`ipfs config profile apply ${profile}`]),
    `ipfs config Datastore.StorageMax ${storageMaxGiB(spec)}GiB`,
    `ipfs config --json Swarm.ResourceMgr.MaxMemory '"${Math.floor(mebibytes(spec.node.resources.memory) / 2)}MiB"'`,
    'ipfs config Addresses.API /ip4/0.0.0.0/tcp/5001',
    'ipfs config Addresses.Gateway /ip4/0.0.0.0/tcp/8080',
  ];
  if (!publicIp || reachOf(spec, 'swarm').external.length === 0) return `${lines.join('\n')}\n`;
  // Behind a load balancer the daemon sees private addresses only and would announce nothing anybody can reach.
  const ip = publicIp.output('ipAddress');
  return concat(
    `${lines.join('\n')}\nipfs config --json Addresses.AppendAnnounce '["/ip4/`,
    ip,
    '/tcp/4001", "/ip4/',
    ip,
    `/udp/4001/quic-v1"]'\n`,
  );
}
