import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGitHub } from './support/github.ts';
import { git } from './support/repository.ts';
import { folder, withValue } from './support/specs.ts';
import { runWorkflow } from './support/workflow.ts';

const workflow = (name: string): string => `.github/workflows/perpetual-${name}.yml`;
const spec = 'specs/prod/perpetual-node.yaml';

/** A bare remote with the project on main and an edit of it on a branch, merged as GitHub does for a pull request. */
function remoteWith(edit: (text: string) => string): string {
  const remote = mkdtempSync(join(tmpdir(), 'perpetual-remote-'));
  git(remote, 'init', '--quiet', '--bare', '--initial-branch=main');
  const work = folder({});
  for (const name of ['specs', 'policies', 'Pulumi.yaml', '.github', 'package.json', '.gitignore'])
    cpSync(name, join(work, name), { recursive: true });
  git(work, 'init', '--quiet', '--initial-branch=main');
  git(work, 'add', '.');
  git(work, 'commit', '--quiet', '--message=first');
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
