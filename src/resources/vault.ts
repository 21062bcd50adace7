import type { Handle, Perhaps } from '../builder.ts';
import { secret, tenantId } from '../expr.ts';
import type { Spec } from '../spec/schema.ts';
import { type Context, tags } from './context.ts';

export const needsVault = (spec: Spec): boolean =>
  spec.secrets.store === 'keyVault' && (spec.secrets.items.length > 0 || spec.secrets.vault.access.length > 0);

export const needsSecretsDriver = (spec: Spec): boolean =>
  spec.secrets.store === 'keyVault' && spec.secrets.deliver === 'csi' && spec.secrets.items.length > 0;

export type Vault = { vault: Handle; grants: Handle[] };

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
            enableRbacAuthorization: true,
            accessPolicies: [],
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
      const secrets = plan.each(
        () => spec.secrets.items,
        (item, index) => {
          const name = item.name;
          return plan.resource(
            'azure-native:keyvault:Secret',
            `secret-${name}`,
            `secrets.items[${index}]`,
            () => ({
              resourceGroupName: group.output('name'),
              vaultName: handle.output('name'),
              secretName: () => item.name,
              properties: () => ({
                value: () => secret(item.from, `secrets.items[${index}].from`),
                contentType: 'text/plain',
                attributes: {
                  enabled: true,
                  expires: () =>
                    item.expires === undefined ? undefined : Date.parse(`${item.expires}T00:00:00Z`) / 1000,
                },
              }),
            }),
            // Azure would delete it through the vault's data plane, where the deployer has no rights and often no network.
            () => ({ retainOnDelete: true }),
          );
        },
      );
      const reader = workloadIdentity();
      const grants = reader
        ? secrets.map((each) =>
            access.grant({
              who: 'node',
              principalId: () => reader.output('principalId'),
              principalType: () => 'ServicePrincipal',
              role: () => 'Key Vault Secrets User',
              where: each.name,
              scope: each.id,
              origin: 'secrets.items',
            }),
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
      return { vault: handle, grants };
    },
  );
}
