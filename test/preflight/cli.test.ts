import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Azure, cores, forbidden, startAzure, subscription, token } from '../support/azure.ts';
import { perpetual } from '../support/cli.ts';
import { expectGolden } from '../support/golden.ts';
import { folder } from '../support/specs.ts';

const file = 'specs/prod/perpetual-node.yaml';
const prod = readFileSync(file, 'utf8');
const usages = '/Microsoft.Compute/locations/eastus/usages';
let azure: Azure;

beforeAll(async () => {
  azure = await startAzure();
});
afterAll(() => azure.close());

async function asking(args: readonly string[], env: Record<string, string> = {}, cwd = process.cwd()) {
  const outcome = await perpetual(['preflight', ...args], { cwd, env: { ...azure.env, ...env } });
  expect(outcome.stdout + outcome.stderr).not.toContain(token);
  return outcome;
}

describe('perpetual preflight', () => {
  it('finds nothing wrong in a subscription in which all can be deployed', async () => {
    azure.become({});
    expect(await asking([])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'perpetual: dev: nothing found\nperpetual: prod: nothing found\n',
    });
  });

  it('shows what it finds at its line, and what could not be asked', async () => {
    azure.become({
      [usages]: cores([9, 10]),
      '/locations': forbidden('Microsoft.Resources/subscriptions/locations/read'),
    });
    const { code, stdout, stderr } = await asking(['prod']);
    expect(code).toBe(1);
    expect(stderr).toBe('perpetual: prod: 1 found, 1 question without an answer\n');
    expectGolden('test/goldens/preflight/prod.txt', stdout);
  });

  it('is printed as every check is, and fails on what it is told to', async () => {
    azure.become({ [usages]: cores([8, 10]) });
    const { code, stdout } = await asking(['prod', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: 1,
      findings: [{ code: 'preflight/quota-exceeded', severity: 'warning', file, path: 'cluster.nodePool.vmSize' }],
      summary: { errors: 0, warnings: 1 },
    });
    const compact = await asking([file, '-f', 'compact', '--fail-on', 'warning']);
    expect(compact.code).toBe(1);
    expect(compact.stdout).toMatch(
      /^specs\/prod\/perpetual-node.yaml:\d+:\d+: warning: .* \[preflight\/quota-exceeded\]\n$/,
    );
  });

  it('asks nothing about a spec that has errors of its own', async () => {
    azure.become({});
    const root = folder({ [file]: prod.replace('eastus', 'eastsu') });
    const { code, stdout } = await asking([], {}, root);
    expect(code).toBe(1);
    expect(stdout).toContain('error[spec/unknown-region]');
    expect(azure.asked()).toEqual([]);
  });

  it('prints the role that deploying takes, and asks nothing for it', async () => {
    azure.become({});
    const { code, stdout } = await asking(['prod', '--role']);
    expect(code).toBe(0);
    const role = JSON.parse(stdout);
    expect(role).toMatchObject({
      Name: 'perpetual deploy perpetual prod',
      AssignableScopes: [`/subscriptions/${subscription}`],
    });
    expect(role.Actions).toContain('Microsoft.ContainerService/managedClusters/write');
    expect(azure.asked()).toEqual([]);
    expect(await asking(['--role'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('one environment at a time'),
    });
  });

  it('exits with 3 when nobody is logged in, with the wrong login, or elsewhere', async () => {
    azure.become({});
    const bin = folder({ az: '' });
    writeFileSync(join(bin, 'az'), '#!/bin/sh\necho "Please run az login to setup account." >&2\nexit 1\n', {
      mode: 0o755,
    });
    const loggedOut = await asking(['prod'], { PATH: `${bin}:${process.env.PATH}` });
    expect(loggedOut).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('not logged in to Azure: '),
    });
    const other = '99999999-2222-3333-4444-555555555555';
    expect(await asking(['prod'], { ARM_SUBSCRIPTION_ID: other })).toMatchObject({ code: 3 });
    expect(await asking(['prod'], { ARM_USE_OIDC: 'true', ARM_CLIENT_ID: 'x' })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('needs ARM_TENANT_ID, ACTIONS_ID_TOKEN_REQUEST_URL'),
    });
    const secret = { ARM_CLIENT_ID: 'x', ARM_CLIENT_SECRET: 'of ada' };
    expect(await asking(['prod'], { ...secret, ARM_TENANT_ID: 'no tenant' })).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^perpetual: a service principal with a secret: Invalid tenant id/),
    });
    expect(azure.asked()).toEqual([]);
  });

  it('gives a token to nobody who can be overheard', async () => {
    for (const endpoint of ['http://127.0.0.1:1', 'nowhere'])
      expect(await asking(['prod'], { PERPETUAL_AZURE_ENDPOINT: endpoint })).toMatchObject({
        code: 2,
        stderr: `perpetual: PERPETUAL_AZURE_ENDPOINT is "${endpoint}"; expected an address with https://\n`,
      });
  });

  it('refuses what it can not use', async () => {
    expect(await asking(['--timeout', 'x'])).toMatchObject({ code: 2 });
    expect(await asking(['--json', '-f', 'sarif'])).toMatchObject({ code: 2 });
    expect(await asking(['nowhere'])).toMatchObject({ code: 2, stderr: expect.stringContaining('"nowhere"') });
  });
});
