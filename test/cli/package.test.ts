import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'perpetual-package-'));
const { FORCE_COLOR: _, NODE_OPTIONS: __, ...env } = process.env;
const npm = (...args: string[]): string =>
  execFileSync('npm', args, { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const sizeOf = (path: string): number =>
  statSync(path).isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
    : statSync(path).size;

describe('the package, installed into an empty project', () => {
  beforeAll(() => {
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', root], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [archive] = readdirSync(root).filter((name) => name.endsWith('.tgz'));
    writeFileSync(join(root, 'package.json'), '{ "name": "somebody", "private": true }\n');
    // Nothing is fetched: the package depends on nothing, and its peers are optional.
    npm('install', '--offline', '--no-audit', '--no-fund', `./${archive}`);
    cpSync('specs', join(root, 'specs'), { recursive: true });
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const perpetual = (...args: string[]) =>
    spawnSync(join(root, 'node_modules', '.bin', 'perpetual'), args, { cwd: root, env, encoding: 'utf8' });

  it('is alone, and a few megabytes', () => {
    expect(readdirSync(join(root, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['perpetual-node']);
    expect(sizeOf(join(root, 'node_modules', 'perpetual-node'))).toBeLessThan(4_000_000);
  });

  it('checks and prints its schema without the SDK', () => {
    expect(perpetual('check')).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('2 specs, 0 errors'),
    });
    expect(JSON.parse(perpetual('schema').stdout).title).toBe('PerpetualNode');
    expect(perpetual('--version').status).toBe(0);
  });

  it('holds no source, test or private file', () => {
    const files = npm('pack', '--dry-run', '--json', '--ignore-scripts', './node_modules/perpetual-node');
    const names = (JSON.parse(files)[0].files as { path: string }[]).map(({ path }) => path);
    expect(names).toEqual(
      expect.arrayContaining([
        'bin/perpetual.js',
        'dist/cli.js',
        'dist/program.js',
        'dist/pack.js',
        'LICENSE',
        'README.md',
        'schema/perpetual-node.schema.json',
      ]),
    );
    expect(names.filter((name) => /^(src|test|scripts|bench|specs)\//.test(name))).toEqual([]);
  });

  it('says in one line what deploying needs', () => {
    const run = spawnSync(process.execPath, [join(root, 'node_modules', 'perpetual-node', 'dist', 'program.js')], {
      cwd: root,
      env,
      encoding: 'utf8',
    });
    expect(run).toMatchObject({
      status: 1,
      stdout: '',
      stderr:
        'perpetual: deploying needs what is not installed here: npm install @pulumi/pulumi @pulumi/azure-native @pulumi/kubernetes\n',
    });
  });
});
