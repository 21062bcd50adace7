import type { Handle, Perhaps } from '../builder.ts';
import { secret, tenantId } from '../expr.ts';
import type { Spec } from '../spec/schema.ts';
import { type Context, tags } from './context.ts';

/** Is there anything the node must be given in secret? */
export const hasSecrets = (spec: Spec): boolean =>
  spec.secrets.items.length > 0 || spec.node.ipfs.swarmKey !== undefined;

export const needsVault = (spec: Spec): boolean =>
  spec.secrets.store === 'keyVault' && (hasSecrets(spec) || spec.secrets.vault.access.length > 0);

/** Does the node read the vault itself, one way or the other? */
export const readsVault = (spec: Spec): boolean => spec.secrets.store === 'keyVault' && hasSecrets(spec);

export const needsSecretsDriver = (spec: Spec): boolean => readsVault(spec) && spec.secrets.deliver === 'csi';

/** What the key of a private network is called among the secrets. */
export const swarmKeyName = 'ipfs-swarm-key';

export type Vault = {
  vault: Handle;
  /** What must be in place before the node can read: its grants, or where those are part of the vault, the secrets. */
  readable: Handle[];
};

/** The Key Vault with the secrets, and for the node the right to read each of them and nothing else. */
export function vault(
  context: Context,
  group: Handle,
  subnet: Handle,
  workloadIdentity: Perhaps<Handle>,
): Perhaps<Vault> {
  const { spec, plan, names, access } = context;
  return plan.when(
    () => needsVault(spec),
    () => {
      const handle = plan.resource(
        'azure-native:keyvault:Vault',
        'vault',
        'secrets.vault',
        () => ({
          resourceGroupName: group.output('name'),
          location: () => spec.azure.region,
          vaultName: names.vault,
          properties: {
            tenantId,
            sku: { family: 'A', name: () => spec.secrets.vault.sku },
            // Written out, because the SDK would fill in access policies, and then role assignments do nothing.
            enableRbacAuthorization: () => !usesPolicies(spec),
            accessPolicies: () => (usesPolicies(spec) ? accessPolicies(spec, workloadIdentity) : []),
            enableSoftDelete: true,
            softDeleteRetentionInDays: () => spec.secrets.vault.softDeleteDays,
            // Azure accepts true or nothing; false is refused, and true can't be taken back.
            enablePurgeProtection: () => (spec.metadata.stage === 'production' ? true : undefined),
            enabledForDeployment: false,
            enabledForDiskEncryption: false,
            enabledForTemplateDeployment: false,
            publicNetworkAccess: 'Enabled',
            networkAcls: {
              bypass: 'AzureServices',
              defaultAction: () => (spec.secrets.vault.network.default === 'deny' ? 'Deny' : 'Allow'),
              ipRules: () =>
                Array.from({ length: spec.secrets.vault.network.allow.length }, (_, index) => ({
                  value: () => spec.secrets.vault.network.allow[index] as string,
                })),
              virtualNetworkRules: [{ id: subnet.id }],
            },
          },
          tags: () => tags(context),
        }),
        () => ({ protect: spec.metadata.stage === 'production' || undefined }),
      );
      const keep = (
        name: () => string,
        origin: string,
        at: string,
        { from, expires }: { from: () => string; expires?: () => string | undefined },
      ): Handle =>
        plan.resource(
          'azure-native:keyvault:Secret',
          `secret-${name()}`,
          origin,
          () => ({
            resourceGroupName: group.output('name'),
            vaultName: handle.output('name'),
            secretName: name,
            properties: () => ({
              value: () => secret(from(), at),
              contentType: 'text/plain',
              attributes: {
                enabled: true,
                expires: () => {
                  const day = expires?.();
                  return day === undefined ? undefined : Date.parse(`${day}T00:00:00Z`) / 1000;
                },
              },
            }),
          }),
          // Azure would delete it through the vault's data plane, where the deployer has no rights and often no network.
          () => ({ retainOnDelete: true }),
        );
      const secrets = plan.each(
        () => spec.secrets.items,
        (item, index) =>
          keep(() => item.name, `secrets.items[${index}]`, `secrets.items[${index}].from`, {
            from: () => item.from,
            expires: () => item.expires,
          }),
      );
      const swarmKey = plan.when(
        () => spec.node.ipfs.swarmKey !== undefined,
        () =>
          keep(() => swarmKeyName, 'node.ipfs.swarmKey', 'node.ipfs.swarmKey', {
            from: () => spec.node.ipfs.swarmKey as string,
          }),
      );
      const reader = workloadIdentity();
      const grants =
        reader && !usesPolicies(spec)
          ? [...secrets, swarmKey()].flatMap((each) =>
              each
                ? access.grant({
                    who: 'node',
                    principalId: () => reader.output('principalId'),
                    principalType: () => 'ServicePrincipal',
                    role: () => 'Key Vault Secrets User',
                    where: each.name,
                    scope: each.id,
                    origin: 'secrets.items',
                  })
                : [],
            )
          : [];
      plan.each(
        () => spec.secrets.vault.access,
        (entry, index) => {
          if (entry.role === undefined) return;
          access.grant({
            who: entry.principal.toLowerCase(),
            principalId: () => entry.principal,
            principalType: () => entry.principalType,
            role: () => entry.role as string,
            where: 'vault',
            scope: handle.id,
            origin: `secrets.vault.access[${index}]`,
          });
        },
      );
      const kept = [...secrets, swarmKey()].flatMap((each) => each ?? []);
      return { vault: handle, readable: grants.length > 0 ? grants : kept };
    },
  );
}

/** One grant of permissions makes it a vault of access policies: Azure then asks those alone, and no role, who may read. */
export const usesPolicies = (spec: Spec): boolean =>
  grantsOf(spec).some(({ permissions }) => permissions !== undefined);

type Grant = Spec['secrets']['vault']['access'][number];

const grantsOf = ({ secrets: { vault } }: Spec): Grant[] =>
  Array.from({ length: vault.access.length }, (_, index) => vault.access[index] as Grant);

/** The node may get secrets; everybody else what the spec says. A principal has one policy: Azure takes no second one. */
function accessPolicies(spec: Spec, workloadIdentity: Perhaps<Handle>) {
  const reader = workloadIdentity();
  const permissions = new Map<string, { objectId: () => string; secrets: Map<string, () => string> }>();
  for (const grant of grantsOf(spec)) {
    if (grant.permissions === undefined) continue;
    const key = grant.principal.toLowerCase();
    const known = permissions.get(key) ?? { objectId: () => grant.principal, secrets: new Map() };
    const { permissions: granted } = grant;
    for (let index = 0; index < granted.length; index++)
      known.secrets.set(granted[index] as string, () => granted[index] as string);
    permissions.set(key, known);
  }
  return [
    ...(reader ? [{ tenantId, objectId: reader.output('principalId'), permissions: { secrets: ['get'] } }] : []),
    ...[...permissions.values()].map(({ objectId, secrets }) => ({
      tenantId,
      objectId,
      permissions: { secrets: [...secrets.values()] },
    })),
  ];
}
