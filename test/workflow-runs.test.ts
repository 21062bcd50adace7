import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineNote, noEngine } from './support/engine.ts';
import { startGitHub } from './support/github.ts';
import { git } from './support/repository.ts';
import { folder, withValue } from './support/specs.ts';
import { runWorkflow } from './support/workflow.ts';

const workflow = (name: string): string => `.github/workflows/perpetual-${name}.yml`;
const spec = 'specs/prod/perpetual-node.yaml';

/** A bare remote, and the project with its first commit. */
function project(specs: Record<string, string> = {}): { remote: string; work: string } {
  const remote = mkdtempSync(join(tmpdir(), 'perpetual-remote-'));
  git(remote, 'init', '--quiet', '--bare', '--initial-branch=main');
  const work = folder({});
  for (const name of ['specs', 'policies', 'Pulumi.yaml', '.github', 'package.json', '.gitignore'])
    cpSync(name, join(work, name), { recursive: true });
  for (const [file, text] of Object.entries(specs)) writeFileSync(join(work, file), text);
  git(work, 'init', '--quiet', '--initial-branch=main');
  git(work, 'add', '.');
  git(work, 'commit', '--quiet', '--message=first');
  return { remote, work };
}

/** With the project on main and an edit of it on a branch, merged as GitHub does for a pull request. */
function remoteWith(edit: (text: string) => string): string {
  const { remote, work } = project();
  git(work, 'checkout', '--quiet', '-b', 'edit');
  writeFileSync(join(work, spec), edit(readFileSync(spec, 'utf8')));
  git(work, 'commit', '--quiet', '--allow-empty', '--all', '--message=edit');
  git(work, 'checkout', '--quiet', '-b', 'merged', 'main');
  git(work, 'merge', '--quiet', '--no-ff', '--no-edit', 'edit');
  git(work, 'push', '--quiet', remote, 'main', 'edit', 'merged:refs/pull/7/merge');
  return remote;
}

/** What every step finds on PATH: the built command, where "npx --no perpetual" would find the installed one. */
function path(): string {
  const bin = mkdtempSync(join(tmpdir(), 'perpetual-bin-'));
  writeFileSync(
    join(bin, 'npx'),
    `#!/bin/sh\nshift 2\nexec "${process.execPath}" "${resolve('bin/perpetual.js')}" "$@"\n`,
    { mode: 0o755 },
  );
  return `${bin}:${resolve('node_modules/.bin')}:${process.env.PATH}`;
}

type GitHub = Awaited<ReturnType<typeof startGitHub>>;
let server: GitHub;
beforeAll(async () => {
  server = await startGitHub();
});
afterAll(() => server.close());

const runFor = (remote: string, repository = 'example/node') => ({
  remote,
  ref: 'refs/pull/7/merge',
  github: {
    event_name: 'pull_request',
    repository: 'example/node',
    ref: 'refs/pull/7/merge',
    token: 'a-token',
    event: { pull_request: { number: 7, head: { repo: { full_name: repository } } } },
  },
  env: {
    PATH: path(),
    HOME: process.env.HOME ?? '/',
    PERPETUAL_AS_OF: '2026-11-22',
    CI: 'true',
    GITHUB_API_URL: server.url,
    GITHUB_REPOSITORY: 'example/node',
    GITHUB_REF: 'refs/pull/7/merge',
  },
});

