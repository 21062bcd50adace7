import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { perpetual } from '../support/cli.ts';
import { expectGolden } from '../support/golden.ts';
import { folder, leastSpec, specIn as spec } from '../support/specs.ts';

const open = `${leastSpec}network: { expose: { api: { from: [internet] } } }\n`;

describe('exit codes', () => {
  it.each([
    ['0 when nothing is wrong', spec('prod'), ['check'], 0],
    ['0 for notes', spec('prod', `${leastSpec}storage: { growth: {} }\n`), ['check', '--fail-on', 'warning'], 0],
    ['1 for a fault of the spec', spec('prod', leastSpec.replace('eastus', '"eastus')), ['check'], 1],
    ['1 for a fault beside a violation', spec('prod', `${open}foo: 1\n`), ['check'], 1],
    ['5 when only a policy is violated', spec('prod', open), ['check'], 5],
    ['0 when told never to fail', spec('prod', open), ['check', '--fail-on', 'never'], 0],
    ['5 although the finding is not shown', spec('prod', open), ['check', '--only', 'spec/unknown-key'], 5],
    [
      "5 because a mandatory finding can't be skipped",
      spec('prod', open),
      ['check', '--skip', 'nsg-open-admin-api'],
      5,
    ],
    ['0 for a warning', { 'specs/other/perpetual-node.yaml': leastSpec }, ['check'], 0],
    [
      '1 for a warning when warnings count',
      { 'specs/other/perpetual-node.yaml': leastSpec },
      ['check', '--fail-on', 'warning'],
      1,
    ],
    ['2 without a spec', {}, ['check'], 2],
    ['2 for a file that is not there', {}, ['check', 'nowhere.yaml'], 2],
    ['2 for an unknown option', spec('prod'), ['check', '--chek'], 2],
    ['2 for an unknown command', {}, ['deploi'], 2],
    ['2 for a wrong value', spec('prod'), ['check', '--fail-on', 'errors'], 2],
    ['2 for a date that is none', spec('prod'), ['check', '--as-of', '2026-02-30'], 2],
    ['2 for two formats on one output', spec('prod'), ['check', '-f', 'json', '-f', 'pretty'], 2],
    ['2 for two formats in one file', spec('prod'), ['check', '-f', 'json=out', '-f', 'sarif=./out'], 2],
    ['2 for a format with no name for its file', spec('prod'), ['check', '-f', 'json='], 2],
    ['2 for a format that is not there', spec('prod'), ['check', '-f', 'html'], 2],
    ['6 for an unknown environment', spec('prod'), ['check', '-e', 'staging'], 6],
  ] as const)('%s', async (_, files, args, code) => {
    const outcome = await perpetual(args, { cwd: folder(files) });
    expect(outcome.code, outcome.stderr + outcome.stdout).toBe(code);
    if (code === 2 || code === 6) {
      expect(outcome.stdout).toBe('');
      expect(outcome.stderr).toMatch(/^perpetual: .+\n$/);
    } else expect(outcome.stderr).toBe('');
  });
});

