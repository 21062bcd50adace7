import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli.ts';
import { perpetual } from '../support/cli.ts';
import { folder, specIn } from '../support/specs.ts';

const root = folder({ ...specIn('dev'), ...specIn('prod'), 'a file.yaml': '', 'bin/x': '' });
const { FORCE_COLOR: _, ...env } = process.env;
const inRoot = {
  cwd: root,
  encoding: 'utf8',
  // fish keeps files at home.
  env: { ...env, HOME: root, PATH: `${join(root, 'bin')}:${env.PATH}` },
} as const;
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

const drivers = {
  bash: resolve('test/fixtures/completion/ask.bash'),
  zsh: resolve('test/fixtures/completion/ask.zsh'),
};

/** The lines that a shell prints, in order. */
function printed(shell: string, args: readonly string[]): string[] {
  const { stdout, stderr } = spawnSync(shell, args, inRoot);
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean).sort();
}

beforeAll(() => symlinkSync(resolve('bin/perpetual.js'), join(root, 'bin', 'perpetual')));

/** The line as it was typed, and what may follow; where files may, the shell names those that are there. */
const cases: [string, string[]][] = [
  ['perpetual wa', ['waivers']],
  ['perpetual ca', ['cancel', 'catalog']],
  ['perpetual chec', ['check']],
  ['perpetual --v', ['--version']],
  ['perpetual catalog ', ['lock', 'show', 'update']],
  ['perpetual policy li', ['list']],
  ['perpetual check --fo', ['--format']],
  ['perpetual check --fail-on ', ['error', 'never', 'warning']],
  ['perpetual compile -f ', ['compact', 'github', 'json', 'junit', 'markdown', 'pretty', 'sarif']],
  ['perpetual cost -f m', ['markdown']],
  ['perpetual check -e ', ['dev', 'prod']],
  ['perpetual preview p', ['prod']],
  ['perpetual up prod -- --re', []],
  ['perpetual check --only nsg-open-a', ['nsg-open-admin-api']],
  ['perpetual explain cluster.nodePool.vm', ['cluster.nodePool.vmSize']],
  ['perpetual init --region eastus', ['eastus', 'eastus2', 'eastus2euap', 'eastusstg']],
  ['perpetual completion ', ['bash', 'fish', 'zsh']],
  ['perpetual nothing --fo', []],
];

describe('what is completed', () => {
  const ask = async (line: string): Promise<string[]> => {
    const { stdout, code } = await perpetual(['completion', '--', ...line.split(' ').slice(1)], { cwd: root });
    expect(code).toBe(0);
    return stdout.split('\n').filter(Boolean);
  };

  it('begins with every command, and says what it does', async () => {
    const lines = await ask('perpetual ');
    const first = new Set(Object.keys(commands).map((name) => name.split(' ')[0]));
    expect(new Set(lines.map((line) => line.split('\t')[0]))).toEqual(new Set([...first, 'check']));
    expect(lines.find((line) => line.startsWith('schema'))).toBe(
      'schema\tprint the JSON Schema of the spec, for editors',
    );
  });

  it('has no option that is given already, unless it may be given again', async () => {
    const words = (await ask('perpetual check --quiet -f json --')).map((line) => line.split('\t')[0]);
    expect(words).toContain('--format');
    expect(words).not.toContain('--quiet');
  });

  it.each([
    ['perpetual check ', [':files']],
    ['perpetual check -f sarif=', [':files']],
    ['perpetual check -f sarif = x', [':files']],
    ['perpetual check --format=ju', ['--format=junit\t']],
    ['perpetual check --format = ju', ['junit\t']],
    ['perpetual check --format =', ['compact\t', 'github\t', 'json\t', 'junit\t', 'markdown\t', 'pretty\t', 'sarif\t']],
    ['perpetual check --max-cost ', []],
    ['perpetual schema -o ', [':files']],
  ])('after %j is %j', async (line, expected) => {
    expect((await ask(line)).sort()).toEqual(expected);
  });

  it('is for the shell that runs, or the one that is named', async () => {
    const script = async (args: string[], SHELL: string) => perpetual(['completion', ...args], { env: { SHELL } });
    expect((await script([], '/usr/bin/fish')).stdout).toBe((await script(['fish'], '/bin/bash')).stdout);
    expect(await script([], '/bin/tcsh')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('"tcsh"'),
    });
    expect(await script(['bash', 'zsh'], '')).toMatchObject({ code: 2 });
  });
});

describe('bash', () => {
  it.each(cases)('completes "%s"', (line, expected) => {
    expect(printed('bash', ['--norc', drivers.bash, ...line.split(' ')])).toEqual(expected);
  });
});

describe.skipIf(!has('fish'))(`fish${has('fish') ? '' : ' (is not installed here)'}`, () => {
  const ask = 'perpetual completion fish | source; complete -C $argv[1]';
  const complete = (line: string): string[] =>
    printed('fish', ['--no-config', '-c', ask, line]).map((each) => each.split('\t')[0] as string);
  it.each(cases)('completes "%s"', (line, expected) => expect(complete(line)).toEqual(expected));
  it('completes files where they may stand', () => expect(complete('perpetual check a')).toEqual(['a file.yaml']));
});

describe.skipIf(!has('zsh'))(`zsh${has('zsh') ? '' : ' (is not installed here)'}`, () => {
  const complete = (line: string): string[] => printed('zsh', ['-f', drivers.zsh, ...line.split(' ')]);
  it.each(cases)('completes "%s"', (line, expected) => expect(complete(line)).toEqual(expected));
  it('completes files where they may stand', () => expect(complete('perpetual check ')).toContain('a file.yaml'));
});