describe('on a pull request', () => {
  it('the check says where it is wrong, and is red', async () => {
    const remote = remoteWith((text) => withValue(text, ['network', 'expose', 'gateway', 'from'], ['internet']));
    const [check] = await runWorkflow(workflow('check'), runFor(remote));
    expect(check?.result).toBe('failure');
    expect(check?.log).toContain(`::error file=${spec},line=24,`);
    expect(check?.summary).toContain('nsg-open-gateway');
    expect(check?.steps).toContain('Show what was found as alerts');
  });

  it('the check is green otherwise', async () => {
    const [check] = await runWorkflow(workflow('check'), runFor(remoteWith((text) => text)));
    expect(check).toMatchObject({ result: 'success' });
  });

  it('the edit is commented once, and its environment would be previewed', async () => {
    const remote = remoteWith((text) => withValue(text, ['storage', 'data', 'sizeGiB'], 16));
    const run = runFor(remote);
    const [diff, preview] = await runWorkflow(workflow('preview'), run);
    expect(diff).toMatchObject({ result: 'success' });
    expect(diff?.log).toContain('prod, 1 field, 3 updated, +1.20 USD/month');
    expect(diff?.summary).toContain('storage.data.sizeGiB: 8 -\\> 16');
    expect(preview).toMatchObject({ result: 'skipped' });
    await runWorkflow(workflow('preview'), run);
    expect(server.comments.map(({ body }) => body.includes('+1.20 USD/month'))).toEqual([true]);
  });

  it.each([
    [
      'the repository itself, once it is set up',
      'example/node',
      { PULUMI_BACKEND_URL: 'azblob://states' },
      'failure',
      'prod-preview',
    ],
    ['a fork', 'somebody/node', { PULUMI_BACKEND_URL: 'azblob://states' }, 'skipped', undefined],
    ['the repository itself before', 'example/node', {}, 'skipped', undefined],
  ])('credentials are for %s', async (_, repository, vars, result, environment) => {
    const remote = remoteWith((text) => withValue(text, ['storage', 'data', 'sizeGiB'], 16));
    // The engine is not told of here: a preview ends at the first thing it lacks.
    const env = { ...runFor(remote, repository).env, PATH: path().replace(process.env.PATH ?? '', '/usr/bin:/bin') };
    const runs = await runWorkflow(workflow('preview'), { ...runFor(remote, repository), vars, env });
    expect(runs[1]).toMatchObject({ name: 'preview', result, environment });
  });
});

