import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backendOf } from '../../src/engine/backend.ts';
import { perpetual } from '../support/cli.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'perpetual-setup-'));
  for (const name of ['Pulumi.yaml', 'specs']) cpSync(name, join(root, name), { recursive: true });
  mkdirSync(join(root, 'policies'));
  cpSync('policies/PulumiPolicy.yaml', join(root, 'policies', 'PulumiPolicy.yaml'));
  mkdirSync(join(root, 'bin'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Something that is called like the engine. */
const engine = (script: string): void =>
  writeFileSync(join(root, 'bin', 'pulumi'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
const run = (args: string[], env: Record<string, string> = {}) =>
  perpetual(args, { cwd: root, env: { PATH: `${join(root, 'bin')}:/bin`, PULUMI_HOME: root, CI: '', ...env } });
const refusal = (code: number, message: string) => ({ code, stdout: '', stderr: `perpetual: ${message}\n` });

describe('what is missing is said in one line', () => {
  it('the engine', async () => {
    expect(await run(['preview', 'dev'])).toEqual(
      refusal(
        2,
        'the Pulumi engine is not on PATH: install 3.256.0 or newer (https://www.pulumi.com/docs/install), or "npm install pulumi"',
      ),
    );
  });

  const verbs = ['preview', 'up', 'refresh', 'destroy', 'rollback', 'drift', 'history', 'outputs', 'cancel'];
  it.each(verbs)('an engine that is new enough, by "%s"', async (verb) => {
    engine('case $1 in version) echo v3.255.9 ;; *) echo "error: unknown command" >&2; exit 1 ;; esac');
    const asks = ['up', 'refresh', 'destroy', 'rollback'].includes(verb);
    expect(await run([verb, 'dev', ...(asks ? ['--yes'] : [])])).toEqual(
      refusal(2, 'the Pulumi engine is 3.255.9, and 3.256.0 or newer is needed'),
    );
  });

  it('an engine that starts', async () => {
    engine('exit 1');
    expect(await run(['preview', 'dev'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^perpetual: the Pulumi engine does not start: .*\n$/),
    });
  });

  it('a project', async () => {
    rmSync(join(root, 'Pulumi.yaml'));
    expect(await run(['preview', 'dev'])).toEqual(refusal(2, 'there is no Pulumi.yaml here or in a folder above'));
  });

  it('whoever judges', async () => {
    rmSync(join(root, 'policies'), { recursive: true });
    expect(await run(['preview', 'dev'])).toEqual(
      refusal(2, 'there is no policies/PulumiPolicy.yaml beside Pulumi.yaml: nothing would judge the deployment'),
    );
  });

  it('a store that outlives the runner', async () => {
    engine('echo v3.260.0');
    expect(await run(['preview', 'dev'], { CI: 'true' })).toEqual(
      refusal(
        3,
        'the state would be lost with this runner: set PULUMI_ACCESS_TOKEN, or PULUMI_BACKEND_URL to a store such as azblob://CONTAINER',
      ),
    );
    expect(existsSync(join(root, '.perpetual'))).toBe(false);
  });

  it('the SDK, of which a check has no need', () => {
    const bare = join(root, 'bare');
    for (const name of ['bin', 'dist', 'package.json']) cpSync(name, join(bare, name), { recursive: true });
    rmSync(join(bare, 'bin', 'pulumi'), { force: true });
    const { FORCE_COLOR: _, ...env } = process.env;
    const { status, stderr } = spawnSync(process.execPath, [join(bare, 'bin', 'perpetual.js'), 'preview', 'dev'], {
      cwd: root,
      env,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr:
        'perpetual: deploying needs what is not installed here: npm install @pulumi/pulumi @pulumi/policy @pulumi/azure-native @pulumi/kubernetes\n',
    });
  });

  it('nothing, when npm has installed the engine', async () => {
    const folder = join(root, 'node_modules', 'pulumi');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "name": "pulumi", "version": "3.265.0" }');
    writeFileSync(join(folder, 'run.js'), 'console.log("v3.100.0")');
    writeFileSync(join(root, 'package.json'), '{}');
    symlinkSync(process.execPath, join(root, 'bin', 'node'));
    expect(await run(['preview', 'dev'])).toEqual(
      refusal(2, 'the Pulumi engine is 3.100.0, and 3.256.0 or newer is needed'),
    );
  });
});

describe('the state is kept', () => {
  const where = (env: NodeJS.ProcessEnv = {}) => backendOf(root, { PULUMI_HOME: root, ...env });
  const login = (current: string): void => writeFileSync(join(root, 'credentials.json'), JSON.stringify({ current }));

  it('where one says, in Pulumi Cloud with a token, and where one is logged in', () => {
    expect(where({ PULUMI_BACKEND_URL: 'azblob://states', CI: 'true' })).toEqual({ where: 'azblob://states', env: {} });
    expect(where({ PULUMI_ACCESS_TOKEN: 'x', CI: 'true' })).toEqual({ where: 'Pulumi Cloud', env: {} });
    login('https://api.pulumi.com');
    expect(where({ CI: 'true' })).toEqual({ where: 'https://api.pulumi.com', env: {} });
    writeFileSync(join(root, 'Pulumi.yaml'), 'name: a\nruntime: nodejs\nbackend: { url: "s3://states" }\n');
    expect(where()).toEqual({ where: 's3://states', env: {} });
    expect(existsSync(join(root, '.perpetual'))).toBe(false);
  });

  it('in the project otherwise, with a passphrase that is made once', () => {
    const first = where();
    const file = join(root, '.perpetual', 'passphrase');
    expect(first.env).toEqual({
      PULUMI_BACKEND_URL: `file://${join(root, '.perpetual', 'state')}?metadata=skip`,
      PULUMI_CONFIG_PASSPHRASE_FILE: file,
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const passphrase = readFileSync(file, 'utf8');
    expect(passphrase).toMatch(/^[\w-]{43}\n$/);
    expect(where()).toEqual(first);
    expect(readFileSync(file, 'utf8')).toBe(passphrase);
  });

  it('without what a killed run has begun to write beside its files, for which the engine would not read them', () => {
    where();
    const folder = join(root, '.perpetual/state/.pulumi/stacks/perpetual');
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries({ 'dev.json': '{}', 'dev.json.attrs': '', 'prod.json.attrs': '{}' }))
      writeFileSync(join(folder, name), text);
    where();
    expect(readdirSync(folder).sort()).toEqual(['dev.json', 'prod.json.attrs']);
  });

  it('with the passphrase that is given', () => {
    expect(where({ PULUMI_CONFIG_PASSPHRASE: '' }).env).not.toHaveProperty('PULUMI_CONFIG_PASSPHRASE_FILE');
    expect(existsSync(join(root, '.perpetual', 'passphrase'))).toBe(false);
  });

  it('there still after a login, because a second state would make everything twice', () => {
    where();
    login('https://api.pulumi.com');
    expect(where().where).toBe('.perpetual/state');
  });

  it('and not opened anew when its passphrase is gone', () => {
    where();
    mkdirSync(join(root, '.perpetual', 'state', '.pulumi'));
    rmSync(join(root, '.perpetual', 'passphrase'));
    expect(() => where()).toThrow('.perpetual/passphrase is gone');
  });
});
