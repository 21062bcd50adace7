import type { Handle, Perhaps } from '../builder.ts';
import { secret, tenantId } from '../expr.ts';
import type { Spec } from '../spec/schema.ts';
import type { Cluster } from './cluster.ts';
import type { Context } from './context.ts';
import { azureCli } from './images.ts';
import { confined, sized } from './pods.ts';
import { hasSecrets, needsSecretsDriver, readsVault, swarmKeyName, type Vault } from './vault.ts';

/** Where the node finds its secrets, a file each. */
export const secretsPath = '/mnt/secrets';

/** The volume with the files, and the container that writes them, if it takes one. */
export type SecretsVolume = { volume: Record<string, unknown>; writer?: Record<string, unknown> };

const needsKubernetesSecret = (spec: Spec): boolean => spec.secrets.store === 'kubernetes' && hasSecrets(spec);
export const needsWriter = (spec: Spec): boolean => readsVault(spec) && spec.secrets.deliver === 'initContainer';

/**
 * How the secrets become files of the pod: through the secrets store driver, by a container that reads the vault once
 * before the node starts, or in development as a Kubernetes Secret.
 */
export function secretsVolume(
  context: Context,
  { provider }: Cluster,
  namespace: Handle,
  vault: Perhaps<Vault>,
  identity: Perhaps<Handle>,
): Perhaps<SecretsVolume> {
  const { spec, plan } = context;
  const metadata = { name: 'node-secrets', namespace: namespace.output('metadata.name') };
  const mounted = plan.when(
    () => needsSecretsDriver(spec),
    () => {
      const resource = plan.resource(
        'kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass',
        'secret-provider-class',
        'secrets',
        () => ({
          apiVersion: 'secrets-store.csi.x-k8s.io/v1',
          kind: 'SecretProviderClass',
          metadata,
          spec: {
            provider: 'azure' as const,
            parameters: {
              usePodIdentity: 'false',
              clientID: (identity() as Handle).output('clientId'),
              keyvaultName: (vault() as Vault).vault.output('name'),
              tenantId,
              objects: () => objects(spec),
            },
          },
        }),
        () => ({ provider }),
      );
      return {
        volume: {
          csi: {
            driver: 'secrets-store.csi.k8s.io',
            readOnly: true,
            volumeAttributes: { secretProviderClass: resource.output('metadata.name') },
          },
        },
      };
    },
  );
  const written = plan.when(
    () => needsWriter(spec),
    () => ({
      // In memory: nothing of it is ever on a disk. A secret has 25 KB at most.
      volume: { emptyDir: { medium: 'Memory', sizeLimit: '4Mi' } },
      writer: writer(spec, (vault() as Vault).vault),
    }),
  );
  const copied = plan.when(
    () => needsKubernetesSecret(spec),
    () => {
      const resource = plan.resource(
        'kubernetes:core/v1:Secret',
        'node-secrets',
        'secrets.items',
        () => ({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata,
          type: 'Opaque',
          stringData: () => ({
            ...Object.fromEntries(
              Array.from({ length: spec.secrets.items.length }, (_, index) => {
                const item = itemAt(spec, index);
                return [item.name, () => secret(item.from, `secrets.items[${index}].from`)];
              }),
            ),
            ...(spec.node.ipfs.swarmKey !== undefined && {
              [swarmKeyName]: () => secret(spec.node.ipfs.swarmKey as string, 'node.ipfs.swarmKey'),
            }),
          }),
        }),
        () => ({ provider }),
      );
      return { volume: { secret: { secretName: resource.output('metadata.name'), defaultMode: 0o440 } } };
    },
  );
  return () => mounted() ?? written() ?? copied();
}

const itemAt = (spec: Spec, index: number) => spec.secrets.items[index] as Spec['secrets']['items'][number];

/** The names of all files. */
export const fileNames = (spec: Spec): string[] => [
  ...Array.from({ length: spec.secrets.items.length }, (_, index) => itemAt(spec, index).name),
  ...(spec.node.ipfs.swarmKey === undefined ? [] : [swarmKeyName]),
];

/** The driver wants a YAML text of YAML texts. */
const objects = (spec: Spec): string =>
  ['array:', ...fileNames(spec).map((name) => `  - |\n    objectName: ${name}\n    objectType: secret\n`)].join('\n');

/** What it asks for before the node starts. */
export const writerFootprint = { cpu: '100m', memory: '512Mi' };

/** Logs in as the pod's identity, which the token that AKS puts into the pod stands for, and reads each secret once. */
const writer = (spec: Spec, vault: Handle) => ({
  name: 'secrets',
  image: azureCli,
  command: ['/bin/sh', '-c'],
  args: [
    () =>
      [
        'set -eu',
        'az login --service-principal --username "$AZURE_CLIENT_ID" --tenant "$AZURE_TENANT_ID" --federated-token "$(cat "$AZURE_FEDERATED_TOKEN_FILE")" --allow-no-subscriptions --output none',
        // A second try finds the files of the first, and the download overwrites none.
        `for name in ${fileNames(spec).join(' ')}; do`,
        `  rm -f "${secretsPath}/$name"`,
        `  az keyvault secret download --vault-name "$VAULT" --name "$name" --file "${secretsPath}/$name" --output none`,
        'done',
        '',
      ].join('\n'),
  ],
  env: [
    { name: 'VAULT', value: vault.output('name') },
    // The image has no home for this user.
    { name: 'HOME', value: '/tmp' },
    { name: 'AZURE_CONFIG_DIR', value: '/tmp/azure' },
    { name: 'AZURE_CORE_COLLECT_TELEMETRY', value: 'false' },
  ],
  resources: sized(writerFootprint),
  securityContext: confined,
  volumeMounts: [{ name: 'secrets', mountPath: secretsPath }],
});
