import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applied } from '../../src/edit/edits.ts';
import { fixText, harmOf, safeOnes } from '../../src/mends/fix.ts';
import { allSpecs, compileText, leastSpec, today } from '../support/specs.ts';

const read = (file: string): string => readFileSync(file, 'utf8');
const commentsOf = (text: string): string[] => text.match(/(?<=^|\s)#.*/gm) ?? [];

describe('every fix of every finding of a fixture', () => {
  it.each(allSpecs)('%s: ends its finding and brings about none', (file) => {
    const before = compileText(read(file), file);
    for (const diagnostic of before.diagnostics)
      for (const { edits, title } of diagnostic.fixes ?? []) {
        const after = compileText(applied(before.loaded.source.text, edits), file);
        expect(harmOf(diagnostic, before, after), `${diagnostic.code}: ${title}`).toBeUndefined();
      }
  });
});

describe('fixing', () => {
  const any = (file: string, text: string) =>
    fixText(file, text, { today }, (diagnostic) => safeOnes(diagnostic) ?? diagnostic.fixes?.[0]);

  it.each(allSpecs)('%s: is done when it is done, and keeps comments', (file) => {
    for (const fix of [any, (name: string, text: string) => fixText(name, text, { today }, safeOnes)]) {
      const { text } = fix(file, read(file));
      expect(fix(file, text)).toMatchObject({ text, done: [] });
      // A comment behind what goes, goes with it.
      const kept = commentsOf(text);
      for (const comment of commentsOf(read(file)).filter((each) => !each.includes('#!')))
        expect(kept).toContain(comment);
    }
  });

  it('leaves what is right alone', () => {
    for (const file of allSpecs) {
      const compiled = compileText(read(file), file);
      if (!compiled.diagnostics.some(({ fixes }) => fixes)) expect(any(file, read(file)).text).toBe(read(file));
    }
  });

  it('of any slip in a spec does no harm', () => {
    const text = read('test/fixtures/specs/everything.yaml');
    const slips = fc.tuple(
      fc.integer({ min: 0, max: text.length - 1 }),
      fc.constantFrom<(text: string) => string>(
        (at) => at.slice(1),
        (at) => (at[1] ?? '') + (at[0] ?? '') + at.slice(2),
        (at) => (at[0] ?? '') + at,
        (at) => (at[0] ?? '').toUpperCase() + at.slice(1),
        (at) => `\t${at}`,
        (at) => `"${at}`,
      ),
    );
    fc.assert(
      fc.property(slips, ([offset, slip]) => {
        const wrong = text.slice(0, offset) + slip(text.slice(offset));
        const before = compileText(wrong, 'a.yaml').diagnostics.length;
        const fixed = fixText('a.yaml', wrong, { today }, safeOnes);
        if (fixed.done.length === 0) expect(fixed.text).toBe(wrong);
        else if (!fixed.done.some(({ code }) => code.startsWith('yaml/')))
          expect(fixed.compiled.diagnostics.filter(({ level }) => !level).length).toBeLessThan(before);
        expect(fixText('a.yaml', fixed.text, { today }, safeOnes).done).toEqual([]);
      }),
      { numRuns: 60, seed: 10 },
    );
  });
});

describe('a safe fix', () => {
  const repaired = (from: string, to: string) =>
    fixText('specs/prod/perpetual-node.yaml', leastSpec.replace(from, to), { today }, safeOnes);

  it.each([
    ['"1.35"', '1.35', '"1.35"'],
    ['"1.35"', '"1.35"\n  nodePool: { cout: 2 }', 'nodePool: { count: 2 }'],
    ['"1.35"', '"1.35"\n  nodePool: { osDiskGiB: "64 GiB" }', 'nodePool: { osDiskGiB: 64 }'],
    ['"1.35"', '"1.35"\n  tier: free', 'tier: Free'],
    ['"1.35"', '"1.35"\n  api: { authorizedIpRanges: 203.0.113.7 }', 'authorizedIpRanges: [203.0.113.7/32]'],
    ['"1.35"', '"1.35"\n  api: { authorizedIpRanges: [203.0.113.7/24] }', 'authorizedIpRanges: [203.0.113.0/24]'],
    ['region: eastus', 'region: East US', 'region: eastus'],
    ['region: eastus', 'region: eastsu', 'region: eastus'],
    ['kind: PerpetualNode\n', '', 'v1\nkind: PerpetualNode\nmetadata'],
    ['environment: prod', 'environment: prod\n  tags: { costCentre: 42 }', 'tags: { costCentre: "42" }'],
    [
      'kubo:v0.42.0\n',
      'kubo:v0.42.0\nnetwork: { dns: { zone: example.org, record: node, create: yes } }\n',
      'create: true',
    ],
    ['kubo:v0.42.0\n', 'kubo:v0.42.0\n  resources: { cpu: "1" memory: 2Gi }\n', 'resources: { cpu: "1", memory: 2Gi }'],
    ['name: perpetual', 'name:perpetual', 'name: perpetual'],
    [
      'kubo:v0.42.0\n',
      'kubo:v0.42.0\nbudget: { monthlyUsd: 140, alerts: [{ atPercent: 80, emails: [a@example.org] }] }\n',
      'budget: { monthlyUsd: 140, start: 2026-11-01, alerts:',
    ],
    [
      'kubo:v0.42.0\n',
      `kubo:v0.42.0
policies:
  waivers:
    - { policy: cost-over-budget, reason: a trial, owner: ada@example.org, expires: 2026-01-31 } # over
`,
      'kubo:v0.42.0\n',
    ],
  ])('%j written as %j', (from, to, expected) => {
    const { text, done, compiled } = repaired(from, to);
    expect(done.length).toBeGreaterThan(0);
    expect(text).toContain(expected);
    expect(compiled.diagnostics.filter(({ level }) => !level)).toEqual([]);
  });

  it('is none where two keys or values are near, or where it costs or opens something', () => {
    for (const [from, to] of [
      ['"1.35"', '"1.35"\n  nodePool: { vmSize: Standard_B1ms }'],
      ['"1.35"', '"1.28"'],
      ['kubo:v0.42.0\n', 'kubo:v0.42.0\nnetwork: { expose: { gateway: { from: [internet] } } }\n'],
    ] as const)
      expect(repaired(from, to).done).toEqual([]);
  });

  it('never reads what may be a secret', () => {
    const { text, done } = repaired(
      'kubo:v0.42.0\n',
      'kubo:v0.42.0\nregistry: { kind: ghcr, username: a, password: Hunter2 }\n',
    );
    expect(done).toEqual([]);
    expect(text).toContain('Hunter2');
  });
});
