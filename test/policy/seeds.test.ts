import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { startPack } from '../support/analyzer.ts';
import { perpetual } from '../support/cli.ts';
import { expectGolden } from '../support/golden.ts';
import { byText, judgeProgram, triplesOf } from '../support/judge.ts';
import { linesOf, markedLines } from '../support/marks.ts';
import { readProgram } from '../support/program.ts';
import { today } from '../support/specs.ts';

/** What the first design of this infrastructure says, line by line, and what is wrong with it. */
const spec = 'test/fixtures/seeds/seeds.yaml';
const program = readProgram('test/fixtures/seeds/seeds.program.yaml');

it('the spec has its findings on the guilty lines, and no others', async () => {
  const text = readFileSync(spec, 'utf8');
  const compiled = compile(spec, text, { today });
  expect(linesOf(compiled, compiled.diagnostics)).toEqual(markedLines(text));
  expectGolden('test/goldens/seeds/spec.txt', (await perpetual(['check', spec])).stdout);
});

it('the program has its findings on the guilty lines, and no others', () => {
  const lines = judgeProgram(program)
    .map(({ policy, finding }) => ({
      line: program.lineOf(finding.resource, finding.input),
      code: policy.id,
      level: policy.advice ? 'advice' : policy.levels.production,
      message: finding.message,
    }))
    .sort((a, b) => a.line - b.line || (a.code < b.code ? -1 : 1));
  const marked = markedLines(readFileSync('test/fixtures/seeds/seeds.program.yaml', 'utf8'));
  expect(lines.map(({ line, code }) => ({ line, code }))).toEqual(marked);
  const text = lines.map(({ line, code, level, message }) => `${line}: ${level} ${code}: ${message}\n`);
  expectGolden('test/goldens/seeds/program.txt', text.join(''));
});

it("the engine's pack finds the same in the program, each at its level", async () => {
  const pack = await startPack();
  try {
    const verdicts = judgeProgram(program);
    const violations = await pack.analyze(program.resources, program.config);
    expect(triplesOf(violations)).toEqual(
      verdicts
        .map(({ policy, finding }) => ({
          policy: policy.id,
          resource: finding.resource ?? '',
          input: finding.input ?? '',
        }))
        .sort(byText),
    );
    const levels = new Map(verdicts.map(({ policy }) => [policy.id, policy.levels.production]));
    for (const { policy, level } of violations) expect([policy, level]).toEqual([policy, levels.get(policy)]);
  } finally {
    pack.close();
  }
});