describe('the workflows', () => {
  const names = ['check', 'preview', 'deploy', 'drift', 'operate'];
  const texts = names.map((name) => [name, readFileSync(workflow(name), 'utf8')] as const);

  it.each(texts)('%s uses every action by its hash, and no right it need not have', (_, text) => {
    for (const [, action = ''] of text.matchAll(/uses: (\S+)/g)) expect(action).toMatch(/^\.\/|@[0-9a-f]{40}$/);
    expect(text).toContain('\npermissions: {}\n');
    expect(text).not.toMatch(/url:.*secrets\./);
    expect(text).not.toMatch(/CLIENT_SECRET|pull_request_target/);
    // What somebody else chooses is never part of a script.
    for (const [, script = ''] of text.matchAll(/run: (?:\|\n)?([\s\S]*?)(?=\n {6}- |\n\n|$)/g))
      expect(script).not.toMatch(/\$\{\{/);
  });
});

describe.skipIf(noEngine)(`what is merged${engineNote}`, () => {
  const dev = readFileSync('specs/dev/perpetual-node.yaml', 'utf8');
  const small = `${dev.replace('environment: dev', 'environment: prod').replace('stage: development', 'stage: production')}
secrets: { items: [{ name: ipfs-private-key, from: env:IPFS_PRIVATE_KEY }] }
`;
  const there = mkdtempSync(join(tmpdir(), 'perpetual-cloud-'));
  const cloud = join(there, 'cloud.json');
  const settings = { secrets: { PULUMI_CONFIG_PASSPHRASE: 'test', IPFS_PRIVATE_KEY: 'marker-of-a-secret' } };
  let remote: string;
  let work: string;

  const run = (name: string, inputs: Record<string, string> = {}) =>
    runWorkflow(workflow(name), {
      ...{ remote, ref: 'refs/heads/main', inputs },
      github: { event_name: 'push', repository: 'example/node', ref: 'refs/heads/main' },
      vars: {
        PULUMI_BACKEND_URL: `file://${there}`,
        AZURE_SUBSCRIPTION_ID: '11111111-2222-3333-4444-555555555555',
      },
      environments: { dev: settings, 'dev-preview': settings, 'prod-preview': settings, production: settings },
      env: {
        ...runFor(remote).env,
        PATH: `${resolve('test/stand-in/bin')}:${path()}`,
        PULUMI_HOME: join(there, 'home'),
        PERPETUAL_STANDIN_CLOUD: cloud,
      },
    });
  const resources = (): Record<string, unknown> => JSON.parse(readFileSync(cloud, 'utf8')).resources;
  const push = (text: string): string => {
    writeFileSync(join(work, 'specs/dev/perpetual-node.yaml'), text);
    git(work, 'commit', '--quiet', '--allow-empty', '--all', '--message=edit');
    git(work, 'push', '--quiet', remote, 'main');
    return git(work, 'rev-parse', 'HEAD').trim();
  };
  let first: string;
  beforeAll(() => {
    ({ remote, work } = project({ [spec]: small }));
    first = push(dev);
  });

  it('is deployed: development, then production as it was planned', async () => {
    const [list, development, plan, production] = await run('deploy');
    expect(list).toMatchObject({ name: 'environments', result: 'success' });
    expect(development, development?.log).toMatchObject({ environment: 'dev', result: 'success' });
    expect(development?.log).toContain('dev: 28 created\n');
    expect(plan, plan?.log).toMatchObject({ environment: 'prod-preview', result: 'success' });
    expect(plan?.summary).toMatch(/^prod: 34 to create\n/);
    expect(production, production?.log).toMatchObject({ environment: 'production', result: 'success' });
    expect(production?.log).toContain(plan?.summary);
    expect(production?.log).toContain('prod: 34 created\n');
    expect(production?.log).not.toContain('previewing');
  });

  it('is what Azure has, every morning', async () => {
    const [, ...green] = await run('drift');
    expect(green.map(({ environment, result }) => [environment, result])).toEqual([
      ['dev-preview', 'success'],
      ['prod-preview', 'success'],
    ]);
  });

  it('is not what Azure has once somebody has changed it by hand', async () => {
    const before = readFileSync(cloud, 'utf8');
    const changed = JSON.parse(before);
    for (const id of Object.keys(changed.resources))
      if (/prod.*networkSecurityGroups/i.test(id)) delete changed.resources[id];
    writeFileSync(cloud, JSON.stringify(changed));
    const [, , red] = await run('drift');
    expect(red).toMatchObject({ environment: 'prod-preview', result: 'failure' });
    expect(red?.summary).toMatch(
      /^\*\*prod: 1 of 34 resources are not as promised\*\*\n\n- \*\*error\*\* drift\/gone at specs\/prod/,
    );
    // The job has none, and GitHub hides those only that it has.
    expect(red?.log).not.toContain(settings.secrets.IPFS_PRIVATE_KEY);
    writeFileSync(cloud, before);
  });

  it('is rolled back to an earlier commit by hand', async () => {
    push(dev.replace('cpu: 500m', 'cpu: 600m'));
    const [, development] = await run('deploy', { environment: 'dev' });
    expect(development, development?.log).toMatchObject({ environment: 'dev', result: 'success' });
    expect(readFileSync(cloud, 'utf8')).toContain('"cpu": "600m"');
    const back = { action: 'roll back', environment: 'dev', commit: first };
    const [unconfirmed] = await run('operate', { ...back, confirm: 'prod' });
    expect(unconfirmed).toMatchObject({ result: 'failure', steps: ['Is it meant?'] });
    const [operate] = await run('operate', { ...back, confirm: 'dev' });
    expect(operate, operate?.log).toMatchObject({ environment: 'dev', result: 'success' });
    expect(operate?.summary).toContain(`back to "${first}" (sha256 `);
    expect(operate?.summary).toContain('dev: rolled back, 1 updated, 27 unchanged');
    expect(readFileSync(cloud, 'utf8')).not.toContain('"cpu": "600m"');
  });

  it('is destroyed by hand, and only by who says so twice', async () => {
    const before = resources();
    const [unconfirmed] = await run('operate', { action: 'destroy', environment: 'dev', confirm: '' });
    expect(unconfirmed).toMatchObject({ result: 'failure', steps: ['Is it meant?'] });
    expect(unconfirmed?.log).toBe('::error::"confirm" is not the name of the environment\n');
    expect(resources()).toEqual(before);
    const [protectedOne] = await run('operate', { action: 'destroy', environment: 'prod', confirm: 'prod' });
    expect(protectedOne).toMatchObject({ environment: 'production', result: 'failure' });
    expect(resources()).toEqual(before);
    const [destroyed] = await run('operate', { action: 'destroy', environment: 'dev', confirm: 'dev' });
    expect(destroyed, destroyed?.log).toMatchObject({ environment: 'dev', result: 'success' });
    expect(Object.keys(resources()).filter((id) => id.includes('perpetual-dev'))).toEqual([]);
  });
});
