import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/explain/explain.ts';
import { promoted, travelling } from '../../src/promote/promote.ts';
import { perpetual } from '../support/cli.ts';
import { compileText, folder } from '../support/specs.ts';

const fileOf = (environment: string): string => `specs/${environment}/perpetual-node.yaml`;
const [dev, prod] = ['dev', 'prod'].map((each) => readFileSync(fileOf(each), 'utf8')) as [string, string];
const newer = dev.replace('kubo:v0.42.0', 'kubo:v0.43.0').replace('"1.35"', '"1.36"');
const project = (files: Record<string, string> = {}) =>
  folder({ 'Pulumi.yaml': 'name: test\nruntime: nodejs\n', [fileOf('dev')]: newer, [fileOf('prod')]: prod, ...files });
const promote = (cwd: string, ...args: string[]) => perpetual(['promote', ...args], { cwd });
const prodIn = (cwd: string): string => readFileSync(join(cwd, fileOf('prod')), 'utf8');

describe('what travels', () => {
  it('is said by the schema, and by "explain"', () => {
    expect(travelling()).toEqual(['cluster.kubernetesVersion', 'node.image']);
    for (const path of travelling()) expect(Object.fromEntries(explain(path)?.parts ?? [])).toHaveProperty('travels');
    expect(Object.fromEntries(explain('azure.region')?.parts ?? [])).not.toHaveProperty('travels');
  });

  it('keeps comments, order and style of where it goes', () => {
    const text = prod
      .replace('image: docker.io/ipfs/kubo:v0.42.0', "image: 'docker.io/ipfs/kubo:v0.42.0' # ours")
      .replace('kubernetesVersion: "1.35"', 'kubernetesVersion: "1.35" # since May');
    const result = promoted(compileText(newer), compileText(text), travelling(), compileText);
    expect(result?.text).toBe(text.replace('v0.42.0', 'v0.43.0').replace('"1.35"', '"1.36"'));
    expect(result?.refused).toEqual([]);
  });

  it('is written in place of an alias, and not where it would change another key', () => {
    const of = (to: string) =>
      promoted(compileText(newer), compileText(to), ['cluster.kubernetesVersion'], compileText);
    const alias = prod
      .replace('costCentre: storage', 'version: &v "1.35"')
      .replace('kubernetesVersion: "1.35"', 'kubernetesVersion: *v');
    expect(of(alias)?.text).toBe(alias.replace('*v', '"1.36"'));
    const anchor = prod
      .replace(/^ {2}tags: .*\n/m, '')
      .replace('kubernetesVersion: "1.35"', 'kubernetesVersion: &v "1.35"')
      .concat(
        'policies: { waivers: [{ policy: sku-retiring, reason: *v, owner: a@example.org, expires: 2027-01-31 }] }\n',
      );
    expect(of(anchor)).toBeUndefined();
  });
});

