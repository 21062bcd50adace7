import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudOf, engineNote, eventsIn, marks, newProject, noEngine, type Project } from '../support/engine.ts';
import { leaksIn, textsOf } from '../support/invariants.ts';

const prod = readFileSync('specs/prod/perpetual-node.yaml', 'utf8');
/** An edit of the disk, and one of the cluster, after which what it issues is unknown in a preview. */
const larger = prod.replace('sizeGiB: 8', 'sizeGiB: 16').replace('tier: Free', 'tier: Free\n  imageCleanerHours: 168');

describe.skipIf(noEngine)(`an environment by the verbs, with nothing set up${engineNote}`, () => {
  let project: Project;
  const said: string[] = [];
  let wayIn: string;
  const run = async (...args: string[]) => {
    const outcome = await project.perpetual(args, { env: marks });
    said.push(outcome.stdout, outcome.stderr);
    return outcome;
  };
  beforeAll(async () => {
    project = await newProject();
  });
  afterAll(() => project?.close());

  it('asks before it deploys, and where nobody can be asked it does not', async () => {
    const { code, stderr } = await run('up', 'prod');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^perpetual: nobody can be asked here/),
    });
  });

  it('deploys what was previewed, and writes down how', async () => {
    const { code, stdout, stderr } = await run('up', 'prod', '--yes', '--events', 'events.jsonl');
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(
      /^prod: 37 to create\n {2}create .* and 29 more\n {2}0\.00 -> 95\.31 USD\/month \(\+95\.31\)\n/,
    );
    expect(stdout).toMatch(/policies: all satisfied \(perpetual \d/);
    expect(stdout).toMatch(/\n\nprod: 37 created\n$/);
    expect(stderr).toContain('prod: created cluster (');
    const events = eventsIn(project, 'events.jsonl');
    expect(
      events.find(({ event, verb, name }) => event === 'started' && verb === 'up' && name === 'cluster'),
    ).toMatchObject({
      environment: 'prod',
      operation: 'create',
      waiting: expect.any(Number),
    });
    expect(events.at(-1)).toMatchObject({ event: 'end', verb: 'up', exitCode: 0 });
  });

  it('keeps the state to itself, and out of git', () => {
    const own = join(project.root, '.perpetual');
    expect(statSync(own).mode & 0o777).toBe(0o700);
    expect(statSync(join(own, 'passphrase')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(own, '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('has nothing to do the second time, and starts nothing', async () => {
    const { code, stdout, stderr } = await run('up', 'prod', '--yes');
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(
      /^prod: no changes, 37 unchanged\n {2}95\.31 USD\/month, as before\n {2}policies: all satisfied .*\n$/,
    );
    expect(stderr).not.toContain('deploying');
  });

  it('remembers a spec that says the same in other words', async () => {
    project.writeSpec('prod', `${prod}# the same\n`);
    const { code, stdout } = await run('up', 'prod', '--yes');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('the spec is worded differently and asks for the same'),
    });
    const { spec } = JSON.parse((await run('outputs', 'prod', '--json')).stdout);
    expect(spec).toMatchObject({ file: 'specs/prod/perpetual-node.yaml', text: `${prod}# the same\n` });
  });

  it('takes an edit in place, says what it costs, and does what was shown though not all could be foreseen', async () => {
    project.writeSpec('prod', larger);
    const shown = await run('preview', 'prod', '--save-plan', 'plans');
    expect(shown.code, shown.stdout + shown.stderr).toBe(0);
    // As on another machine, which has what is in git and no more.
    rmSync(join(project.root, 'Pulumi.prod.yaml'));
    const { code, stdout, stderr } = await run('up', '--yes', '-e', 'prod', '--plan', 'plans', '--json');
    expect(code, stdout + stderr).toBe(0);
    expect(stderr).toContain(shown.stdout);
    expect(stderr).not.toContain('previewing');
    // Looked through for secrets at the end, which the engine's part of it has as ciphertext.
    expect(readFileSync(join(project.root, 'plans/prod.json'), 'utf8')).toContain('ciphertext');
    const [{ planned, done, money, problems }] = JSON.parse(stdout).environments;
    expect(planned.counts).toMatchObject({ create: 0, replace: 0, delete: 0 });
    expect(planned.changes).toContainEqual({
      kind: 'update',
      type: 'azure-native:compute:Disk',
      name: 'data-disk',
      inputs: ['diskSizeGB'],
    });
    expect(done.changes.map(({ name }: Record<string, unknown>) => name)).toEqual(
      expect.arrayContaining(['cluster', 'data-disk', 'data-volume', 'data-claim']),
    );
    expect(done.counts.update).toBeLessThan(planned.counts.update);
    expect(money).toEqual({ beforeUsd: 95.31, afterUsd: 96.51, partial: false });
    expect(problems).toEqual([]);
  });

  it('passes on what is meant for the engine, and keeps what is its own', async () => {
    const urn = 'urn:pulumi:prod::perpetual::azure-native:resources:ResourceGroup::resource-group';
    const { code, stdout } = await run('preview', 'prod', '--json', '--', '--target', urn);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).environments[0].planned.changes).toEqual([]);
    const own = await run('preview', 'prod', '--', '--stack', 'dev');
    expect({ code: own.code, stderr: own.stderr }).toEqual({
      code: 2,
      stderr: 'perpetual: "--stack" is not passed to the engine: perpetual decides it\n',
    });
    const unknown = await run('preview', 'prod', '--', '--no-such-flag');
    expect(unknown.code).toBe(2);
    expect(unknown.stdout).toContain('error: the engine says: unknown flag: --no-such-flag');
  });

  it('says what is protected and would be lost with a replacement', async () => {
    project.writeSpec('prod', prod.replace('name: perpetual', 'name: another'));
    const { code, stdout } = await run('preview', 'prod');
    expect(code).toBe(1);
    expect(stdout).toMatch(/error\[plan\/replaces\]: the edit replaces "virtual-network".* "public-ip".* "vault"/);
  });

  it.each([
    [
      'a policy that is violated',
      'api: { from: [cluster] }',
      'api: { from: [internet] }',
      5,
      /error\[nsg-open-admin-api\]: network-security-group: .*:26:19 /,
    ],
    [
      'a fault of the spec',
      'eastus',
      'eastsu',
      1,
      /error: specs\/prod\/perpetual-node\.yaml:\d+:\d+: spec\/unknown-region/,
    ],
    ['a secret that is missing', 'env:NODE_GITHUB_TOKEN', 'env:NO_SUCH', 2, /environment variable NO_SUCH is not set/],
    ['a spec of another environment', 'environment: prod', 'environment: dev', 1, /is for "dev"/],
  ])('refuses %s before anything changes', async (_, from, to, exitCode, message) => {
    const before = cloudOf(project);
    project.writeSpec('prod', larger.replace(from, to));
    const { code, stdout } = await run('up', 'prod', '--yes');
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: expect.stringMatching(message) });
    expect(cloudOf(project)).toEqual(before);
    project.writeSpec('prod', larger);
  });

  it('gives the way into the cluster to a file of its own, and to nobody else', async () => {
    writeFileSync(join(project.root, 'kubeconfig'), '');
    chmodSync(join(project.root, 'kubeconfig'), 0o644);
    const { code, stdout } = await run('outputs', 'prod', '--kubeconfig', 'kubeconfig');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(statSync(join(project.root, 'kubeconfig')).mode & 0o777).toBe(0o600);
    const kubeconfig = readFileSync(join(project.root, 'kubeconfig'), 'utf8');
    expect(kubeconfig).toContain('perpetual-prod-aks');
    wayIn = JSON.parse(kubeconfig).users[0].user.token;
    rmSync(join(project.root, 'kubeconfig'));
    const shown = await run('outputs', 'prod');
    expect(shown.stdout).toMatch(/^kubeconfig +\[secret\]$/m);
    expect(shown.stdout).toMatch(/^spec +specs\/prod\/perpetual-node\.yaml \(sha256 [0-9a-f]{12}\)$/m);
    const open = await project.perpetual(['outputs', 'prod', '--json', '--show-secrets']);
    expect(JSON.parse(open.stdout).kubeconfig).toBe(kubeconfig);
  });

  it('tells what was done, and from which spec', async () => {
    const { stdout } = await run('history', 'prod', '--json');
    const history = JSON.parse(stdout);
    expect(history).toHaveLength(3);
    expect(history[0]).toMatchObject({
      kind: 'update',
      result: 'succeeded',
      message: expect.stringMatching(/^specs\/prod\/perpetual-node\.yaml sha256:[0-9a-f]{64}$/),
    });
    expect((await run('history', 'prod')).stdout).toMatch(/^2\S+Z {2}update {3}succeeded .* update; specs\/prod/);
  });

  it('says what has gone behind its back, once a stack that a killed run holds is free', async () => {
    const locks = join(project.root, '.perpetual/state/.pulumi/locks/organization/perpetual/prod');
    mkdirSync(locks, { recursive: true });
    writeFileSync(join(locks, 'held.json'), JSON.stringify({ pid: 1, username: 'a', hostname: 'b' }));
    const held = await run('refresh', 'prod', '--yes');
    expect({ code: held.code, stdout: held.stdout }).toEqual({
      code: 4,
      stdout: expect.stringContaining('"perpetual cancel prod" frees the stack'),
    });
    expect((await run('cancel', 'prod')).code).toBe(0);

    const cloud = cloudOf(project);
    for (const id of Object.keys(cloud.resources)) if (/networkSecurityGroups/i.test(id)) delete cloud.resources[id];
    writeFileSync(join(project.root, 'cloud.json'), JSON.stringify(cloud));
    const { code, stdout } = await run('refresh', 'prod', '--yes');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'prod: 1 gone, 36 unchanged\n  gone: network-security-group\n',
    });
    const drift = await run('preview', 'prod', '--expect-no-changes');
    expect(drift.code).toBe(7);
    expect(drift.stdout).toContain('create network-security-group');
    expect(drift.stdout).toContain('error: changes where none were expected');
  });

  it('does not destroy what is protected unless it is named', async () => {
    const before = cloudOf(project).resources;
    const { code, stderr } = await run('destroy', 'prod', '--yes');
    expect(code).toBe(2);
    expect(stderr).toContain('protected: data-disk\n  deleted with its resource group: data-disk\n');
    expect(stderr).toContain('protected: vault; lost with it: the vault with its secrets');
    expect(stderr).toContain('stays as deleted for 90 days: the vault "perpetual-prod-');
    expect(stderr).toMatch(/perpetual: protected: (--unprotect \S+ )+deletes them, too; nothing was deleted\n$/);
    const typo = await run('destroy', 'prod', '--yes', '--unprotect', 'valt');
    expect({ code: typo.code, stderr: typo.stderr }).toEqual({
      code: 2,
      stderr: 'perpetual: "valt" is nothing that is protected in "prod"; did you mean "vault"?\n',
    });
    expect(cloudOf(project).resources).toEqual(before);
  });

  it('destroys the rest by name, and leaves nothing but the deleted vault', async () => {
    const { stderr: list } = await run('destroy', 'prod', '--yes');
    const names = [...list.matchAll(/--unprotect (\S+)/g)].map(([, name]) => name as string);
    const { code, stdout, stderr } = await run(
      'destroy',
      'prod',
      '--yes',
      ...names.flatMap((name) => ['--unprotect', name]),
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^prod: 36 deleted\n/);
    const { resources, objects, deletedVaults } = cloudOf(project);
    expect({ resources, objects }).toEqual({ resources: {}, objects: {} });
    expect(Object.keys(deletedVaults)).toHaveLength(1);
  });

  it('has shown and kept no secret anywhere', () => {
    const texts = [...said, ...textsOf(project.root)];
    expect(leaksIn(texts, [...Object.values(marks), wayIn])).toEqual([]);
  });
});
