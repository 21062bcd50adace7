import { readFileSync } from 'node:fs';
import { buildPlan } from '../src/build-plan.ts';
import { checks } from '../src/checks/all.ts';
import { runChecks } from '../src/checks/check.ts';
import { billOf } from '../src/cost/bill.ts';
import { usageOf } from '../src/cost/usage.ts';
import { loadSpec } from '../src/spec/load.ts';
import { Source } from '../src/spec/source.ts';
import { tracked } from '../src/spec/track.ts';

/** Prints the milliseconds of a process's first bill, for which prices are read, parsed and looked up for the first time. */
const [file = '', today = ''] = process.argv.slice(2);
const { spec } = loadSpec(new Source(file, readFileSync(file, 'utf8')));
if (!spec) throw new Error(`${file} is no spec`);
const { plan, complete } = buildPlan(spec);
// A check reads the sizes and regions of the catalog without any bill.
[...runChecks(checks, tracked(spec), today)];
const started = performance.now();
billOf(plan.resources, usageOf(spec), complete);
process.stdout.write(String(performance.now() - started));
