import { policies } from '../../policies/index.ts';
import { billOf } from '../../src/cost/bill.ts';
import { usageOf } from '../../src/cost/usage.ts';
import type { PolicyConfig } from '../../src/policy/config.ts';
import { judge, policyContext, type Verdict } from '../../src/policy/run.ts';
import type { SettingValue } from '../../src/policy/settings.ts';
import type { Violation } from './analyzer.ts';
import type { Program } from './program.ts';
import { today } from './specs.ts';

/** What our policies find in somebody else's program, in production. */
export const judgeProgram = ({ resources, config }: Program): Verdict[] =>
  judge(
    policies,
    policyContext(resources, billOf(resources, usageOf(undefined), true), 'production', undefined, today),
    configOf(config),
  );

/** What the program's fixture sets, as its owners would. */
const configOf = (config: Program['config']): PolicyConfig =>
  new Map(
    Object.entries(config).map(([id, settings]) => [
      id,
      {
        levels: {},
        settings: Object.fromEntries(
          Object.entries(settings).map(([name, production]) => [name, { production: production as SettingValue }]),
        ),
      },
    ]),
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
