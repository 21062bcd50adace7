import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { regionNames } from '../../src/catalog/regions.ts';
import { run } from '../../src/cli.ts';
import { compile } from '../../src/compile.ts';
import { type Answers, placeOf, projectFiles } from '../../src/init/project.ts';
import { perpetual } from '../support/cli.ts';
import { expectGolden } from '../support/golden.ts';
import { folder, today } from '../support/specs.ts';

type Job = { permissions?: object; 'timeout-minutes'?: number; environment?: unknown };
const subscription = '11111111-2222-3333-4444-555555555555';
const least = ['init', '--name', 'perpetual', '--subscription', subscription];
const spec = 'specs/dev/perpetual-node.yaml';

/** Every file below a folder with its text. */
const contents = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((file) => [file.slice(root.length + 1), readFileSync(file, 'utf8')]),
  );
const everything = (root: string): string[] => readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();

describe('init', () => {
  it('writes a project that is right, and says what it costs', async () => {
    const root = folder({});
    const { code, stdout, stderr } = await perpetual([...least, '--owner', 'ada@example.org'], { cwd: root });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { 'policies/config.yaml': config, ...files } = contents(root);
    expect(config).toBe(readFileSync('policies/config.yaml', 'utf8'));
    const shown = Object.entries(files).map(([file, text]) => `==> ${file}\n${text}`);
    expectGolden('test/goldens/cli/init.txt', [stdout, ...shown].join('\n'));
    expect(await perpetual(['check', '--fail-on', 'warning'], { cwd: root })).toMatchObject({ code: 0, stderr: '' });
  });

  it('writes production and everything else as it is told', async () => {
    const root = folder({});
    const told = ['-e', 'prod', '--region', 'westeurope', '--budget', '333', '--image', 'docker.io/ipfs/kubo:v0.40.0'];
    expect((await perpetual([...least, ...told], { cwd: root })).code).toBe(0);
    const written = parse(readFileSync(join(root, 'specs/prod/perpetual-node.yaml'), 'utf8'));
    expect(written).toMatchObject({
      metadata: { name: 'perpetual', environment: 'prod', stage: 'production' },
      azure: { subscription, region: 'westeurope' },
      node: { image: 'docker.io/ipfs/kubo:v0.40.0' },
      budget: { monthlyUsd: 333, start: '2026-11-01' },
    });
    expect(written.metadata).not.toHaveProperty('owner');
    expect(written.budget).not.toHaveProperty('alerts');
  });

  it('is named after its folder', async () => {
    const root = folder({});
    await perpetual(['init', 'My Node (2nd)', '--subscription', subscription], { cwd: root });
    expect(parse(readFileSync(join(root, 'My Node (2nd)', spec), 'utf8')).metadata.name).toBe('my-node-2nd');
  });

  it('leaves alone what is there, lists it, and adds a second environment', async () => {
    const mine = {
      'package.json': 'mine',
      '.gitignore': 'dist\n/.perpetual',
      'policies/config.yaml': 'policies: {}\n',
    };
    const root = folder(mine);
    const first = await perpetual(least, { cwd: root });
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/\nnext: npm install, perpetual check, perpetual preview dev\n$/);
    expect(first.stdout).toContain('there already, and left as they are:\n  package.json\n  policies/config.yaml\n');
    expect(contents(root)).toMatchObject({ ...mine, '.gitignore': 'dist\n/.perpetual\nnode_modules/\n' });
    const before = contents(root);
    const second = await perpetual([...least, '-e', 'prod'], { cwd: root });
    expect(second.code).toBe(0);
    expect(second.stdout.split('\n').slice(0, 2)).toEqual(['written:', '  specs/prod/perpetual-node.yaml']);
    const { 'specs/prod/perpetual-node.yaml': _, ...rest } = contents(root);
    expect(rest).toEqual(before);
  });

  it('refuses when the spec itself is there, and writes nothing', async () => {
    const root = folder({ [spec]: 'mine' });
    expect(await perpetual(least, { cwd: root })).toEqual({
      code: 2,
      stdout: '',
      stderr: `perpetual: "${spec}" is there, and nothing was written: "--environment" names another one for another spec\n`,
    });
    expect(contents(root)).toEqual({ [spec]: 'mine' });
  });

  it.each([
    [1, ['--region', 'eastsu'], 'did you mean "eastus"?'],
    [1, ['--image', 'a: {'], '"a: {"'],
    [1, ['-e', '../../outside'], '"../../outside"'],
    [1, ['--owner', 'nobody'], '"nobody"'],
    [5, ['--budget', '20'], 'cost-over-budget'],
  ])('shows why with %i, and writes nothing, for %j', async (expected, args, message) => {
    const root = folder({});
    const { code, stdout, stderr } = await perpetual([...least, ...args], { cwd: root });
    expect(code, stdout).toBe(expected);
    expect(stdout).toContain(message);
    expect(stderr).toBe('perpetual: nothing was written, because the spec would be wrong\n');
    expect(everything(root)).toEqual([]);
  });

  it.each([
    [['init'], '"init" needs "--subscription ID"'],
    [[...least, '--budget', 'much'], '"much" is not an amount'],
    [[...least, 'one', 'two'], '"two" is a second one'],
  ])('asks nothing without a terminal: %j', async (args, message) => {
    const root = folder({});
    expect(await perpetual(args, { cwd: root })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
    expect(everything(root)).toEqual([]);
  });

  it('takes everything back when a part can not be written', async () => {
    const root = folder({ '.gitignore': '', policies: 'a file where a folder should be' });
    const before = contents(root);
    expect(await perpetual(least, { cwd: root })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^perpetual: can't write ".*policies\/.*": something else of that name is in the way\n$/,
      ),
    });
    expect(contents(root)).toEqual(before);
    expect(everything(root)).toEqual(['.gitignore', 'policies']);
  });

  it('takes everything back when git can not be told what to ignore', async () => {
    const root = folder({ '.gitignore/x': '' });
    expect((await perpetual(least, { cwd: root })).code).toBe(2);
    expect(everything(root)).toEqual(['.gitignore', '.gitignore/x']);
  });

  it('puts the workflow where GitHub looks for it, and has it work in its folder', async () => {
    const root = folder({});
    execFileSync('git', ['init', '--quiet', root]);
    mkdirSync(join(root, 'infra', 'node'), { recursive: true });
    expect((await perpetual(least, { cwd: join(root, 'infra', 'node') })).code).toBe(0);
    expect(existsSync(join(root, 'infra', 'node', '.github'))).toBe(false);
    const { jobs } = parse(readFileSync(join(root, '.github/workflows/perpetual-check.yml'), 'utf8'));
    const steps = jobs.check.steps as Record<string, unknown>[];
    for (const step of steps.filter(({ run }) => run)) expect(step['working-directory']).toBe('infra/node');
    expect(steps.at(-1)).toMatchObject({ with: { sarif_file: 'infra/node/perpetual.sarif' } });
  });

  it('finds the package where npm has put it, above the project too', async () => {
    const root = folder({ 'node_modules/perpetual-node/package.json': '{}' });
    const { stdout } = await perpetual(['init', 'apps/node', ...least.slice(1)], { cwd: root });
    expect(stdout).toMatch(/\nnext: perpetual check, perpetual preview dev\n$/);
    expect(readFileSync(join(root, 'apps/node/Pulumi.yaml'), 'utf8')).toContain(
      'main: ../../node_modules/perpetual-node/dist/program.js',
    );
    expect(readFileSync(join(root, 'apps/node', spec), 'utf8')).toContain(
      '$schema=../../../../node_modules/perpetual-node/schema/perpetual-node.schema.json',
    );
  });
});

