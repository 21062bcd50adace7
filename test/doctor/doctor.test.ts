import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/doctor/doctor.ts';
import type { Line } from '../../src/doctor/line.ts';
import { settingLines } from '../../src/doctor/settings.ts';
import { perpetual } from '../support/cli.ts';
import { folder, leastSpec, specIn, withValue } from '../support/specs.ts';

const subscription = '11111111-2222-3333-4444-555555555555';
const project = {
  ...specIn('dev'),
  'Pulumi.yaml': 'name: test\nruntime: nodejs\n',
  'policies/PulumiPolicy.yaml': 'runtime: nodejs\n',
};

/** A machine with these programs and no other ones; each prints what is given. */
function machine(programs: Record<string, string>, files: Record<string, string> = project) {
  const root = folder(files);
  const bin = join(root, 'bin');
  mkdirSync(bin);
  for (const [name, prints] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho '${prints}'\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const home = join(root, 'home');
  mkdirSync(home);
  return { root, bin, home, env: { PATH: bin, HOME: home, CI: '', PULUMI_HOME: '', PULUMI_BACKEND_URL: '' } };
}

async function examined(
  { root, env }: ReturnType<typeof machine>,
  more: Record<string, string> = {},
): Promise<{ code: number | null; text: string; of: (what: string) => Line | undefined }> {
  const { code, stdout, stderr } = await perpetual(['doctor', '--json'], { cwd: root, env: { ...env, ...more } });
  expect(stderr).toBe('');
  const { lines, ok } = JSON.parse(stdout) as { lines: Line[]; ok: boolean };
  expect(ok).toBe(code === 0);
  return { code, text: stdout, of: (what) => lines.find((line) => line.what === what) };
}

const all = {
  pulumi: 'v3.260.0',
  'pulumi-language-nodejs': '',
  az: '{"azure-cli": "2.80.0"}',
  git: 'git version 2.51.0',
};

describe('doctor', () => {
  it('finds nothing missing on a machine that has it all, and makes nothing', async () => {
    const here = machine(all);
    mkdirSync(join(here.home, '.azure'));
    writeFileSync(
      join(here.home, '.azure', 'azureProfile.json'),
      `\uFEFF{"subscriptions": [{"id": "${subscription}"}]}`,
    );
    mkdirSync(join(here.home, '.pulumi', 'plugins', 'resource-azure-native-v3.28.0'), { recursive: true });
    const { code, of } = await examined(here);
    expect(code).toBe(0);
    expect(of('Pulumi engine')).toMatchObject({ state: 'ok', found: '3.260.0' });
    expect(of('az')).toMatchObject({ state: 'ok', found: '2.80.0' });
    expect(of('gh')).toMatchObject({ state: 'missing', fix: 'https://cli.github.com', needed: false });
    expect(of('provider azure-native')).toMatchObject({ state: 'ok', found: '3.28.0' });
    expect(of('provider kubernetes')).toMatchObject({
      state: 'note',
      fix: 'pulumi plugin install resource kubernetes 4.34.2',
    });
    expect(of('state')).toMatchObject({ state: 'ok', found: '.perpetual/state' });
    const { stdout } = await perpetual(['doctor'], { cwd: here.root, env: here.env });
    expect(stdout).toContain('nothing is missing');
    expect(stdout).toMatch(/^ {2}ok +login to Azure +the login of az$/m);
    // What only looks must not start a state.
    expect(() => symlinkSync('x', join(here.root, '.perpetual'))).not.toThrow();
  });

  it('says what is missing on one that has nothing, each with its fix', async () => {
    const here = machine({}, {});
    const { code, of } = await examined(here);
    expect(code).toBe(2);
    expect(of('Pulumi engine')).toMatchObject({ state: 'missing', fix: expect.stringContaining('3.256.0 or newer') });
    expect(of('project')).toMatchObject({ state: 'missing', fix: 'perpetual init' });
    expect(of('login to Azure')).toMatchObject({ state: 'missing' });
    expect(of('git')).toMatchObject({ state: 'missing', needed: false });
    const { stdout } = await perpetual(['doctor'], { cwd: here.root, env: here.env });
    expect(stdout).toContain('3 things to mend');
  });

  it('refuses an engine that is too old, one without its host, and one that does not start', async () => {
    const old = await examined(machine({ ...all, pulumi: 'v3.200.1' }));
    expect(old.of('Pulumi engine')).toMatchObject({ state: 'too old', found: '3.200.1' });
    const { 'pulumi-language-nodejs': _, ...alone } = all;
    expect((await examined(machine(alone))).of('Node.js host of the engine')).toMatchObject({ state: 'missing' });
    const broken = machine(all);
    writeFileSync(join(broken.bin, 'pulumi'), '#!/bin/sh\nexit 1\n');
    expect((await examined(broken)).of('Pulumi engine')).toMatchObject({
      state: 'missing',
      found: expect.stringContaining('does not start'),
    });
  });

  it('tells a login by its kind, and shows no secret', async () => {
    const here = machine(all);
    const principal = { ARM_CLIENT_ID: 'the-client', ARM_TENANT_ID: 'the-tenant' };
    const login = async (env: Record<string, string>) => {
      const { of, text } = await examined(here, env);
      expect(text).not.toContain('a-very-secret');
      return of('login to Azure');
    };
    expect(await login({ ...principal, ARM_CLIENT_SECRET: 'a-very-secret' })).toMatchObject({
      state: 'ok',
      found: 'a service principal with a secret',
    });
    expect(await login({ ARM_CLIENT_SECRET: 'a-very-secret' })).toMatchObject({
      state: 'missing',
      found: 'a service principal with a secret, without ARM_CLIENT_ID, ARM_TENANT_ID',
    });
    expect(await login({ ...principal, ARM_USE_OIDC: 'true' })).toMatchObject({
      state: 'missing',
      found: expect.stringContaining('ACTIONS_ID_TOKEN_REQUEST_URL'),
    });
    expect(await login({ ...principal, ARM_USE_OIDC: 'true', ARM_OIDC_TOKEN: 'a-very-secret' })).toMatchObject({
      state: 'ok',
    });
    expect(await login({ ARM_USE_MSI: 'true' })).toMatchObject({
      state: 'ok',
      found: expect.stringContaining('managed'),
    });
    expect(await login({})).toMatchObject({ state: 'missing', fix: 'az login' });
  });

  it('exits with 3 where only a login or a passphrase is missing', async () => {
    const here = machine(all);
    const azure = { ARM_USE_MSI: 'true' };
    expect((await examined(here, azure)).code).toBe(0);
    const cases: [Record<string, string>, string, string][] = [
      [{ PULUMI_BACKEND_URL: 'azblob://states' }, 'passphrase', 'not set, and dev needs it'],
      [{ PULUMI_BACKEND_URL: 'https://api.pulumi.com' }, 'state', 'https://api.pulumi.com'],
      [{ CI: 'true' }, 'state', 'the state would be lost with this runner'],
      [{ ARM_SUBSCRIPTION_ID: '99999999-2222-3333-4444-555555555555' }, 'dev', 'the login is for the subscription'],
    ];
    for (const [env, what, found] of cases) {
      const { code, of } = await examined(here, { ...azure, ...env });
      expect(of(what), what).toMatchObject({ state: 'missing', found: expect.stringContaining(found) });
      expect(code, what).toBe(3);
    }
    const token = await examined(here, {
      ...azure,
      PULUMI_BACKEND_URL: 'https://api.pulumi.com',
      PULUMI_ACCESS_TOKEN: 'pul-1',
    });
    expect(token.code).toBe(0);
    expect(token.text).not.toContain('pul-1');
  });

  it('asks for kubelogin where Entra guards the cluster', async () => {
    const text = withValue(leastSpec, ['cluster', 'api', 'adminGroups'], ['11111111-2222-3333-4444-666666666666']);
    const entra = await examined(machine(all, { ...project, ...specIn('dev', text) }), { ARM_USE_MSI: 'true' });
    expect(entra.of('dev')).toMatchObject({ state: 'missing', fix: 'az aks install-cli' });
    expect(entra.code).toBe(2);
  });
});

describe('settings', () => {
  it('are told with what they do, and those that nobody reads', () => {
    const lines = settingLines(
      { root: '.', env: { PERPETUAL_FROZEN: '1', PERPETUAL_FROSEN: '1', CI: 'true', GITHUB_ACTIONS: 'true' } },
      '2026-11-22',
    );
    expect(lines.map(({ what, state }) => `${what} ${state}`)).toEqual([
      'clock ok',
      'CI ok',
      'PERPETUAL_FROZEN ok',
      'PERPETUAL_FROSEN note',
    ]);
  });

  it('have a clock that is not before the catalog', () => {
    const [clock] = settingLines({ root: '.', env: {} }, '2020-01-01');
    expect(clock).toMatchObject({ state: 'too old', fix: expect.stringContaining('clock') });
    // Judging specs goes on: "--as-of" is there for it.
    expect(exitCodeOf([clock as Line])).toBe(0);
  });
});
