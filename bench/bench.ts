import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policies } from '../policies/index.ts';
import { compile } from '../src/compile.ts';
import { billOf } from '../src/cost/bill.ts';
import { usageOf } from '../src/cost/usage.ts';
import { judge, policyContext } from '../src/policy/run.ts';
import { noEngine } from '../test/support/engine.ts';
import { keystroke, memoryRatio, readyRatio } from './editor.ts';
import { makespan, previewRatio, startRatio } from './engine.ts';
import { median } from './median.ts';
import { manyTimes, millisecondsInPack } from './pack.ts';

/** What must stay quick. Ratios are measured in one run, so that a slow machine judges itself. Exits with 1 when one is over. */
type Measure = { name: string; limit?: number; measured: number | string };

const runs = Number(process.env.BENCH_RUNS ?? 21);
/** The engine takes seconds each time. */
const engineRuns = Math.ceil(runs / 3);
const today = '2026-11-22';
const node = process.execPath;
const cli = join(process.cwd(), 'bin/perpetual.js');
// Whoever measures has no copy of the price list, like a build machine.
const environment = { ...process.env, PERPETUAL_AS_OF: today, PERPETUAL_CACHE: 'none' };

function start(args: readonly string[], cwd = process.cwd()): { milliseconds: number; peakMiB: number } {
  const started = performance.now();
  // The child says itself how much memory it had at most.
  const probe =
    'data:text/javascript,process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS))';
  const withProbe = args[0] === cli ? ['--import', probe, ...args] : args;
  const { status, stderr } = spawnSync(node, withProbe, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: environment,
  });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return { milliseconds: performance.now() - started, peakMiB: Number(/peak (\d+)/.exec(stderr)?.[1] ?? 0) / 1024 };
}

/** Runs two commands in turn and compares pair by pair: what disturbs one disturbs the other. */
function ratio(args: readonly string[], base: readonly string[]): number {
  const once = (command: readonly string[]): number => {
    const started = performance.now();
    spawnSync(node, command, { env: environment });
    return performance.now() - started;
  };
  once(args); // fills the compile cache
  once(base);
  return median(Array.from({ length: runs }, () => once(args) / once(base)));
}

/** Milliseconds that the price book adds to a check, each time in a process that has never seen it. */
function coldBill(file: string): number {
  const once = (): number => {
    const { stdout, status } = spawnSync(node, ['bench/cold-bill.ts', file, today], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the bill of ${file} ended with ${status}`);
    return Number(stdout);
  };
  once(); // fills the cache of files
  return median(Array.from({ length: runs }, once));
}

/** A project with that many specs, no two alike. */
function manySpecs(count: number): string {
  const root = mkdtempSync(join(tmpdir(), 'perpetual-bench-'));
  const spec = readFileSync('specs/prod/perpetual-node.yaml', 'utf8');
  for (let index = 0; index < count; index++) {
    const folder = join(root, 'specs', `e${index}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'perpetual-node.yaml'),
      spec
        .replace('environment: prod', `environment: e${index}`)
        .replace('perpetual-prod-rg', `perpetual-e${index}-rg`)
        .replace('sizeGiB: 8', `sizeGiB: ${8 + (index % 100)}`),
    );
  }
  return root;
}