describe('promote', () => {
  it('writes what travels and nothing besides, shows it with its price, and has nothing to do the second time', async () => {
    const cwd = project();
    const { code, stdout, stderr } = await promote(cwd, 'dev', 'prod');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(prodIn(cwd)).toBe(prod.replace('v0.42.0', 'v0.43.0').replace('"1.35"', '"1.36"'));
    expect(stdout).toMatch(/^--- a\/specs\/prod\/perpetual-node.yaml\n/);
    expect(stdout).toContain('+  image: docker.io/ipfs/kubo:v0.43.0\n');
    expect(stdout).toContain('prod, 2 fields, 2 updated, 95.31 USD/month as before');
    expect(stdout).toMatch(/\nwritten: specs\/prod\/perpetual-node.yaml\n$/);
    expect(await promote(cwd, 'dev', 'prod')).toMatchObject({
      code: 0,
      stdout: 'prod has already what travels from dev\n',
    });
  });

  it('shows and writes nothing when it is asked to, and a part when that is meant', async () => {
    const cwd = project();
    const dry = await promote(cwd, 'dev', 'prod', '--dry-run');
    expect(dry.code).toBe(0);
    expect(dry.stdout).toContain('+  kubernetesVersion: "1.36"');
    expect(prodIn(cwd)).toBe(prod);
    const part = await promote(cwd, 'dev', 'prod', '--only', 'node.image', '--json');
    expect(JSON.parse(part.stdout)).toMatchObject({
      ...{ formatVersion: 1, from: 'dev', to: 'prod', written: true, findings: [] },
      changes: [{ path: 'node.image', to: 'docker.io/ipfs/kubo:v0.43.0' }],
      specs: [{ environment: 'prod', bill: { beforeUsd: 95.31, afterUsd: 95.31 } }],
    });
    expect(prodIn(cwd)).toBe(prod.replace('v0.42.0', 'v0.43.0'));
    // From the folder of a spec as well.
    const inside = await promote(join(cwd, 'specs', 'dev'), 'dev', 'prod', '--dry-run');
    expect(inside.stdout).toContain('kubernetesVersion: "1.36"');
  });

  it('writes nothing when the result would be refused, all of it or none', async () => {
    const cases: [from: string, code: number, finding: string][] = [
      [
        newer.replace('"1.36"', '"1.34"'),
        1,
        "error[plan/refused-change]: the cluster can't go from Kubernetes 1.35 to 1.34",
      ],
      [newer.replace('"1.36"', '"1.31"'), 1, 'error[kubernetes-version-unsupported]'],
    ];
    for (const [from, code, finding] of cases) {
      const cwd = project({ [fileOf('dev')]: from });
      const outcome = await promote(cwd, 'dev', 'prod');
      expect(outcome, finding).toMatchObject({ code, stdout: expect.stringContaining(finding) });
      expect(outcome.stdout).toMatch(/\nnothing was written\n$/);
      expect(prodIn(cwd)).toBe(prod);
    }
  });

  it('goes on where what is wrong was wrong before', async () => {
    const cwd = project({ [fileOf('prod')]: prod.replace('monthlyUsd: 140', 'monthlyUsd: 40') });
    expect(await promote(cwd, 'dev', 'prod', '--only', 'node.image')).toMatchObject({ code: 0 });
    expect(prodIn(cwd)).toContain('v0.43.0');
  });

  it('refuses what it can not do', async () => {
    const cwd = project({ [fileOf('broken')]: 'a: [\n' });
    const refusals: [args: string[], code: number, message: string][] = [
      [['dev'], 2, 'needs two environments'],
      [['dev', 'dev'], 2, 'name another environment'],
      [['dev', 'prood'], 6, 'did you mean "prod"?'],
      [
        ['dev', 'prod', '--only', 'azure.region'],
        2,
        '"azure.region" does not travel; what does: cluster.kubernetesVersion, node.image',
      ],
      [['broken', 'prod'], 1, 'specs/broken/perpetual-node.yaml has errors'],
      [['dev', 'broken'], 1, 'specs/broken/perpetual-node.yaml has errors'],
    ];
    for (const [args, code, message] of refusals)
      expect(await promote(cwd, ...args), message).toMatchObject({
        code,
        stdout: '',
        stderr: expect.stringContaining(message),
      });
  });

  it('comes from where the owners have it come from', async () => {
    const cwd = project({ 'policies/config.yaml': 'promotion: { prod: { from: staging } }\n' });
    expect(await promote(cwd, 'dev', 'prod')).toMatchObject({
      code: 1,
      stderr: 'perpetual: policies/config.yaml has "prod" promoted from "staging", not from "dev"\n',
    });
    writeFileSync(join(cwd, 'policies', 'config.yaml'), 'promotion: { prod: { from: dev } }\n');
    expect(await promote(cwd, 'dev', 'prod')).toMatchObject({ code: 0 });
    expect(existsSync(join(cwd, '.perpetual'))).toBe(false);
  });
});
