import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Pack, startPack } from '../support/analyzer.ts';
import { byText, judgeProgram, triplesOf } from '../support/judge.ts';
import { markedLines } from '../support/marks.ts';
import { readProgram } from '../support/program.ts';

/** Whole programs that say who can reach what: every policy on exposure finds its guilty lines in them, and no others. */
const folder = 'test/fixtures/situations';
const files = readdirSync(folder).sort();
const isOnExposure = (policy: string): boolean => /^(nsg|cluster-open)-/.test(policy);

describe('a situation', () => {
  let pack: Pack;
  beforeAll(async () => {
    pack = await startPack();
  });
  afterAll(() => pack.close());

  it.each(files)('as in %s has its findings on the guilty lines, in both gates', async (name) => {
    const file = join(folder, name);
    const program = readProgram(file);
    const found = judgeProgram(program).filter(({ policy }) => isOnExposure(policy.id));
    expect(
      found
        .map(({ policy, finding }) => ({ line: program.lineOf(finding.resource, finding.input), code: policy.id }))
        .sort((a, b) => a.line - b.line || (a.code < b.code ? -1 : 1)),
    ).toEqual(markedLines(readFileSync(file, 'utf8')));
    const violations = await pack.analyze(program.resources);
    expect(triplesOf(violations.filter(({ policy }) => isOnExposure(policy)))).toEqual(
      found
        .map(({ policy, finding: { resource = '', input = '' } }) => ({ policy: policy.id, resource, input }))
        .sort(byText),
    );
  });
});

describe('the fixtures', () => {
  const policies = readdirSync('policies').filter((file) => isOnExposure(file));

  it('notice when a condition of a policy on exposure is turned around', () => {
    const out = execFileSync(process.execPath, ['scripts/mutate.ts', ...policies.map((file) => `policies/${file}`)], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect(out).toMatch(/^\d{2,} mutants, 0 not noticed\n$/);
  });
});
