import { execFileSync, spawnSync } from 'node:child_process';
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
import { join, resolve } from 'node:path';
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

  it('writes a project whose parts find the package, and checks it', () => {
    const project = mkdtempSync(join(tmpdir(), 'perpetual-init-'));
    const [archive = ''] = readdirSync(root).filter((name) => name.endsWith('.tgz'));
    execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', join(root, archive)], {
      cwd: project,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const npx = (...args: string[]) =>
      spawnSync('npx', ['--no', 'perpetual', ...args], { cwd: project, env, encoding: 'utf8' });
    const written = npx('init', '--subscription', '11111111-2222-3333-4444-555555555555');
    expect(written, written.stderr).toMatchObject({ status: 0, stdout: expect.stringContaining('USD/month') });
    expect(npx('check', '--fail-on', 'warning')).toMatchObject({ status: 0 });

    const read = (file: string): string => readFileSync(join(project, file), 'utf8');
    const [, schema = ''] = /\$schema=(\S+)/.exec(read('specs/dev/perpetual-node.yaml')) ?? [];
    const [, program = ''] = /main: (\S+)/.exec(read('Pulumi.yaml')) ?? [];
    const found = [
      join('specs/dev', schema),
      program,
      join('policies', JSON.parse(read('policies/package.json')).main),
      ...Object.keys(JSON.parse(read('.vscode/settings.json'))['yaml.schemas']),
    ];
    for (const file of found) expect(existsSync(join(project, file)), file).toBe(true);
    // What the workflow runs, as it runs it, and as the README has it.
    const [, command = ''] = /run: (npx .*)/.exec(read('.github/workflows/perpetual-check.yml')) ?? [];
    expect(readFileSync('README.md', 'utf8')).toContain(`\n${command.replace('npx --no ', 'npx ')}\n`);
    const page = join(project, 'page.md');
    const run = spawnSync('bash', ['-ec', command], {
      cwd: project,
      env: { ...env, GITHUB_STEP_SUMMARY: page, GITHUB_WORKSPACE: project },
      encoding: 'utf8',
    });
    expect(run, run.stderr).toMatchObject({ status: 0, stdout: '' });
    expect(JSON.parse(read('perpetual.sarif')).runs[0].results).toEqual([]);
    expect(read('page.md')).toContain('**ok, ');
    rmSync(project, { recursive: true, force: true });
  });

  it('says what asking the pack needs, where the SDK is not there', () => {
    cpSync('test/fixtures/policies/disk-unattached', join(root, 'fixtures', 'disk-unattached'), { recursive: true });
    expect(perpetual('policy', 'test', 'fixtures')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^perpetual: [^\n]+ npm install @pulumi\/pulumi @pulumi\/policy\n$/),
    });
    expect(perpetual('policy', 'list').status).toBe(0);
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
        'dist/index.d.ts',
        'dist/pulumi.d.ts',
        'dist/testing.d.ts',
        'schema/perpetual-node.d.ts',
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

  it('gives programs its core and what tests need without the SDK', () => {
    expect(consume('core')).toEqual([
      'specs/dev/perpetual-node.yaml: ok, dev (development)',
      'SARIF 2.1.0',
      'cluster.nodePool.vmSize sku-below-system-minimum 15:17',
      'warning: more than 5 resources',
      'perpetual-dev-rg',
      'http://json-schema.org/draft-07/schema#',
    ]);
  });

  it('gives programs a node as a component, where the SDK is', () => {
    mkdirSync(join(root, 'node_modules', '@pulumi'));
    for (const name of ['pulumi', 'azure-native', 'kubernetes'])
      symlinkSync(resolve('node_modules/@pulumi', name), join(root, 'node_modules', '@pulumi', name));
    expect(consume('component')).toEqual(['<main-cluster.name> docker.io/ipfs/kubo', 'secret', 'absent']);
  });

  it('is used in the README as it can be used', () => {
    const [policy = '', program = '', test = ''] = [
      ...readFileSync('README.md', 'utf8').matchAll(/```ts\n([\s\S]*?)```/g),
    ].map(([, code]) => code);
    writeFileSync(join(root, 'policy.mts'), policy);
    writeFileSync(join(root, 'program.mts'), program);
    writeFileSync(join(root, 'test.mts'), test);
    typeCheck('policy.mts');
    typeCheck('program.mts');
    typeCheck('test.mts');
    mkdirSync(join(root, 'rules'));
    cpSync(join(root, 'policy.mjs'), join(root, 'rules', 'registry-sku-foreign.mjs'));
    expect(perpetual('policy', 'list', '--policies', 'rules').stdout).toContain('registry-sku-foreign');
    const run = spawnSync(process.execPath, ['test.mjs'], { cwd: root, env, encoding: 'utf8' });
    expect(run.status, run.stdout).toBe(0);
    expect(run.stdout).toContain('the vault outlives its stack');
  });

  function consume(name: string): string[] {
    cpSync(`test/fixtures/consumers/${name}.mts`, join(root, `${name}.mts`));
    typeCheck(`${name}.mts`);
    const run = spawnSync(process.execPath, [`${name}.mjs`], { cwd: root, env, encoding: 'utf8' });
    expect(run.stderr).toBe('');
    return run.stdout.trim().split('\n');
  }

  /** Compiles a consumer as strictly as one can: the declarations themselves are checked, too. */
  function typeCheck(file: string): void {
    const options =
      '--module nodenext --target es2024 --strict --exactOptionalPropertyTypes --skipLibCheck false --types node --typeRoots';
    const { stdout } = spawnSync(
      process.execPath,
      [resolve('node_modules/typescript/bin/tsc'), ...options.split(' '), resolve('node_modules/@types'), file],
      { cwd: root, env, encoding: 'utf8' },
    );
    expect(stdout).toBe('');
  }
});