describe('at a terminal', () => {
  /** Answers question by question, as a person does; undefined is Ctrl-D. */
  async function answering(args: string[], answers: readonly (string | undefined)[]) {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const left = [...answers];
    let asked = '';
    stderr.on('data', (data) => {
      asked += data;
      if (!String(data).endsWith(': ') || left.length === 0) return;
      const answer = left.shift();
      if (answer === undefined) stdin.end();
      else stdin.write(`${answer}\n`);
    });
    const code = await run(args, { stdin, stdout, stderr, env: { PERPETUAL_AS_OF: today } });
    return { code, asked };
  }

  it('asks for what was not given, and takes what is usual for an empty answer', async () => {
    const root = join(folder({}), 'storage');
    const { code, asked } = await answering(
      ['init', root, '--region', 'westeurope'],
      ['', '', subscription, 'ada@example.org'],
    );
    expect(code).toBe(0);
    expect(asked).toContain('the environment [dev]: ');
    expect(asked).toContain('the name of the service [storage]: ');
    expect(asked).not.toContain('region');
    expect(parse(readFileSync(join(root, spec), 'utf8'))).toMatchObject({
      metadata: { name: 'storage', environment: 'dev', owner: 'ada@example.org' },
      azure: { subscription, region: 'westeurope' },
    });
  });

  it('writes nothing when somebody gives up', async () => {
    const root = folder({});
    const { code, asked } = await answering(['init', root], ['dev', undefined]);
    expect(code).toBe(8);
    expect(asked).toContain('cancelled, and nothing was written');
    expect(everything(root)).toEqual([]);
  });
});

