import type { Handle, Perhaps } from '../builder.ts';
import { base64, concat, type Expr, json, secret } from '../expr.ts';
import type { Spec } from '../spec/schema.ts';
import { HoleRead } from '../spec/track.ts';
import type { Cluster } from './cluster.ts';
import { type Context, tags } from './context.ts';

const hosts = { ghcr: 'ghcr.io', dockerhub: 'https://index.docker.io/v1/' } as const;

/** The Secret the kubelet pulls a private image with. */
export const pullSecret = ({ spec, plan }: Context, { provider }: Cluster, namespace: Handle): Perhaps<Handle> =>
  plan.when(
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

/** The registry of the spec: as named, else the one the image is in; undefined when neither tells. */
export const registryName = ({ registry, node }: Spec): string | undefined =>
  registry?.name ?? /^([a-zA-Z0-9]{5,50})\.azurecr\.io\//.exec(node.image)?.[1];

/** An Azure Container Registry, and for the nodes the right to pull from it: they need no password. */
export function containerRegistry(context: Context, group: Handle, { cluster }: Cluster): Perhaps<Handle> {
  const { spec, plan, access } = context;
  const name = (): string => {
    const known = registryName(spec);
    if (known === undefined) throw new HoleRead(); // refused elsewhere
    return known;
  };
  const made = plan.when(
    () => spec.registry?.kind === 'acr' && spec.registry.create !== false,
    () =>
      plan.resource(
        'azure-native:containerregistry:Registry',
        'registry',
        'registry',
        () => ({
          resourceGroupName: group.output('name'),
          location: () => spec.azure.region,
          registryName: name,
          sku: { name: () => spec.registry?.sku ?? 'Basic' },
          // A password for everybody; the nodes have an identity.
          adminUserEnabled: false,
          anonymousPullEnabled: false,
          networkRuleBypassOptions: 'AzureServices',
          publicNetworkAccess: 'Enabled',
          zoneRedundancy: 'Disabled',
          tags: () => tags(context),
        }),
        () => ({ protect: spec.metadata.stage === 'production' || undefined }),
      ),
  );
  return plan.when(
    () => spec.registry?.kind === 'acr',
    () =>
      access.grant({
        who: 'nodes',
        // The kubelet's own identity pulls, not the cluster's.
        principalId: () => cluster.output('identityProfile.kubeletidentity.objectId'),
        principalType: () => 'ServicePrincipal',
        role: () => 'AcrPull',
        where: 'registry',
        scope: () =>
          made()?.id ??
          concat(
            `/subscriptions/${spec.azure.subscription}/resourceGroups/`,
            spec.registry?.resourceGroup ?? group.output('name'),
            `/providers/Microsoft.ContainerRegistry/registries/${name()}`,
          ),
        origin: 'registry',
      }),
  );
}
