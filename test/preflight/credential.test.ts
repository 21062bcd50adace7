import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertionOf, credentialOf } from '../../src/azure/credential.ts';
import { loginOf } from '../../src/azure/login.ts';
import { folder } from '../support/specs.ts';

const principal = { ARM_CLIENT_ID: '11111111-aaaa-2222-bbbb-333333333333', ARM_TENANT_ID: 'a-tenant' };
const kindOf = (env: Record<string, string>): string => credentialOf(env, 'a-subscription').constructor.name;

describe('a login', () => {
  it('is the one that a deployment takes: the first that is asked for', () => {
    const all = {
      ...principal,
      ARM_USE_DEFAULT_AZURE_CREDENTIAL: 'true',
      ARM_CLIENT_CERTIFICATE_PATH: join(folder({ 'a.pem': '' }), 'a.pem'),
      ARM_CLIENT_SECRET: 'a-secret',
      ARM_USE_OIDC: 'true',
      ARM_OIDC_TOKEN: 'a-token',
      ARM_USE_MSI: 'true',
    };
    const ways = [
      ['ARM_USE_DEFAULT_AZURE_CREDENTIAL', 'default', 'DefaultAzureCredential'],
      ['ARM_CLIENT_CERTIFICATE_PATH', 'certificate', 'ClientCertificateCredential'],
      ['ARM_CLIENT_SECRET', 'secret', 'ClientSecretCredential'],
      ['ARM_USE_OIDC', 'oidc', 'ClientAssertionCredential'],
      ['ARM_USE_MSI', 'identity', 'ManagedIdentityCredential'],
      ['', 'cli', 'AzureCliCredential'],
    ] as const;
    const left: Record<string, string> = { ...all };
    for (const [variable, way, kind] of ways) {
      expect(loginOf(left)).toMatchObject({ way, missing: [] });
      expect(kindOf(left)).toBe(kind);
      delete left[variable];
    }
  });

  it('says what it lacks, and with which exit code', () => {
    expect(() => kindOf({ ARM_CLIENT_SECRET: 'a-secret', ARM_TENANT_ID: 'x' })).toThrow(
      expect.objectContaining({ exitCode: 3, message: 'a service principal with a secret needs ARM_CLIENT_ID' }),
    );
  });
});

describe('what a run of GitHub shows Azure', () => {
  it('is given, or in a file', async () => {
    const file = join(folder({ token: 'from-a-file\n' }), 'token');
    expect(await assertionOf({ ARM_OIDC_TOKEN: 'given', ARM_OIDC_TOKEN_FILE_PATH: file })).toBe('given');
    expect(await assertionOf({ ARM_OIDC_TOKEN_FILE_PATH: file })).toBe('from-a-file');
    await expect(assertionOf({ ARM_OIDC_TOKEN_FILE_PATH: `${file}.not` })).rejects.toMatchObject({ exitCode: 3 });
  });

  it('is asked of GitHub for Azure, with the token of the run', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url, request.headers.authorization);
      response.statusCode = request.headers.authorization === 'Bearer of-the-run' ? 200 : 403;
      response.end(JSON.stringify({ value: 'for-azure' }));
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const env = {
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://localhost:${(server.address() as AddressInfo).port}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-run',
    };
    expect(await assertionOf(env)).toBe('for-azure');
    expect(asked[0]).toBe('/token?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange');
    const other = assertionOf({ ...env, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'another' });
    await expect(other).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining('answers with 403') });
    server.close();
  });
});
