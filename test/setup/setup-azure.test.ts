import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { permissionsOf } from '../../src/catalog/permissions.ts';
import { perpetual } from '../support/cli.ts';
import { expectGolden } from '../support/golden.ts';
import { git, repository } from '../support/repository.ts';

const specs = Object.fromEntries(
  ['dev', 'prod'].map((name) => {
    const file = `specs/${name}/perpetual-node.yaml`;
    return [file, readFileSync(file, 'utf8')];
  }),
);
const secrets = {
  PULUMI_CONFIG_PASSPHRASE: 'a passphrase',
  IPFS_PRIVATE_KEY: 'a private key',
  NODE_GITHUB_TOKEN: 'a token',
};

/** A folder for PATH with stand-ins for both programs, and the file that is their world. */
function clouds() {
  const folder = mkdtempSync(join(tmpdir(), 'perpetual-setup-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const name of ['az', 'gh']) {
    const script = join(bin, name);
    writeFileSync(
      script,
      `#!/bin/sh\nexec "${process.execPath}" "${resolve('test/stand-in/setup')}/${name}.ts" "$@"\n`,
    );
    chmodSync(script, 0o755);
  }
  const world = join(folder, 'world.json');
  const env = { ...secrets, PATH: `${bin}:${process.env.PATH}`, STANDIN_WORLD: world };
  return { env, world: () => JSON.parse(readFileSync(world, 'utf8')), log: () => readFileSync(`${world}.log`, 'utf8') };
}

const root = repository(specs, {});
const setup = (cwd: string, env: Record<string, string>, ...args: string[]) =>
  perpetual(['setup', 'azure', '--repo', 'example/node', ...args], { cwd, env });

/** One setup from nothing, which most tests look at. */
const shared = clouds();
const first = setup(root, shared.env, '--apply', '--reviewer', 'ada');

describe('setup azure --apply', () => {
  it('makes everything, and the second time finds it all', async () => {
    expect(await first).toMatchObject({ code: 0, stdout: '' });
    const { env, world } = shared;
    const made = world();
    expectGolden(
      'test/goldens/setup/world.json',
      `${JSON.stringify({ ...made, secrets: Object.keys(made.secrets) }, null, 2)}\n`,
    );
    expect(made.secrets).toMatchObject({
      'production/IPFS_PRIVATE_KEY': 'a private key',
      'dev/PULUMI_CONFIG_PASSPHRASE': 'a passphrase',
    });
    const second = await setup(root, env, '--apply', '--reviewer', 'ada');
    expect(second.code).toBe(0);
    expect(world()).toEqual(made);
    expect(second.stderr).toContain('was there: ');
  });

  it('knows GitHub in both forms of its subject', async () => {
    await first;
    expect(Object.values(shared.world().identities['perpetual-prod-deploy-id'].credentials)).toEqual([
      'repo:example/node:environment:production',
      'repo:example@123/node@456:environment:production',
    ]);
  });

  it('widens the role when a spec needs more, and holds it to the roles of its plan', async () => {
    const { env, world } = clouds();
    await setup(root, env, '--apply');
    const before = world();
    const more = repository(
      {
        ...specs,
        'specs/prod/perpetual-node.yaml': `${specs['specs/prod/perpetual-node.yaml']}`.replace(
          'storage:\n',
          'storage:\n  backups: { enabled: true }\n',
        ),
      },
      {},
    );
    await setup(more, env, '--apply');
    const after = world();
    const name = 'perpetual deploy perpetual prod';
    expect(after.roles[name].Actions).toContain('Microsoft.DataProtection/backupVaults/write');
    expect(before.roles[name].Actions).not.toContain('Microsoft.DataProtection/backupVaults/write');
    expect(after.providers).toContain('Microsoft.DataProtection');
    const conditionIn = (all: { role: string; condition: string }[]) =>
      all.filter(({ role }) => role === name).map(({ condition }) => condition);
    expect(conditionIn(after.assignments)).toHaveLength(1);
    expect(conditionIn(after.assignments)[0]?.length).toBeGreaterThan(conditionIn(before.assignments)[0]?.length ?? 0);
  });

  it('goes without reviewers where GitHub has none, and says so', async () => {
    const { env, world } = clouds();
    const { code, stderr } = await setup(root, { ...env, STANDIN_PLAN: 'free' }, '--apply', '--reviewer', 'ada');
    expect(code).toBe(0);
    expect(stderr).toContain(
      'left out: production waits five minutes, and for a reviewer (reviewers and timers need a public repository or GitHub Enterprise)',
    );
    expect(world().environments.production).toEqual({
      deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
    });
  });

  it('shows no secret to anybody who looks at the processes', async () => {
    const { stdout, stderr } = await first;
    for (const secret of Object.values(secrets)) expect(`${shared.log()}${stdout}${stderr}`).not.toContain(secret);
  });

  it('stops where a step fails, and goes on from there', async () => {
    const { env, world } = clouds();
    const failed = await setup(root, { ...env, STANDIN_FAIL: 'identity create' }, '--apply', '--reviewer', 'ada');
    expect(failed.code).toBe(4);
    expect(failed.stderr.split('\n').at(-2)).toBe(
      'perpetual: the identity perpetual-dev-deploy-id: "az identity create --name" says "ERROR: (TooManyRequests) try again later"; run it again, what is done stays',
    );
    expect((await setup(root, env, '--apply', '--reviewer', 'ada')).code).toBe(0);
    await first;
    expect(world()).toEqual(shared.world());
  });

  it.each([
    [
      { IPFS_PRIVATE_KEY: '' },
      [],
      2,
      'the setup needs the variable IPFS_PRIVATE_KEY, whose values become secrets of GitHub',
    ],
    [{ PATH: '/nowhere' }, [], 2, '"gh" is not on PATH'],
    [{}, ['--repo', 'node'], 2, '"--repo" is given more than once'],
  ])('refuses %j %j', async (env, args, code, reason) => {
    const { env: known } = clouds();
    const outcome = await setup(root, { ...known, ...env }, '--apply', ...args);
    expect(outcome).toMatchObject({ code, stderr: `perpetual: ${reason}\n` });
  });
});

describe('setup azure', () => {
  it('prints a script that makes the same', async () => {
    const { stdout } = await setup(root, {}, '--reviewer', 'ada');
    expectGolden('test/goldens/setup/setup.sh', stdout);
    const byHand = clouds();
    await first;
    for (const _ of [1, 2])
      execFileSync('bash', ['-c', stdout], { stdio: 'pipe', env: { ...process.env, ...byHand.env } });
    expect(byHand.world()).toEqual(shared.world());
  });

  it('knows the repository by its origin', async () => {
    const own = repository(specs, {});
    const script = async () => perpetual(['setup', 'azure'], { cwd: own });
    expect(await script()).toMatchObject({
      code: 2,
      stderr: 'perpetual: git\'s "origin" is not on GitHub; name the repository with "--repo OWNER/NAME"\n',
    });
    git(own, 'remote', 'add', 'origin', 'git@github.com:example/other.git');
    expect((await script()).stdout).toContain('repo:example/other:environment:dev');
    git(own, 'remote', 'set-url', 'origin', 'https://github.com/example/third');
    expect((await script()).stdout).toContain('repo:example/third:environment:dev');
  });

  it('has a permission for every type that a plan can have', () => {
    const tokens = [...readFileSync('src/plan.ts', 'utf8').matchAll(/'(azure-native:\w+:\w+)'/g)].map(
      ([, token]) => token as string,
    );
    expect(tokens.length).toBeGreaterThan(30);
    expect(tokens.filter((token) => permissionsOf(token) === undefined)).toEqual([]);
  });

  it('says which spec must be mended first', async () => {
    const broken = repository({ 'specs/dev/perpetual-node.yaml': 'kind: PerpetualNode\n' }, {});
    expect(await setup(broken, {})).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('specs/dev/perpetual-node.yaml'),
    });
  });
});

describe.each([
  ['setup', 'setup azure'],
  ['preview', 'preview'],
  ['deploy', 'up'],
  ['destroy', 'destroy'],
])('scripts/%s.sh', (name, command) => {
  it(`is "perpetual ${command}" with whatever is given to it`, () => {
    const bin = mkdtempSync(join(tmpdir(), 'perpetual-npx-'));
    writeFileSync(join(bin, 'npx'), '#!/bin/sh\nprintf "%s|" "$@"\nexit 7\n', { mode: 0o755 });
    const { stdout, status } = spawnSync(`scripts/${name}.sh`, ['dev', 'two words'], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
    });
    expect([stdout, status]).toEqual([`perpetual|${command.replace(' ', '|')}|dev|two words|`, 7]);
  });
});
