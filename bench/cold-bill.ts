import { readFileSync } from 'node:fs';
import { buildPlan } from '../src/build-plan.ts';
import { checks } from '../src/checks/all.ts';
import { runChecks } from '../src/checks/check.ts';
import { billOf } from '../src/cost/bill.ts';
import { usageOf } from '../src/cost/usage.ts';
import { loadSpec } from '../src/spec/load.ts';
import { Source } from '../src/spec/source.ts';
import { tracked } from '../src/spec/track.ts';

/** Prints how many milliseconds longer a process's first bill takes than its second: prices are read and parsed for it. */
const [file = '', today = ''] = process.argv.slice(2);
const { spec } = loadSpec(new Source(file, readFileSync(file, 'utf8')));
if (!spec) throw new Error(`${file} is no spec`);
const { plan, complete } = buildPlan(spec);
// A check reads the sizes and regions of the catalog without any bill.
[...runChecks(checks, tracked(spec), today)];
const usage = usageOf(spec);
const [first = 0, second = 0] = [1, 2].map(() => {
  const started = performance.now();
  billOf(plan.resources, usage, complete);
  return performance.now() - started;
});
process.stdout.write(String(first - second));
