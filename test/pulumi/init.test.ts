import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineNote, noEngine } from '../support/engine.ts';

const {
  FORCE_COLOR: _,
  NODE_OPTIONS: __,
  CI: ___,
  PULUMI_BACKEND_URL: ____,
  PULUMI_ACCESS_TOKEN: _____,
  ...env
} = process.env;

describe.skipIf(noEngine)(`a project that init wrote, beside the installed package${engineNote}`, () => {
  const root = mkdtempSync(join(tmpdir(), 'perpetual-init-engine-'));
  const installed = join(root, 'node_modules', 'perpetual-node');
  beforeAll(() => {
    const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] };
    for (const name of [...files, 'package.json']) cpSync(name, join(installed, name), { recursive: true });
    mkdirSync(join(root, 'node_modules', '@pulumi'));
    for (const name of ['pulumi', 'azure-native', 'kubernetes', 'policy'])
      symlinkSync(resolve('node_modules/@pulumi', name), join(root, 'node_modules', '@pulumi', name));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const perpetual = (...args: string[]) =>
    spawnSync(process.execPath, [join(installed, 'bin', 'perpetual.js'), ...args], {
      cwd: root,
      encoding: 'utf8',
      env: {
        ...env,
        PATH: [resolve('test/stand-in/bin'), resolve('node_modules/.bin'), env.PATH].join(':'),
        PULUMI_HOME: join(root, 'home'),
        PERPETUAL_STANDIN_CLOUD: join(root, 'cloud.json'),
      },
    });

  it('is previewed by its program and judged by its pack', () => {
    const told = ['--name', 'perpetual', '--subscription', '11111111-2222-3333-4444-555555555555'];
    expect(perpetual('init', ...told)).toMatchObject({ status: 0, stderr: '' });
    const { status, stdout, stderr } = perpetual('preview', 'dev');
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/^dev: \d+ to create\n/);
    expect(stdout).toContain('policies: all satisfied');
  });
});
