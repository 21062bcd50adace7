import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SpecDiff } from '../../src/diff/diff.ts';
import { perpetual } from '../support/cli.ts';
import { git, repository } from '../support/repository.ts';
import { folder, leastSpec, specIn } from '../support/specs.ts';

const file = 'specs/prod/perpetual-node.yaml';
const larger = leastSpec.replace('"1.35"', '"1.35"\n  nodePool: { vmSize: Standard_D4as_v5 }');

async function diffs(root: string, ...args: string[]): Promise<SpecDiff[]> {
  const { stdout, stderr, code } = await perpetual(['diff', ...args, '-f', 'json'], { cwd: root });
  expect([stderr, code]).toEqual(['', 0]);
  return JSON.parse(stdout).specs;
}

describe('diff of two files', () => {
  const root = folder({ 'a.yaml': leastSpec, 'b.yaml': larger });

  it('says what the second one does', async () => {
    expect(await diffs(root, 'a.yaml', 'b.yaml')).toMatchObject([
      { file: 'b.yaml', baseFile: 'a.yaml', kind: 'changed', bill: { beforeUsd: 95.31, afterUsd: 158.09 } },
    ]);
    const { stdout } = await perpetual(['diff', 'a.yaml', 'b.yaml'], { cwd: root });
    expect(stdout).toContain('line 11: cluster.nodePool.vmSize: Standard_D2as_v5 -> Standard_D4as_v5\n');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 of 1 spec differs, 95.31 -> 158.09 USD/month');
  });

  it('takes one of them from standard input', async () => {
    const { stdout } = await perpetual(['diff', 'a.yaml', '-'], { cwd: root, input: larger });
    expect(stdout).toContain('+62.78 Nodes (cluster)');
  });

  it('exits with 7 when there is a difference and none was expected', async () => {
    const exit = async (...files: string[]) =>
      (await perpetual(['diff', ...files, '--expect-no-changes'], { cwd: root })).code;
    expect([await exit('a.yaml', 'b.yaml'), await exit('a.yaml', 'a.yaml')]).toEqual([7, 0]);
  });

  it.each([
    [['a.yaml'], '"diff" needs two files, or "--against REF" to compare with a commit'],
    [['-', '-'], '"-" can be only one of both files'],
    [['a.yaml', 'c.yaml'], 'can\'t read "c.yaml": there is no such file'],
    [['a.yaml', 'b.yaml', 'a.yaml'], '"diff" needs two files, or "--against REF" to compare with a commit'],
  ])('refuses %j', async (args, reason) => {
    const { code, stdout, stderr } = await perpetual(['diff', ...args], { cwd: root });
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: `perpetual: ${reason}\n` });
  });
});

describe('diff --against', () => {
  it('compares every spec that is here or was there', async () => {
    const root = repository(
      { ...specIn('prod'), ...specIn('dev'), ...specIn('old') },
      { ...specIn('prod', larger), ...specIn('new') },
    );
    rmSync(join(root, 'specs/old'), { recursive: true });
    const kinds = (await diffs(root, '--against', 'main')).map(({ environment, kind }) => [environment, kind]);
    expect(kinds).toEqual([
      ['dev', 'same'],
      ['new', 'added'],
      ['old', 'removed'],
      ['prod', 'changed'],
    ]);
    expect((await diffs(root, '--against', 'main', 'specs/prod')).map(({ environment }) => environment)).toEqual([
      'prod',
    ]);
    expect((await diffs(root, '--against', 'main', 'specs/old/perpetual-node.yaml')).map(({ kind }) => kind)).toEqual([
      'removed',
    ]);
    // Also from a folder below.
    expect((await diffs(join(root, 'specs'), '--against', 'main', '.')).map(({ kind }) => kind)).toEqual([
      'same',
      'added',
      'removed',
      'changed',
    ]);
  });

  it('knows a spec that has moved by its environment', async () => {
    const root = repository(specIn('prod'), {});
    renameSync(join(root, 'specs/prod'), join(root, 'specs/production'));
    expect(await diffs(root, '--against', 'HEAD')).toMatchObject([
      {
        file: 'specs/production/perpetual-node.yaml',
        baseFile: file,
        kind: 'changed',
        resources: [],
        findings: { new: [{ code: 'spec/environment-folder' }] },
      },
    ]);
  });

  it('compares what comes from standard input under its name', async () => {
    const root = repository(specIn('prod'), {});
    const { stdout } = await perpetual(['diff', '-', '--stdin-filename', file, '--against', 'main'], {
      cwd: root,
      input: larger,
    });
    expect(stdout).toContain('+62.78 Nodes (cluster)');
    const unnamed = await perpetual(['diff', '-', '--against', 'main'], { cwd: root, input: larger });
    expect(unnamed.stderr).toContain('needs "--stdin-filename"');
  });

  it('says how much of a broken side can be seen', async () => {
    const root = repository(specIn('prod', leastSpec.replace('eastus', '"eastus')), specIn('prod'));
    const [diff] = await diffs(root, '--against', 'main');
    expect(diff).toMatchObject({ incomplete: ['base'], findings: { new: [] } });
    expect(diff?.findings.fixed.map(({ code }) => code)).toContainEqual(expect.stringMatching(/^yaml\//));
  });

  it.each([
    [['--against', 'nowhere'], 'git knows no commit "nowhere" ("git fetch" brings what a shallow clone lacks)'],
    [['--against=--output=x'], 'git knows no commit "--output=x" ("git fetch" brings what a shallow clone lacks)'],
    [['--against', 'main', 'specs/x'], 'there is no spec called "specs/x", neither here nor at "main"'],
  ])('refuses %j', async (args, reason) => {
    const root = repository(specIn('prod'), {});
    const { code, stderr } = await perpetual(['diff', ...args], { cwd: root });
    expect([code, stderr]).toEqual([2, `perpetual: ${reason}\n`]);
  });

  it('reads the commit and changes nothing', async () => {
    const root = repository(specIn('prod'), specIn('prod', larger));
    const before = git(root, 'status', '--porcelain');
    await diffs(root, '--against', 'main');
    expect(git(root, 'status', '--porcelain')).toBe(before);
    expect(readFileSync(join(root, file), 'utf8')).toBe(larger);
  });
});
