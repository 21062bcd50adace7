import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies as all } from '../../policies/index.ts';
import { comparable, judgeProgram, markedLines, saidByPack, saidOf } from '../../src/fixtures/judge.ts';
import { readProgram } from '../../src/fixtures/program.ts';
import { type Pack, startPack } from '../support/pack.ts';
import { today } from '../support/specs.ts';

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
    const found = judgeProgram(program, all, today).filter(({ policy }) => isOnExposure(policy.id));
    expect(
      found
        .map(({ policy, finding }) => ({ line: program.lineOf(finding.resource, finding.input), code: policy.id }))
        .sort((a, b) => a.line - b.line || (a.code < b.code ? -1 : 1)),
    ).toEqual(markedLines(readFileSync(file, 'utf8')));
    const violations = await pack.analyze(program.resources);
    expect(comparable(saidByPack(violations.filter(({ policy }) => isOnExposure(policy))))).toEqual(
      comparable(saidOf(found)),
    );
  });
});
