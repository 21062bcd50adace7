import type { Perhaps } from '../builder.ts';
import type { Spec } from '../spec/schema.ts';
import { endpointNames, endpoints } from './exposure.ts';
import { settingsFile } from './node-settings.ts';
import { confined, mebibytes, sized } from './pods.ts';
import { type SecretsVolume, secretsPath } from './secrets-volume.ts';

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

/** The daemon with whatever the image runs beside it. */
export function nodeContainer(spec: Spec, secrets: Perhaps<SecretsVolume>) {
  const { node } = spec;
  return {
    name: 'node',
    image: () => node.image,
    imagePullPolicy: 'IfNotPresent',
    args: ['daemon', '--migrate=true', '--enable-gc'],
    env: () => [
      { name: 'IPFS_PATH', value: '/data/ipfs' },
      { name: 'GOMEMLIMIT', value: () => `${Math.floor(mebibytes(node.resources.memory) * 0.9)}MiB` },
      // Without its key such a node must not start at all, or it would be public.
      ...(node.ipfs.swarmKey === undefined ? [] : [{ name: 'LIBP2P_FORCE_PNET', value: '1' }]),
    ],
    ports: endpointNames.flatMap((endpoint) =>
      endpoints[endpoint].map(({ name, port, protocol }) => ({ name, containerPort: port, protocol })),
    ),
    resources: sized({ cpu: () => node.resources.cpu, memory: () => node.resources.memory }),
    securityContext: confined,
    // Why it ended is then in the pod's status, which a deployment that waits in vain tells of.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    // A new version may migrate the repository first, which takes minutes.
    startupProbe: { ...healthy, periodSeconds: 10, timeoutSeconds: 10, failureThreshold: 60 },
    livenessProbe: { ...healthy, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 5 },
    readinessProbe: { ...healthy, periodSeconds: 15, timeoutSeconds: 10, failureThreshold: 2 },
    volumeMounts: () => [
      { name: 'data', mountPath: '/data/ipfs' },
      // As a file of its own: images before kubo 0.39 overlook the links that a whole ConfigMap is mounted as.
      { name: 'settings', mountPath: `/container-init.d/${settingsFile}`, subPath: settingsFile, readOnly: true },
      ...(secrets() ? [{ name: 'secrets', mountPath: secretsPath, readOnly: true }] : []),
    ],
  };
}
