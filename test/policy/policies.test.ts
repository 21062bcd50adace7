import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { compile } from '../../src/compile.ts';
import { type Pack, startPack } from '../support/analyzer.ts';
import { byText, judgeProgram, triplesOf } from '../support/judge.ts';
import { linesOf, markedLines } from '../support/marks.ts';
import { readProgram } from '../support/program.ts';
import { today } from '../support/specs.ts';

const folder = 'test/fixtures/policies';
const ids = readdirSync(folder).sort();
/** A fault that our own plan can't have by construction has no spec, only a program. */
const inSpecs = ids.filter((id) => existsSync(join(folder, id, 'invalid.yaml')));
const levelOf = (id: string) => policies.find((policy) => policy.id === id)?.levels.production;

describe.each(ids)('%s', (id) => {
  it("finds the guilty lines of a program in the provider's own shape, and nothing else", () => {
    const file = join(folder, id, 'program.yaml');
    const program = readProgram(file);
    const marked = markedLines(readFileSync(file, 'utf8'));
    expect(marked.length).toBeGreaterThan(0);
    expect(
      judgeProgram(program)
        .filter(({ policy }) => policy.id === id)
        .map(({ policy, finding }) => ({ line: program.lineOf(finding.resource, finding.input), code: policy.id }))
        .sort((a, b) => a.line - b.line),
    ).toEqual(marked);
  });
});

describe.each(inSpecs)('%s in a spec', (id) => {
  const read = (name: string): string => readFileSync(join(folder, id, name), 'utf8');
  const findingsOf = (name: string) => {
    const compiled = compile(`${folder}/${id}/${name}`, read(name), { today });
    return { compiled, findings: compiled.diagnostics.filter(({ severity, level }) => level || severity !== 'info') };
  };

  it('finds the guilty lines of the spec, and nothing else', () => {
    const { compiled, findings } = findingsOf('invalid.yaml');
    expect(markedLines(read('invalid.yaml')).length).toBeGreaterThan(0);
    expect(linesOf(compiled, findings)).toEqual(markedLines(read('invalid.yaml')));
    expect(findings.every(({ level, why, help, url }) => level && why && help && url)).toBe(true);
  });

  it('finds no fault in the spec that is right', () => {
    expect(markedLines(read('valid.yaml'))).toEqual([]);
    // Another policy may have advice on it.
    const { findings } = findingsOf('valid.yaml');
    expect(findings.filter(({ code, severity }) => code === id || severity !== 'info')).toEqual([]);
  });

  it("finds the same in the engine's pack, from the spec", async () => {
    const { compiled, findings } = findingsOf('invalid.yaml');
    const pack = await startPack({ stack: 'fixture', text: read('invalid.yaml') });
    try {
      const violations = await pack.analyze(compiled.plan?.resources ?? []);
      expect(triplesOf(violations)).toEqual(
        findings
          .map(({ code, resource }) => ({ policy: code, resource: resource?.name ?? '', input: resource?.path ?? '' }))
          .sort(byText),
      );
      for (const { policy, level } of violations) expect(level).toBe(levelOf(policy));
      for (const { labels } of findings) {
        const { line, column } = compiled.loaded.source.position(labels[0].range.start);
        expect(
          violations.some(({ message }) => message.includes(`specs/fixture/perpetual-node.yaml:${line}:${column}`)),
        ).toBe(true);
      }
    } finally {
      pack.close();
    }
  });
});

describe('what our own plan never has', () => {
  const files = [
    ...inSpecs.flatMap((id) => ['valid.yaml', 'invalid.yaml'].map((name) => join(folder, id, name))),
    ...['specs/dev/perpetual-node.yaml', 'specs/prod/perpetual-node.yaml'],
    ...['everything', 'everything-else', 'all-keys'].map((name) => `test/fixtures/specs/${name}.yaml`),
  ];
  const found = new Set(
    files.flatMap((file) => compile(file, readFileSync(file, 'utf8'), { today }).diagnostics.map(({ code }) => code)),
  );

  it.each(ids.filter((id) => !inSpecs.includes(id)))('is %s', (id) => {
    expect(found).not.toContain(id);
  });
});

describe('one pack for programs nobody wrote for it', () => {
  let pack: Pack;
  beforeAll(async () => {
    pack = await startPack();
  });
  afterAll(() => pack.close());

  it.each(ids)('judges %s as in process', async (id) => {
    const program = readProgram(join(folder, id, 'program.yaml'));
    const expected = judgeProgram(program).map(({ policy, finding }) => ({
      policy: policy.id,
      resource: finding.resource ?? '',
      input: finding.input ?? '',
    }));
    expect(triplesOf(await pack.analyze(program.resources, program.config))).toEqual(expected.sort(byText));
  });

  it('has every policy, with a level of its own', async () => {
    const { name, policies: served } = await pack.info();
    expect(name).toBe('perpetual');
    expect(served.map((policy) => policy.name).sort()).toEqual([...policies.map(({ id }) => id), 'waived'].sort());
    // As the protocol numbers them.
    const numbers = { advisory: 0, mandatory: 1, disabled: 2 };
    for (const { id, levels } of policies)
      expect([id, served.find((policy) => policy.name === id)?.level]).toEqual([id, numbers[levels.production]]);
  });
});

describe('waivers and levels', () => {
  const spec = (extra: string): string =>
    `${readFileSync(join(folder, 'nsg-open-admin-api', 'invalid.yaml'), 'utf8').replace(/ #!.*/g, '')}${extra}`;
  const waiver = (expires: string, path = ''): string =>
    `policies: { waivers: [{ policy: nsg-open-admin-api, ${path}reason: a trial of two weeks, owner: ada@example.org, expires: ${expires} }] }\n`;
  const waivedIn = (text: string) =>
    compile('x.yaml', text, { today })
      .diagnostics.filter(({ code }) => code === 'nsg-open-admin-api')
      .map(({ waived }) => waived !== undefined);

  it('count through their last day', () => {
    expect(waivedIn(spec(waiver('2026-11-22')))).toEqual([true, true, true]);
    expect(waivedIn(spec(waiver('2026-11-21')))).toEqual([false, false, false]);
  });

  it('cover one path when they name it', () => {
    expect(waivedIn(spec(waiver('2027-01-31', 'path: network.expose.api, ')))).toEqual([true, true, false]);
  });

  it('count for nothing when a part of them is unusable', () => {
    expect(waivedIn(spec(waiver('2027-01-31').replace('ada@example.org', 'ada')))).toEqual([false, false, false]);
  });

  it('stay in sight of the engine, as a note', async () => {
    const text = spec(waiver('2027-01-31'));
    const pack = await startPack({ stack: 'fixture', text });
    try {
      const violations = await pack.analyze(compile('x.yaml', text, { today }).plan?.resources ?? []);
      expect(violations.map(({ policy, level }) => [policy, level])).toEqual(Array(3).fill(['waived', 'advisory']));
      expect(violations[0]?.message).toContain('waived until 2027-01-31 by ada@example.org: a trial of two weeks');
    } finally {
      pack.close();
    }
  });
});
