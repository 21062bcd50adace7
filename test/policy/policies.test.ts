import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { compile } from '../../src/compile.ts';
import {
  fixturesIn,
  packDifferencesOnPrograms,
  packDifferencesOnSpec,
  programDifferences,
  specDifferences,
  specsOf,
} from '../../src/fixtures/fixture.ts';
import { type Pack, startPack } from '../support/pack.ts';
import { today } from '../support/specs.ts';

const folder = 'test/fixtures/policies';
const fixtures = fixturesIn(folder, policies);
const ids = fixtures.map(({ id }) => id);
/** A fault that our own plan can't have by construction has no spec, only a program. */
const inSpecs = fixtures.filter(({ specs }) => specs.length > 0);

describe.each(fixtures)('$id', (fixture) => {
  it("finds the guilty lines of programs in the provider's own shape, and nothing else", () => {
    expect(programDifferences(fixture, policies, today)).toEqual([]);
  });
});

describe.each(inSpecs)('$id in a spec', (fixture) => {
  it.each(fixture.specs)('finds the guilty lines of the %s one, and nothing else', (name) => {
    expect(specDifferences(fixture, name, policies, today)).toEqual([]);
  });

  it('says why, what to do and where it is written', () => {
    const file = join(fixture.folder, 'invalid.yaml');
    const { diagnostics } = compile(file, readFileSync(file, 'utf8'), { today });
    const found = diagnostics.filter(({ code }) => code === fixture.id);
    expect(found.every(({ level, why, help, url }) => level && why && help && url)).toBe(true);
  });
});

describe('the fixtures', () => {
  it('notice when any condition of any policy is turned around', () => {
    const files = ids.map((id) => `policies/${id}.ts`);
    const env = { ...process.env, NODE_OPTIONS: '' };
    const out = execFileSync(process.execPath, ['scripts/mutate.ts', ...files], { encoding: 'utf8', env });
    expect(out).toMatch(/^\d{3,} mutants, 0 not noticed\n$/);
  }, 300_000);
});

describe('what our own plan never has', () => {
  const files = [
    ...inSpecs.flatMap(({ folder: at }) => ['valid.yaml', 'invalid.yaml'].map((name) => join(at, name))),
    ...['specs/dev/perpetual-node.yaml', 'specs/prod/perpetual-node.yaml'],
    ...['everything', 'everything-else', 'all-keys'].map((name) => `test/fixtures/specs/${name}.yaml`),
  ];
  const found = new Set(
    files.flatMap((file) => compile(file, readFileSync(file, 'utf8'), { today }).diagnostics.map(({ code }) => code)),
  );

  it.each(ids.filter((id) => !inSpecs.some((each) => each.id === id)))('is %s', (id) => {
    expect(found).not.toContain(id);
  });
});

describe('one pack, asked as the engine asks it', () => {
  let pack: Pack;
  beforeAll(async () => {
    pack = await startPack({ specs: specsOf(fixtures) });
  });
  afterAll(() => pack.close());

  it.each(fixtures)('judges the programs of $id as in process', async (fixture) => {
    expect(await packDifferencesOnPrograms(fixture, policies, today, pack.analyze)).toEqual([]);
  });

  it.each(inSpecs.flatMap((fixture) => fixture.specs.map((name) => ({ id: fixture.id, name, fixture }))))(
    'judges the $name spec of $id as in process, at the same places',
    async ({ fixture, name }) => {
      expect(await packDifferencesOnSpec(fixture, name, policies, today, pack.analyze)).toEqual([]);
    },
  );

  it('has every policy, with a level of its own', async () => {
    const { name, policies: served } = await pack.info();
    expect(name).toBe('perpetual');
    expect(served.map((policy) => policy.name).sort()).toEqual(
      [...policies.map(({ id }) => id), ...['secrets', 'spec-advisory', 'spec-mandatory', 'waived']].sort(),
    );
    // As the protocol numbers them.
    const numbers = { advisory: 0, mandatory: 1, disabled: 2 };
    for (const { id, levels } of policies)
      expect([id, served.find((policy) => policy.name === id)?.level]).toEqual([id, numbers[levels.production]]);
  });
});