describe('input', () => {
  it('reads standard input under a name', async () => {
    const { code, stdout } = await perpetual(
      ['check', '-', '--stdin-filename', 'specs/prod/perpetual-node.yaml', '-f', 'json'],
      { input: open },
    );
    expect(code).toBe(5);
    expect(JSON.parse(stdout).findings[0]).toMatchObject({
      file: 'specs/prod/perpetual-node.yaml',
      code: 'nsg-open-admin-api',
    });
  });

  it('finds every spec below specs/, or below a folder, and takes one environment', async () => {
    const root = folder({
      ...spec('dev'),
      ...spec('prod'),
      'specs/node_modules/x/perpetual-node.yaml': 'x',
      'other/perpetual-node.yaml': leastSpec,
    });
    const files = async (...args: string[]) =>
      JSON.parse((await perpetual(['check', '-f', 'json', ...args], { cwd: root })).stdout).specs.map(
        ({ file }: { file: string }) => file,
      );
    expect(await files()).toEqual(['specs/dev/perpetual-node.yaml', 'specs/prod/perpetual-node.yaml']);
    expect(await files('.')).toEqual([
      'other/perpetual-node.yaml',
      'specs/dev/perpetual-node.yaml',
      'specs/prod/perpetual-node.yaml',
    ]);
    expect(await files('-e', 'dev')).toEqual(['specs/dev/perpetual-node.yaml']);
  });

  it('takes patterns that the shell left alone', async () => {
    const root = folder({ ...spec('dev'), ...spec('prod'), 'other/x.yaml': leastSpec });
    const files = async (...args: string[]) =>
      JSON.parse((await perpetual(['check', '-f', 'json', ...args], { cwd: root })).stdout).specs.map(
        ({ file }: { file: string }) => file,
      );
    expect(await files('specs/*')).toEqual(['specs/dev/perpetual-node.yaml', 'specs/prod/perpetual-node.yaml']);
    expect(await files('**/*.yaml')).toEqual([
      'other/x.yaml',
      'specs/dev/perpetual-node.yaml',
      'specs/prod/perpetual-node.yaml',
    ]);
    expect(await perpetual(['check', 'specs/q*'], { cwd: root })).toMatchObject({
      code: 2,
      stderr: 'perpetual: nothing is called like "specs/q*"\n',
    });
  });

  it('refuses what is not UTF-8', async () => {
    const root = folder({});
    writeFileSync(join(root, 'x.yaml'), Buffer.from([0x61, 0x3a, 0xff, 0xfe]));
    expect(await perpetual(['check', 'x.yaml'], { cwd: root })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'perpetual: can\'t read "x.yaml": it is not UTF-8 text\n',
    });
  });

  it('judges as on a given day', async () => {
    const root = folder(spec('prod', leastSpec.replace('1.35', '1.34')));
    const codes = async (day: string) =>
      JSON.parse((await perpetual(['check', '-f', 'json', '--as-of', day], { cwd: root })).stdout).findings.map(
        ({ code }: { code: string }) => code,
      );
    expect(await codes('2026-08-01')).toEqual([]);
    expect(await codes('2026-11-22')).toEqual(['sku-retiring']);
    expect(await codes('2026-12-01')).toEqual(['kubernetes-version-unsupported']);
  });

  it("obeys the owners' settings above the spec, and reports a fault in them at its line", async () => {
    const root = folder({
      ...spec('prod', open),
      'policies/config.yaml': 'policies:\n  nsg-open-admin-api: { production: advisory }\n',
    });
    expect(await perpetual(['check', '-q', '--quiet'], { cwd: root })).toMatchObject({ code: 2 });
    expect(await perpetual(['check', '--quiet'], { cwd: root })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('warning[nsg-open-admin-api]'),
    });
    writeFileSync(
      join(root, 'policies/config.yaml'),
      'policies:\n  nsg-open: { production: advisory }\n  sku-below-system-minimum: { production: disabled }\n',
    );
    const { code, stdout } = await perpetual(['check', '--quiet'], { cwd: root });
    expect(code).toBe(1);
    expect(stdout).toContain('error[spec/policy-config]: there is no policy "nsg-open"');
    expect(stdout).toContain('--> policies/config.yaml:2:3');
    expect(stdout).toContain('"sku-below-system-minimum" is always mandatory');
  });
});

