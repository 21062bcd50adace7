import { appendFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Step, soak } from '../test/soak/soak.ts';

/**
 * `npm run soak -- --seed N --edits N --report FILE`: random edits of a spec are deployed one after the other on the real
 * engine with the stand-in for Azure, while requests fail, providers crash and runs are killed. The same seed does the same.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    edits: { type: 'string', default: '200' },
    report: { type: 'string' },
  },
});
const [seed, edits] = [Number(values.seed), Number(values.edits)];
if (!Number.isInteger(seed) || !Number.isInteger(edits) || edits < 1)
  throw new Error('--seed and --edits take whole numbers');
process.env.PERPETUAL_AS_OF ??= '2026-11-22';

if (values.report !== undefined) writeFileSync(values.report, '');
const line = ({ edit, mishap, struck, end, runs, seconds, wrong }: Step, index: number): string =>
  [
    `${index + 1}. ${edit.path}: ${JSON.stringify(edit.value) ?? 'taken away'}`,
    ...(mishap === undefined ? [] : [`${mishap}${struck ? '' : ' (nothing to strike)'}`]),
    `${end} (${runs.join(', ')}), ${seconds} s`,
    ...wrong.map((each) => `\n   WRONG: ${each}`),
  ].join('; ');
const steps = await soak({ seed, edits }, (step, index) => {
  process.stdout.write(`${line(step, index)}\n`);
  if (values.report !== undefined) appendFileSync(values.report, `${JSON.stringify(step)}\n`);
});

const count = (of: (step: Step) => boolean): number => steps.filter(of).length;
const mishaps = Map.groupBy(
  steps.filter(({ struck }) => struck),
  ({ mishap }) => mishap,
);
process.stdout.write(
  [
    '',
    `seed ${seed}: ${steps.length} edits, ${count(({ end }) => end === 'taken')} taken, ${count(({ end }) => end === 'refused')} refused, ${count(({ end }) => end === 'undone')} undone`,
    `${count(({ struck }) => struck)} mishaps: ${[...mishaps].map(([name, all]) => `${name} ${all.length}`).join(', ')}`,
    `${count(({ wrong }) => wrong.length > 0)} steps after which something was wrong`,
    '',
  ].join('\n'),
);
process.exitCode = count(({ wrong }) => wrong.length > 0) > 0 ? 1 : 0;
