import { policies } from '../../policies/index.ts';
import { billOf } from '../../src/cost/bill.ts';
import { usageOf } from '../../src/cost/usage.ts';
import { judge, policyContext, type Verdict } from '../../src/policy/run.ts';
import type { Violation } from './analyzer.ts';
import type { Program } from './program.ts';
import { today } from './specs.ts';

/** What our policies find in somebody else's program, in production. */
export const judgeProgram = ({ resources, config }: Program): Verdict[] =>
  judge(
    policies,
    policyContext(
      resources,
      billOf(resources, usageOf(undefined), true),
      'production',
      config['cost-over-budget']?.monthlyUsd as number | undefined,
      today,
    ),
  );

export const byText = (a: object, b: object): number => JSON.stringify(a).localeCompare(JSON.stringify(b));

/** What the pack said, as (policy, resource, input): its message names the input in brackets. */
export const triplesOf = (violations: readonly Violation[]) =>
  violations
    .map(({ policy, resource, message }) => ({
      policy,
      resource: resource ?? '',
      input: / \[([^ ]+)\](?: at |; fix)/.exec(message)?.[1] ?? '',
    }))
    .sort(byText);