function checkMany(count: number): { milliseconds: number; peakMiB: number } {
  const root = manySpecs(count);
  try {
    return start([cli, 'check', '--quiet'], root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Milliseconds of one call, warm. */
function warm(work: () => void): number {
  for (let index = 0; index < 200; index++) work();
  const started = performance.now();
  for (let index = 0; index < 500; index++) work();
  return (performance.now() - started) / 500;
}

const one = checkMany(1);
const thousand = checkMany(1000);
const tenThousand = checkMany(10_000);
const { plan, loaded } = compile(
  'specs/prod/perpetual-node.yaml',
  readFileSync('specs/prod/perpetual-node.yaml', 'utf8'),
  { today },
);
const resources = plan?.resources ?? [];
const usage = usageOf(loaded.spec);
const bill = billOf(resources, usage, true);

/** A figure that the engine is needed for, or why there is none. */
const withEngine = async <T>(measure: () => Promise<T>): Promise<T | string> =>
  noEngine ? 'pulumi is not on PATH' : measure();
const spans = await withEngine(() => makespan(resources));

const measures: Measure[] = [
  {
    name: 'a cold check of specs/prod, in starts of bare Node.js',
    limit: 4,
    measured: ratio([cli, 'compile', '--check', 'specs/prod/perpetual-node.yaml'], ['-e', '0']),
  },
  {
    name: 'a cold diff of two specs, in starts of bare Node.js',
    limit: 6,
    measured: ratio([cli, 'diff', 'specs/dev/perpetual-node.yaml', 'specs/prod/perpetual-node.yaml'], ['-e', '0']),
  },
  {
    name: 'milliseconds that the prices add to a cold check of specs/prod',
    limit: 5,
    measured: coldBill('specs/prod/perpetual-node.yaml'),
  },
  {
    name: 'seconds that 1,000 specs take more than one',
    limit: 2.5,
    measured: (thousand.milliseconds - one.milliseconds) / 1000,
  },
  { name: 'MiB of memory for 1,000 specs', limit: 300, measured: thousand.peakMiB },
  { name: '10,000 specs, in times of 1,000', limit: 11, measured: tenThousand.milliseconds / thousand.milliseconds },
  {
    name: 'milliseconds of all policies on a plan, warm',
    limit: 0.5,
    measured: warm(() => judge(policies, policyContext(resources, bill, 'production', 140, today))),
  },
  {
    name: 'milliseconds of all policies on a plan they have not seen, warm',
    limit: 1,
    measured: warm(() => judge(policies, policyContext([...resources], bill, 'production', 140, today))),
  },
  {
    name: 'milliseconds of the pack on a resource of specs/prod',
    limit: 5,
    measured: await millisecondsInPack(resources, 5),
  },
  {
    name: 'milliseconds of the pack on a resource of a program with 600',
    limit: 5,
    measured: await millisecondsInPack(manyTimes(resources, 600), 2),
  },
  {
    name: 'milliseconds of the bill of a plan, warm',
    limit: 0.1,
    measured: warm(() => billOf(resources, usage, true)),
  },
  {
    name: 'milliseconds from a keystroke to what is found, at the 95th percentile, in a spec of 300 lines',
    limit: 15,
    measured: await keystroke(),
  },
  { name: 'an editor that is served, in starts of bare Node.js', limit: 8, measured: await readyRatio(engineRuns) },
  { name: 'memory of the server after 10,000 edits, by that after 1,000', limit: 1.25, measured: await memoryRatio() },
  {
    name: 'the start of the program, in starts of an empty one',
    limit: 1.2,
    measured: await startRatio(engineRuns),
  },
  {
    name: '"perpetual preview", in previews of the engine alone',
    limit: 1.1,
    measured: await withEngine(() => previewRatio(engineRuns)),
  },
  {
    name: '"perpetual up" with the times of Azure beyond one without them, in times of its longest chain of dependencies',
    limit: 1.05,
    measured: typeof spans === 'string' ? spans : spans.beyondEngine,
  },
  {
    name: 'the same with all that the engine needs by itself, which has no limit',
    measured: typeof spans === 'string' ? spans : spans.whole,
  },
];

const isOver = ({ measured, limit = Number.POSITIVE_INFINITY }: Measure): boolean =>
  typeof measured === 'number' && measured > limit;

for (const measure of measures) {
  const { name, limit, measured } = measure;
  process.stdout.write(
    typeof measured === 'string'
      ? `skip (${measured})  ${name}\n`
      : `${isOver(measure) ? 'OVER' : 'ok  '} ${measured.toFixed(3).padStart(9)} ${limit === undefined ? '' : `(at most ${limit}) `} ${name}\n`,
  );
}
process.exitCode = measures.some(isOver) ? 1 : 0;
