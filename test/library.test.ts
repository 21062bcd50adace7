import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compile, positionOf, report, type Spec } from '../src/index.ts';
import { expectNoErrors, findingsOf, planOf, resourcesOf } from '../src/testing.ts';
import { perpetual } from './support/cli.ts';
import { leastSpec, today } from './support/specs.ts';

const file = 'specs/prod/perpetual-node.yaml';
const prod = readFileSync(file, 'utf8');
const config = { file: 'policies/config.yaml', text: readFileSync('policies/config.yaml', 'utf8') };
const asObject = (text: string): Spec => parse(text) as Spec;
const small = prod.replace('Standard_D2as_v5', 'Standard_B1ms');
const waived = `${leastSpec}policies: { waivers: [{ policy: sku-burstable-system-pool, reason: a short test of it, owner: ada@example.org, expires: 2026-12-31 }] }\n`;

describe('compile, for programs', () => {
  it.each(['json', 'pretty'] as const)('reports in %s what the command line prints', async (format) => {
    const args = ['check', '--stdin-filename', file, '--format', format, '--color', 'never', '-'];
    const { stdout } = await perpetual(args, { input: small });
    expect(await report(compile(file, small, { today, config }), { format })).toBe(stdout);
  });

  it('reports several specs in one', async () => {
    const all = [file, 'specs/dev/perpetual-node.yaml'].map((each) =>
      compile(each, readFileSync(each, 'utf8'), { today }),
    );
    const { specs, summary } = JSON.parse(await report(all, { format: 'json' }));
    expect(specs.map(({ environment, ok }: { environment: string; ok: boolean }) => `${environment} ${ok}`)).toEqual([
      'prod true',
      'dev true',
    ]);
    expect(await report(all, { format: 'markdown' })).toContain(`| **${summary.monthlyUsd}** |`);
    expect(summary.monthlyUsd).toBeCloseTo((all[0]?.bill?.monthlyUsd ?? 0) + (all[1]?.bill?.monthlyUsd ?? 0), 2);
    expect(Object.keys(specs[0]).sort()).toEqual(['bill', 'environment', 'file', 'ok', 'resources', 'stage']);
  });

  it('takes an object for the text it stands for', () => {
    const [fromText, fromObject] = [prod, asObject(prod)].map((spec) => compile(file, spec, { today }));
    expect(fromObject?.plan).toEqual(fromText?.plan);
    // The lines of an object are those of its JSON.
    const items = (compiled: typeof fromText) => compiled?.bill?.items.map(({ line: _, ...item }) => item);
    expect(items(fromObject)).toEqual(items(fromText));
  });

  it("finds mistakes in the owners' settings, at their place", () => {
    const compiled = compile(file, prod, { today, config: { file: 'policies/config.yaml', text: 'policy: {}\n' } });
    expect(compiled.ok).toBe(false);
    expect(compiled.diagnostics.map((each) => [each.code, each.labels[0].file, positionOf(compiled, each)])).toEqual([
      ['spec/policy-config', 'policies/config.yaml', { line: 1, column: 1 }],
    ]);
  });

  it('never throws at a text', () => {
    for (const text of ['', '[]', '{', '\0']) expect(compile(file, text, { today })).toMatchObject({ ok: false });
  });
});

describe('utilities for tests', () => {
  it('give findings as a test wants them', () => {
    expect(findingsOf(small, { today })).toContainEqual({
      code: 'sku-below-system-minimum',
      severity: 'error',
      message: '"Standard_B1ms" cannot be the node of an AKS system pool',
      path: 'cluster.nodePool.vmSize',
      line: 17,
      column: 23,
    });
  });

  it('leave out what a waiver accepts', () => {
    const burstable = waived.replace('"1.35"', '"1.35"\n  nodePool: { vmSize: Standard_B2ms }');
    expect(compile(file, burstable, { today }).diagnostics.map(({ code }) => code)).toContain(
      'sku-burstable-system-pool',
    );
    expect(findingsOf(burstable, { today }).map(({ code }) => code)).not.toContain('sku-burstable-system-pool');
    expectNoErrors(burstable, { today });
  });

  it('name every error of a spec that should have none', () => {
    expectNoErrors(prod, { today });
    const wrong = leastSpec.replace('eastus', 'eastsu').replace('name: perpetual', 'name: P');
    expect(() => planOf(wrong, { today, file: 'a.yaml' })).toThrow(
      /^a\.yaml has errors\n {2}4:9 metadata\.name: spec\/[^\n]+\n {2}8:11 azure\.region: spec\/unknown-region: [^\n]+$/,
    );
  });

  it('give the plan and its resources by type', () => {
    const [vault, ...others] = resourcesOf(planOf(asObject(prod), { today }), 'azure-native:keyvault:Vault');
    expect(vault?.options.protect).toBe(true);
    expect(others).toEqual([]);
  });
});
