import { readFileSync } from 'node:fs';
import type { TokenCredential } from '@azure/core-auth';
import {
  AzureCliCredential,
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  ManagedIdentityCredential,
} from '@azure/identity';
import { reasonOf, UsageError } from '../files.ts';
import { loginOf, type Way } from './login.ts';

/** Logs in the way a deployment does; nothing is asked for until a token is needed. */
export function credentialOf(env: NodeJS.ProcessEnv, subscription: string): TokenCredential {
  const { way, words, missing } = loginOf(env);
  if (missing.length > 0) throw new UsageError(`${words} needs ${missing.join(', ')}`, 3);
  try {
    return credentialBy(way, env, subscription);
  } catch (error) {
    // The library looks at what it is given, as the form of a tenant's id.
    throw new UsageError(`${words}: ${(error as Error).message.split('\n')[0]}`, 3);
  }
}

function credentialBy(way: Way, env: NodeJS.ProcessEnv, subscription: string): TokenCredential {
  const [client, tenant] = [env.ARM_CLIENT_ID ?? '', env.ARM_TENANT_ID ?? ''];
  switch (way) {
    case 'default':
      return new DefaultAzureCredential();
    case 'certificate':
      return new ClientCertificateCredential(tenant, client, {
        certificatePath: env.ARM_CLIENT_CERTIFICATE_PATH ?? '',
        ...(env.ARM_CLIENT_CERTIFICATE_PASSWORD && { certificatePassword: env.ARM_CLIENT_CERTIFICATE_PASSWORD }),
      });
    case 'secret':
      return new ClientSecretCredential(tenant, client, env.ARM_CLIENT_SECRET ?? '');
    case 'oidc':
      return new ClientAssertionCredential(tenant, client, () => assertionOf(env));
    case 'identity':
      return client === '' ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId: client });
    case 'cli':
      return new AzureCliCredential({ subscription, processTimeoutInMs: 30_000 });
  }
}

/** What a run of GitHub shows Azure instead of a secret: given, in a file, or asked for. */
export async function assertionOf(env: NodeJS.ProcessEnv): Promise<string> {
  if (env.ARM_OIDC_TOKEN) return env.ARM_OIDC_TOKEN;
  const file = env.ARM_OIDC_TOKEN_FILE_PATH;
  if (file) {
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (error) {
      throw new UsageError(`can't read "${file}" (ARM_OIDC_TOKEN_FILE_PATH): ${reasonOf(error)}`, 3);
    }
  }
  const url = new URL(env.ACTIONS_ID_TOKEN_REQUEST_URL ?? '');
  url.searchParams.set('audience', env.ARM_OIDC_AUDIENCE || 'api://AzureADTokenExchange');
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`, accept: 'application/json' },
  });
  const { value } = answer.ok ? ((await answer.json()) as { value?: unknown }) : {};
  if (typeof value === 'string') return value;
  throw new UsageError(`GitHub gives no token to log in with: it answers with ${answer.status}`, 3);
}
