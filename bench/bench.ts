import { spawnSync } from 'node:child_process';

/** Ratios measured in one run, so that a slow machine judges itself. Exits with 1 when one is over its limit. */
type Ratio = { name: string; limit: number; measured: number };

const runs = Number(process.env.BENCH_RUNS ?? 21);
const node = process.execPath;

function milliseconds(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(node, args, { env: { ...process.env, PERPETUAL_AS_OF: '2026-11-22' } });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** Runs two commands in turn and compares pair by pair: what disturbs one disturbs the other. */
function ratio(args: readonly string[], base: readonly string[]): number {
  milliseconds(args); // fills the compile cache
  milliseconds(base);
  return median(Array.from({ length: runs }, () => milliseconds(args) / milliseconds(base)));
}

const ratios: Ratio[] = [
  {
    name: 'a cold check of specs/prod, in starts of bare Node.js',
    limit: 4,
    measured: ratio(['bin/perpetual.js', 'compile', '--check', 'specs/prod/perpetual-node.yaml'], ['-e', '0']),
  },
];

for (const { name, limit, measured } of ratios) {
  process.stdout.write(`${measured <= limit ? 'ok  ' : 'OVER'} ${measured.toFixed(2)} (at most ${limit})  ${name}\n`);
}
process.exitCode = ratios.some(({ measured, limit }) => measured > limit) ? 1 : 0;
