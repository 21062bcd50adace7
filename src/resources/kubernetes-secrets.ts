import type { Handle, Perhaps } from '../builder.ts';
import { base64, concat, type Expr, json, secret, tenantId } from '../expr.ts';
import type { Spec } from '../spec/schema.ts';
import { HoleRead } from '../spec/track.ts';
import type { Cluster } from './cluster.ts';
import type { Context } from './context.ts';
import { needsSecretsDriver, type Vault } from './vault.ts';

export type SecretsVolume = { resource: Handle; volume: Record<string, unknown> };

export const needsKubernetesSecret = (spec: Spec): boolean =>
  spec.secrets.store === 'kubernetes' && spec.secrets.items.length > 0;

/** How the secrets become files of the pod: through the secrets store driver, or in development as a Kubernetes Secret. */
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
        resource,
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
          stringData: () =>
            Object.fromEntries(
              Array.from({ length: spec.secrets.items.length }, (_, index) => {
                const item = spec.secrets.items[index] as Spec['secrets']['items'][number];
                return [item.name, () => secret(item.from, `secrets.items[${index}].from`)];
              }),
            ),
        }),
        () => ({ provider }),
      );
      return { resource, volume: { secret: { secretName: resource.output('metadata.name'), defaultMode: 0o440 } } };
    },
  );
  return () => mounted() ?? copied();
}

/** The driver wants a YAML text of YAML texts. */
function objects(spec: Spec): string {
  const items = Array.from(
    { length: spec.secrets.items.length },
    (_, index) => (spec.secrets.items[index] as Spec['secrets']['items'][number]).name,
  );
  return ['array:', ...items.map((name) => `  - |\n    objectName: ${name}\n    objectType: secret\n`)].join('\n');
}

const hosts = { ghcr: 'ghcr.io', dockerhub: 'https://index.docker.io/v1/' } as const;

/** The Secret the kubelet pulls a private image with. */
export function pullSecret({ spec, plan }: Context, { provider }: Cluster, namespace: Handle): Perhaps<Handle> {
  return plan.when(
    () => spec.registry !== undefined && spec.registry.kind !== 'acr',
    () =>
      plan.resource(
        'kubernetes:core/v1:Secret',
        'pull-secret',
        'registry',
        () => ({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'registry', namespace: namespace.output('metadata.name') },
          type: 'kubernetes.io/dockerconfigjson',
          stringData: () => ({ '.dockerconfigjson': () => dockerConfig(spec) }),
        }),
        () => ({ provider }),
      ),
  );
}

function dockerConfig({ registry }: Spec): Expr<string> {
  if (!registry || registry.kind === 'acr' || registry.username === undefined || registry.password === undefined)
    throw new HoleRead(); // refused elsewhere
  const username = /^(env|file):/.test(registry.username)
    ? secret(registry.username, 'registry.username')
    : registry.username;
  const password = secret(registry.password, 'registry.password');
  return json({
    auths: { [hosts[registry.kind]]: { username, password, auth: base64(concat(username, ':', password)) } },
  });
}