describe('what init writes', () => {
  const answers: Answers = {
    ...{ name: 'perpetual', environment: 'dev', stage: 'development', region: 'eastus', subscription },
    ...{ image: 'docker.io/ipfs/kubo:v0.42.0', owner: 'ada@example.org', budgetUsd: 1000 },
  };
  const place = placeOf(folder({}));
  const wrongIn = (changes: Partial<Answers>, day = today): string[] => {
    const { text = '' } =
      projectFiles(place, { ...answers, ...changes }, day).find(({ path }) => path.endsWith(spec)) ?? {};
    const { diagnostics } = compile(spec, text, { today: day });
    return diagnostics.filter(({ severity }) => severity !== 'info').map(({ code }) => code);
  };

  it('is right in every region and at either stage', () => {
    for (const stage of ['production', 'development'])
      for (const region of regionNames()) expect(wrongIn({ region, stage }), region).toEqual([]);
  });

  it.each(['2026-03-10', '2026-11-22', '2027-03-31', '2027-10-31'])('is right on %s', (day) => {
    expect(wrongIn({}, day)).toEqual([]);
  });

  it('leaves no gap', () => {
    for (const { path, text } of projectFiles(place, answers, today)) expect(path + text).not.toMatch(/@[A-Z]+@/);
  });

  it('pins what it uses by hash, says which version that is, and asks for no more rights than it needs', () => {
    const written = projectFiles(place, answers, today).filter(({ path }) => path.includes('.github/'));
    for (const { text } of written)
      for (const [, uses] of text.matchAll(/uses: (.*)/g))
        expect(uses).toMatch(/^(\.\/\.github\/actions\/perpetual|[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/);
    const workflows = written.filter(({ path }) => path.includes('.github/workflows/'));
    expect(workflows.length).toBeGreaterThan(0);
    for (const { path, text } of workflows) {
      const { permissions, jobs } = parse(text);
      expect(permissions).toEqual({});
      for (const job of Object.values(jobs) as Job[]) {
        expect(job.permissions).toBeDefined();
        expect(job['timeout-minutes']).toBeGreaterThan(0);
        // Secrets are those of an environment, which can be protected.
        if (JSON.stringify(job).includes('secrets.')) expect(job.environment).toBeDefined();
      }
      expect(text).not.toMatch(/pull_request_target/);
      if (path.endsWith('check.yml')) expect(text).not.toMatch(/\bsecrets\./);
    }
  });
});
