import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockOf } from '../../src/lock.ts';
import { admit } from '../../src/pulumi/admission.ts';
import { compileStack } from '../../src/pulumi/stack-spec.ts';
import { startPack } from '../support/analyzer.ts';
import { type CacheFolder, copyOf, useCacheFolder } from '../support/copy.ts';
import { leastSpec } from '../support/specs.ts';

const text = `${leastSpec}budget: { monthlyUsd: 140 }\n`;
const dear = copyOf({ eastus: { vm: { Standard_D2as_v5: { payAsYouGo: 0.5 } } } });

let cache: CacheFolder;
let root: string;
beforeEach(() => {
  cache = useCacheFolder();
  root = mkdtempSync(join(tmpdir(), 'perpetual-project-'));
  mkdirSync(join(root, 'specs/prod'), { recursive: true });
  writeFileSync(join(root, 'Pulumi.yaml'), 'name: perpetual\nruntime: nodejs\n');
  writeFileSync(join(root, 'specs/prod/perpetual-node.yaml'), text);
});
afterEach(() => cache.close());
const lock = (content: string): void => writeFileSync(join(root, 'perpetual.lock.json'), content);
const codes = () => compileStack(root, 'prod').compiled.diagnostics.map(({ code }) => code);

describe("the engine's processes", () => {
  it('judge by the copy, unless it is frozen or not what the lock names', () => {
    cache.keep(dear);
    expect(codes()).toContain('cost-over-budget');
    process.env.PERPETUAL_FROZEN = '1';
    expect(codes()).not.toContain('cost-over-budget');
    process.env.PERPETUAL_FROZEN = '';
    lock(JSON.stringify(lockOf('shipped')));
    expect(codes()).not.toContain('cost-over-budget');
    lock(JSON.stringify(lockOf('copy')));
    expect(codes()).toContain('cost-over-budget');
  });

  it('deploy nothing by facts that are not those pinned', () => {
    lock('{}');
    expect(() => admit(() => compileStack(root, 'prod'), { root })).toThrow(
      'perpetual refuses to deploy: the spec has errors\n  perpetual.lock.json:1:1: catalog/lock-mismatch: this is no lock of the catalog',
    );
  });

  it('have the bill of what the engine registers made by the same prices', async () => {
    cache.keep(dear);
    const resources = compileStack(root, 'prod').compiled.plan?.resources ?? [];
    const said = async (): Promise<string[]> => {
      const pack = await startPack({ stack: 'prod', text });
      try {
        return (await pack.analyze(resources)).map(({ policy }) => policy);
      } finally {
        pack.close();
      }
    };
    expect(await said()).toContain('cost-over-budget');
    process.env.PERPETUAL_FROZEN = '1';
    expect(await said()).not.toContain('cost-over-budget');
  });
});
