import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { perpetual } from '../support/cli.ts';
import { leastSpec } from '../support/specs.ts';

const { FORCE_COLOR: _, ...env } = process.env;
const folder = (): string => mkdtempSync(join(tmpdir(), 'perpetual-extremes-'));
const check = (input: string) => perpetual(['check', '-', '-f', 'json'], { input });
const codes = async (input: string): Promise<string[]> =>
  JSON.parse((await check(input)).stdout).findings.map(({ code }: { code: string }) => code);

describe('what a file can hold', () => {
  it('50,000 lines', async () => {
    const rules = Array.from(
      { length: 5_000 },
      (_, index) =>
        `    - name: r${index}\n      priority: ${100 + (index % 3_000)}\n      access: Allow\n      protocol: Tcp\n      sourceAddressPrefix: 10.0.0.0/8\n      sourcePortRange: "*"\n      destinationAddressPrefix: "*"\n      destinationPortRange: "443"\n      direction: Inbound\n      description: a rule\n`,
    );
    const found = await codes(`${leastSpec}network:\n  rules:\n${rules.join('')}`);
    expect(found).toContain('spec/out-of-range');
  });

  it('200 levels, tens of thousands of brackets, and aliases that double at each step', async () => {
    expect(await codes(`${leastSpec}foo: ${'{ a: '.repeat(200)}1${' }'.repeat(200)}\n`)).toContain('yaml/too-deep');
    expect(await codes('['.repeat(30_000))).toContain('yaml/too-deep');
    const bomb = Array.from(
      { length: 30 },
      (_, index) => `a${index}: &a${index} [${index === 0 ? 'x, x' : `*a${index - 1}, *a${index - 1}`}]`,
    ).join('\n');
    expect(await codes(`${bomb}\n`)).toContain('yaml/too-large');
  });

  it('characters that are none', async () => {
    expect(await codes(`${leastSpec}# \u0000\n`)).toEqual(['yaml/character']);
    expect(
      await perpetual(['check', '-'], { input: Buffer.from([0xff, 0xfe, 0x61]).toString('latin1') }),
    ).toMatchObject({ stderr: '' });
  });

  it('names that reach into objects', async () => {
    expect(await codes(`${leastSpec}__proto__: { polluted: yes }\nconstructor: 1\ntoString: 2\n`)).toEqual([
      'yaml/key',
      'spec/unknown-key',
      'spec/unknown-key',
    ]);
  });
});

describe('what a file can be', () => {
  it('a folder, a link to nothing, a link in a circle', async () => {
    const root = folder();
    mkdirSync(join(root, 'specs', 'dev', 'perpetual-node.yaml'), { recursive: true });
    symlinkSync('nowhere', join(root, 'gone.yaml'));
    symlinkSync('round.yaml', join(root, 'round.yaml'));
    expect(await perpetual(['check'], { cwd: root })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^perpetual: there is no specs.*\n$/),
    });
    expect(await perpetual(['check', 'specs/dev/perpetual-node.yaml'], { cwd: root })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no perpetual-node.yaml below'),
    });
    expect(await perpetual(['check', 'gone.yaml'], { cwd: root })).toMatchObject({
      code: 2,
      stderr: 'perpetual: can\'t read "gone.yaml": there is no such file\n',
    });
    expect(await perpetual(['check', 'round.yaml'], { cwd: root })).toMatchObject({
      code: 2,
      stderr: 'perpetual: can\'t read "round.yaml": its links go round in circles\n',
    });
  });

  it('gone between finding and reading it', async () => {
    const root = folder();
    mkdirSync(join(root, 'specs', 'dev'), { recursive: true });
    symlinkSync('nowhere', join(root, 'specs', 'dev', 'perpetual-node.yaml'));
    expect(await perpetual(['check'], { cwd: root })).toMatchObject({
      code: 2,
      stderr: 'perpetual: can\'t read "specs/dev/perpetual-node.yaml": there is no such file\n',
    });
  });

  // As root every file may be read, so the command then runs as nobody.
  it('without rights', () => {
    const root = folder();
    chmodSync(root, 0o755);
    mkdirSync(join(root, 'specs', 'dev'), { recursive: true });
    writeFileSync(join(root, 'secret.yaml'), leastSpec, { mode: 0o600 });
    chmodSync(join(root, 'specs'), 0o700);
    const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    if (!('uid' in asNobody)) for (const name of ['secret.yaml', 'specs']) chmodSync(join(root, name), 0);
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(process.cwd(), 'bin/perpetual.js'), 'check', ...args], {
        cwd: root,
        encoding: 'utf8',
        ...asNobody,
        env: { PATH: process.env.PATH, HOME: root },
      });
    expect(run('secret.yaml')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'perpetual: can\'t read "secret.yaml": it may not be read\n',
    });
    expect(run('specs')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'perpetual: can\'t read "specs": it may not be read\n',
    });
  });
});

describe('what a run can meet', () => {
  it('a reader that stops reading', async () => {
    const child = spawn(
      'bash',
      ['-c', `"${process.execPath}" bin/perpetual.js schema | head -c 100 > /dev/null; echo "\${PIPESTATUS[0]}"`],
      { env },
    );
    const chunks: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => errors.push(chunk));
    await new Promise((resolve) => child.on('close', resolve));
    expect(Buffer.concat(errors).toString()).toBe('');
    expect(Buffer.concat(chunks).toString()).toBe('0\n');
  });

  it.skipIf(!existsSync('/dev/full'))(
    'a full disk: the output is not half there (skipped where there is no /dev/full)',
    async () => {
      const root = folder();
      symlinkSync('/dev/full', join(root, 'out.json'));
      const { status, stderr } = spawnSync(
        'bash',
        ['-c', `"${process.execPath}" bin/perpetual.js check specs -f json > /dev/full`],
        { encoding: 'utf8', env },
      );
      expect(status).toBe(2);
      expect(stderr).toBe("perpetual: can't write the output: the disk is full\n");
    },
  );
});
