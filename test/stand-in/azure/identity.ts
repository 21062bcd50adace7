import type {
  FederatedIdentityCredentialArgs,
  UserAssignedIdentityArgs,
} from '@pulumi/azure-native/managedidentity/index.js';
import type { Properties, Resolved } from '../provider.ts';
import { badRequest, conflict } from './error.ts';
import { names } from './names.ts';
import { define } from './resource-type.ts';
import { guid, type World } from './world.ts';

export const userAssignedIdentity = define<UserAssignedIdentityArgs>({
  path: '{group}/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}',
  name: names.identity,
  lowerCaseGroup: true,
  replaceOn: ['location'],
  outputs: ({ world, id }) => identityOf(world, id),
});

/** The ids an identity gets; those of an identity made anew under the same name are others, so grants die with it. */
export function identityOf(world: World, id: string): { principalId: string; clientId: string; tenantId: string } {
  const generation = String(world.generation(id));
  return {
    principalId: guid('principal', id, generation),
    clientId: guid('client', id, generation),
    tenantId: world.account.tenantId,
  };
}

type Identity = { type?: string; userAssignedIdentities?: readonly string[] };

/** Identities a resource is given must exist: https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/create-upgrade-delete/failedidentityoperation */
export function checkIdentities(world: World, id: string, identity: Identity | undefined): void {
  for (const wanted of identity?.userAssignedIdentities ?? []) {
    if (world.get(wanted)) continue;
    throw badRequest(
      'FailedIdentityOperation',
      `Identity operation for resource '${id}' failed with error 'Failed to perform resource identity operation. Status: 'BadRequest'. Response: '{"error":{"code":"BadRequest","message":"Resource '${wanted}' was not found."}}'.`,
    );
  }
}

/** A list of identities goes in, a map comes out; an identity of the resource's own shows its principal. */
export function identityShown(
  world: World,
  id: string,
  identity: Identity | undefined,
  spelled: (id: string) => string = (id) => id,
): Properties | undefined {
  if (!identity) return undefined;
  const shown = (identity.userAssignedIdentities ?? []).map((wanted) => {
    const { principalId, clientId } = (world.get(wanted)?.outputs ?? {}) as { principalId?: string; clientId?: string };
    return [spelled(wanted), { principalId, clientId }];
  });
  const { principalId, tenantId } = identityOf(world, id);
  return {
    type: identity.type,
    ...(/system/i.test(identity.type ?? '') && { principalId, tenantId }),
    ...(shown.length > 0 && { userAssignedIdentities: Object.fromEntries(shown) }),
  };
}

const credentialType = 'azure-native:managedidentity:FederatedIdentityCredential';

/**
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations; one write at a time:
 * https://github.com/Azure/bicep-registry-modules/issues/1447
 */
export const federatedIdentityCredential = define<FederatedIdentityCredentialArgs>({
  path: '{group}/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}',
  name: names.federatedCredential,
  lowerCaseGroup: true,
  check({ world, id, inputs }) {
    if (inputs.audiences.length !== 1)
      throw badRequest(
        'BadRequest',
        `A federated identity credential has exactly one audience; ${inputs.audiences.length} are given.`,
      );
    if (!/^https:\/\/[^\s?#]+$/.test(inputs.issuer))
      throw badRequest('BadRequest', `The issuer '${inputs.issuer}' is not an https URL.`);
    if (!inputs.subject) throw badRequest('BadRequest', 'The subject must not be empty.');
    const identityId = id.slice(0, id.lastIndexOf('/federatedIdentityCredentials/'));
    const others = world
      .below(identityId)
      .filter((held) => held.type === credentialType && held.id.toLowerCase() !== id.toLowerCase());
    if (others.length >= 20)
      throw badRequest(
        'FederatedIdentityCredentialLimitReached',
        `The identity ${identityId} has 20 federated identity credentials already.`,
      );
    const twin = others.find(({ inputs: held }) => {
      const other = held as Resolved<FederatedIdentityCredentialArgs>;
      return other.issuer === inputs.issuer && other.subject === inputs.subject;
    });
    if (twin)
      throw conflict(
        'Conflict',
        `Issuer and subject combination already exists for this Managed Identity, in ${twin.id}.`,
      );
  },
  oneWriteAtATimeOn: {
    parent: (id) => id.slice(0, id.lastIndexOf('/federatedIdentityCredentials/')),
    code: 'ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity',
    message: (parent) =>
      `Too many Federated Identity Credentials are written concurrently for the managed identity '${parent}'. Concurrent Federated Identity Credentials writes under the same managed identity are not supported.`,
  },
});