describe('output', () => {
  it('is, for people, what was reviewed', async () => {
    const { stdout } = await perpetual([
      'check',
      ...['nsg-open-admin-api', 'keyvault-broad-permissions', 'sku-below-system-minimum', 'cost-over-budget'].map(
        (id) => `test/fixtures/policies/${id}/invalid.yaml`,
      ),
      'test/fixtures/specs/wrong.yaml',
    ]);
    expectGolden('test/goldens/cli/findings.txt', stdout);
  });

  it('is, for programs, what was reviewed', async () => {
    const { stdout } = await perpetual(['check', 'test/fixtures/specs/wrong.yaml', 'specs', '-f', 'json']);
    expectGolden('test/goldens/cli/findings.json', stdout);
  });

  it('goes to files whole, and to standard output once', async () => {
    const root = folder(spec('prod', open));
    const { stdout } = await perpetual(['compile', '-f', 'pretty', '-f', 'json=report/out.json', '-o', 'build'], {
      cwd: root,
    });
    expect(stdout).toContain('nsg-open-admin-api');
    expect(JSON.parse(readFileSync(join(root, 'report/out.json'), 'utf8')).formatVersion).toBe(1);
    expect(existsSync(join(root, 'build'))).toBe(false);
  });

  it.each(['compact', 'github', 'junit', 'sarif'])('is as %s what was reviewed', async (format) => {
    const { stdout } = await perpetual(['check', 'test/fixtures/specs/wrong.yaml', 'specs', '-f', format]);
    expectGolden(`test/goldens/cli/findings.${format}`, stdout);
  });

  it('is all formats in one run, each the same as alone, and nothing but one of them on standard output', async () => {
    const root = folder(spec('prod', open));
    const names = ['pretty', 'compact', 'json', 'sarif', 'junit', 'github', 'markdown'];
    const files = names.flatMap((name) => ['-f', `${name}=out/${name}`]);
    expect(await perpetual(['check', ...files], { cwd: root })).toEqual({ code: 5, stdout: '', stderr: '' });
    expect(readdirSync(join(root, 'out')).sort()).toEqual([...names].sort());
    for (const name of names) {
      const alone = await perpetual(['check', '-f', name], { cwd: root });
      expect(alone).toEqual({ code: 5, stdout: readFileSync(join(root, 'out', name), 'utf8'), stderr: '' });
    }
  });

  it('is added to the page of a step of GitHub Actions, and replaces every other file', async () => {
    const root = folder({ ...spec('prod'), 'summary.md': 'before\n', 'report.md': 'before\n' });
    const env = { GITHUB_STEP_SUMMARY: join(root, 'summary.md') };
    const formats = ['-f', 'github', '-f', 'markdown=summary.md', '-f', 'json=report.md'];
    expect(await perpetual(['check', ...formats], { cwd: root, env })).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(root, 'summary.md'), 'utf8')).toMatch(/^before\n\n\*\*ok, 9\d\.\d\d USD\/month/);
    expect(JSON.parse(readFileSync(join(root, 'report.md'), 'utf8')).formatVersion).toBe(1);
    await perpetual(['check', '-f', 'markdown=summary.md'], { cwd: root });
    expect(readFileSync(join(root, 'summary.md'), 'utf8')).toMatch(/^\*\*ok/);
  });

  it('names files from the root of the repository where GitHub shows them, and from here elsewhere', async () => {
    const root = folder(
      Object.fromEntries(Object.entries(spec('prod', open)).map(([file, text]) => [`infra/${file}`, text])),
    );
    const cwd = join(root, 'infra');
    const run = async (format: string) =>
      (await perpetual(['check', '-f', format], { cwd, env: { GITHUB_WORKSPACE: root } })).stdout;
    expect(await run('github')).toContain('file=infra/specs/prod/perpetual-node.yaml,');
    expect(await run('sarif')).toContain('"uri": "infra/specs/prod/perpetual-node.yaml"');
    expect(await run('compact')).toMatch(/^specs\/prod/);
    const elsewhere = { GITHUB_WORKSPACE: folder({}) };
    expect((await perpetual(['check', '-f', 'github'], { cwd, env: elsewhere })).stdout).toContain('file=specs/prod');
  });

  it('goes to a pipe that has a name, too, and leaves the pipe there', async () => {
    const root = folder(spec('prod', open));
    spawnSync('mkfifo', [join(root, 'pipe')]);
    const reader = spawn('cat', [join(root, 'pipe')]);
    const [outcome, read] = await Promise.all([
      perpetual(['check', '-f', 'compact=pipe'], { cwd: root }),
      text(reader.stdout),
    ]);
    expect(outcome).toEqual({ code: 5, stdout: '', stderr: '' });
    expect(read).toContain('[nsg-open-admin-api]');
    expect(statSync(join(root, 'pipe')).isFIFO()).toBe(true);
  });

  it('writes the plan of a spec that is right, and nothing with --check', async () => {
    const root = folder(spec('prod'));
    await perpetual(['check', '-o', 'build'], { cwd: root });
    expect(existsSync(join(root, 'build'))).toBe(false);
    await perpetual(['compile', '-o', 'build'], { cwd: root });
    const plan = JSON.parse(readFileSync(join(root, 'build/plan.json'), 'utf8'));
    expect(plan).toMatchObject({
      formatVersion: 1,
      environment: 'prod',
      spec: { file: 'specs/prod/perpetual-node.yaml' },
    });
    expect(plan.spec.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("says why it can't write", async () => {
    const root = folder({ ...spec('prod'), build: 'a file' });
    expect(await perpetual(['compile', '-o', 'build'], { cwd: root })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('can\'t write "build/plan.json"'),
    });
  });

  it('never shows a secret, in no format', async () => {
    const secrets = ['hunter2-hunter2', 'ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'another literal', 'swordfish'];
    const leaking = `${leastSpec}secrets: { items: [{ name: a, from: ${secrets[0]} }, { name: b_b, from: env:B }] }\nregistry: { kind: ghcr, username: ${secrets[1]}, password: "${secrets[2]}" }\nfoo: { token: ${secrets[3]}, x: "unclosed\n`;
    const commands = [
      ...['pretty', 'compact', 'json', 'sarif', 'junit', 'github', 'markdown'].map((name) => [
        'check',
        '-',
        '-f',
        name,
      ]),
      ...['pretty', 'json', 'markdown'].map((name) => ['cost', '-', '-f', name]),
      ['cost', '-', '--by', 'line'],
      ['cost', '-', '--by', 'line', '-f', 'markdown'],
    ];
    for (const args of commands) {
      const { stdout, stderr, code } = await perpetual(args, { input: leaking });
      expect(code).toBe(1);
      for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
    }
  });

  it('uses colour when told, and only then here', async () => {
    const root = folder(spec('prod', open));
    const colored = async (args: string[], env = {}) =>
      (await perpetual(['check', ...args], { cwd: root, env })).stdout.includes('\u001b[');
    expect(await colored([])).toBe(false);
    expect(await colored(['--color', 'always'])).toBe(true);
    expect(await colored(['--color', 'never'], { NO_COLOR: '', FORCE_COLOR: '1' })).toBe(false);
    expect(await colored([], { NO_COLOR: '', FORCE_COLOR: '1' })).toBe(true);
  });

  it('prints help and version', async () => {
    expect((await perpetual(['--version'])).stdout).toBe(
      `${JSON.parse(readFileSync('package.json', 'utf8')).version}\n`,
    );
    for (const args of [['--help'], ['help'], ['check', '--help'], ['schema', '-h']])
      expect(await perpetual(args)).toMatchObject({
        code: 0,
        stderr: '',
        stdout: expect.stringContaining('perpetual'),
      });
    expect((await perpetual([])).code).toBe(2);
  });
});
