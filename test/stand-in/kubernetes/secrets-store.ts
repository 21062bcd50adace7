import { parse } from 'yaml';
import { lastPart } from '../azure/arm-path.ts';
import type { Held, KubernetesObject } from '../cloud.ts';
import type { Pod } from './pods.ts';
import { neverReady, type Refusal } from './refusal.ts';
import type { ClusterView } from './view.ts';

type Parameters = { clientID?: string; keyvaultName?: string; tenantId?: string; objects?: string };
type VaultProperties = {
  enableRbacAuthorization?: boolean;
  publicNetworkAccess?: string;
  networkAcls?: { defaultAction?: string; virtualNetworkRules?: { id: string }[]; ipRules?: unknown[] };
};

const readers = ['Key Vault Secrets User', 'Key Vault Secrets Officer', 'Key Vault Administrator'];

/**
 * Whether a volume of Key Vault secrets could be mounted: the add-on, the class, the vault and its secrets, the
 * federation between service account and identity, the role, and the vault's firewall
 * (https://learn.microsoft.com/azure/aks/csi-secrets-store-identity-access). AKS is no trusted service of Key Vault, so
 * the nodes' subnet must be let in (https://learn.microsoft.com/azure/key-vault/general/overview-vnet-service-endpoints).
 */
export function checkSecretMount(
  view: ClusterView,
  workload: KubernetesObject,
  pod: Pod,
  className: string | undefined,
): void {
  const fail = (why: string): Refusal => neverReady(workload, `MountVolume.SetUp failed: ${why}`);
  const { namespace = '' } = workload.metadata;
  if (!view.hasAddon('azureKeyvaultSecretsProvider'))
    throw fail('driver name secrets-store.csi.k8s.io not found in the list of registered CSI drivers');
  const chosen = view.find('SecretProviderClass', className, namespace);
  if (!chosen) throw fail(`failed to get secretproviderclass ${namespace}/${className}, error: not found`);
  const { provider, parameters = {} } = chosen.spec as { provider?: string; parameters?: Parameters };
  if (provider !== 'azure') return;
  const { keyvaultName, clientID, tenantId } = parameters;
  const vault = view.world
    .all('azure-native:keyvault:Vault')
    .find((held) => lastPart(held.id).toLowerCase() === keyvaultName?.toLowerCase());
  if (!vault) throw fail(`no such host ${keyvaultName}.vault.azure.net`);
  if (tenantId !== view.world.account.tenantId) throw fail(`tenantId '${tenantId}' is not the vault's`);
  const identity = view.world
    .all('azure-native:managedidentity:UserAssignedIdentity')
    .find((held) => held.outputs.clientId === clientID);
  if (!identity) throw fail(`AADSTS700016: Application with identifier '${clientID}' was not found in the directory`);
  checkFederation(
    view,
    identity,
    `system:serviceaccount:${namespace}:${pod.spec.serviceAccountName ?? 'default'}`,
    fail,
  );
  checkFirewall(view, vault, fail);
  for (const name of objectNames(parameters.objects, fail)) checkSecret(view, vault, identity, name, fail);
}

type Fail = (why: string) => Refusal;

function checkFederation(view: ClusterView, identity: Held, subject: string, fail: Fail): void {
  const issuer = (view.cluster.outputs.oidcIssuerProfile as { issuerURL?: string } | undefined)?.issuerURL;
  const trusted = view.world.below(identity.id).some(({ inputs }) => {
    const audiences = (inputs.audiences ?? []) as string[];
    return inputs.issuer === issuer && inputs.subject === subject && audiences.includes('api://AzureADTokenExchange');
  });
  if (!trusted)
    throw fail(
      `AADSTS700213: No matching federated identity record found for presented assertion subject '${subject}' of issuer '${issuer}'`,
    );
}

function checkFirewall(view: ClusterView, vault: Held, fail: Fail): void {
  const { publicNetworkAccess = 'Enabled', networkAcls } = vault.inputs.properties as VaultProperties;
  if (publicNetworkAccess.toLowerCase() === 'disabled')
    throw fail(
      'Public network access is disabled and request is not from a trusted service nor via an approved private link. (Forbidden)',
    );
  if ((networkAcls?.defaultAction ?? 'Allow').toLowerCase() !== 'deny' || networkAcls?.ipRules?.length) return;
  const open = (networkAcls?.virtualNetworkRules ?? []).map(({ id }) => id.toLowerCase());
  const closed = (view.cluster.inputs.agentPoolProfiles ?? []).find(
    (pool) => !open.includes(pool.vnetSubnetID?.toLowerCase() ?? ''),
  );
  if (closed)
    throw fail(
      `Client address is not authorized and caller is not a trusted service: the subnet of node pool ${closed.name} is in no rule of the vault. (Forbidden)`,
    );
}

function checkSecret(view: ClusterView, vault: Held, identity: Held, name: string, fail: Fail): void {
  const id = `${vault.id}/secrets/${name}`;
  if (!view.world.get(id))
    throw fail(`SecretNotFound: A secret with (name/id) ${name} was not found in this key vault.`);
  const { enableRbacAuthorization, accessPolicies } = vault.inputs.properties as VaultProperties & {
    accessPolicies?: { objectId: string; permissions?: { secrets?: string[] } }[];
  };
  const { principalId } = identity.outputs as { principalId: string };
  const permitted = enableRbacAuthorization
    ? view.world.holds(principalId, readers, id)
    : (accessPolicies ?? []).some(
        (policy) =>
          policy.objectId === principalId && policy.permissions?.secrets?.some((right) => /^(get|all)$/i.test(right)),
      );
  if (!permitted)
    throw fail(
      `Caller is not authorized to perform action on resource. Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action' Resource: '${id}' (ForbiddenByRbac)`,
    );
}

/** `objects` is YAML text: an `array` of YAML texts. */
function objectNames(text: string | undefined, fail: Fail): string[] {
  try {
    const { array } = parse(text ?? '') as { array: string[] };
    return array
      .map((item) => parse(item) as { objectName: string; objectType: string })
      .flatMap(({ objectName, objectType }) => (objectType === 'secret' ? [objectName] : []));
  } catch {
    throw fail('failed to parse objects of the SecretProviderClass: it must be YAML with an array of YAML texts');
  }
}
