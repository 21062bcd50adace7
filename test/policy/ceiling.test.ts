import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { compile } from '../../src/compile.ts';
import { readConfig } from '../../src/policy/config.ts';
import { Source } from '../../src/spec/source.ts';
import { startPack } from '../support/analyzer.ts';
import { leastSpec, today } from '../support/specs.ts';

const owners = (limits: string) =>
  readConfig(
    new Source('policies/config.yaml', `policies:\n  cost-over-budget: { maxMonthlyUsd: ${limits} }\n`),
    policies,
  );

function judge(text: string, limits: string) {
  const { config, diagnostics } = owners(limits);
  expect(diagnostics).toEqual([]);
  const { diagnostics: found, loaded, plan } = compile('specs/prod/perpetual-node.yaml', text, { today, config });
  return {
    plan,
    findings: found
      .filter(({ code }) => code === 'cost-over-budget')
      .map(({ message, labels: [{ range }] }) => ({ message, line: loaded.source.position(range.start).line })),
  };
}

// Its bill is 95.31 USD a month.
const spec = (budget?: number, stage = 'production') =>
  `${leastSpec.replace('environment: prod', `environment: prod\n  stage: ${stage}`)}${budget === undefined ? '' : `budget: { monthlyUsd: ${budget} }\n`}`;

describe("the owners' ceiling", () => {
  it('decides where it is below the budget, and the message says which of them does', () => {
    expect(judge(spec(200), '{ production: 90 }').findings).toEqual([
      {
        message: 'the bill of 95.31 USD/month exceeds the 90 USD that policies/config.yaml allows in production',
        line: 14,
      },
    ]);
    expect(judge(spec(80), '{ production: 90 }').findings).toEqual([
      { message: 'the bill of 95.31 USD/month exceeds the budget of 80 USD', line: 14 },
    ]);
    expect(judge(spec(200), '{ production: 95.31 }').findings).toEqual([]);
  });

  it('holds for specs without a budget, by stage', () => {
    expect(judge(spec(), '{ production: 90 }').findings).toEqual([
      {
        message: 'the bill of 95.31 USD/month exceeds the 90 USD that policies/config.yaml allows in production',
        line: 1,
      },
    ]);
    expect(judge(spec(undefined, 'development'), '{ production: 90 }').findings).toEqual([]);
    expect(judge(spec(undefined, 'development'), '{ production: 200, development: 50 }').findings).toHaveLength(1);
  });

  it('leaves the budget that Azure watches at what the gate calls the budget', () => {
    const text = `${leastSpec}budget: { monthlyUsd: 80, start: 2026-11-01, alerts: [{ atPercent: 80, emails: [admin@example.org] }] }\n`;
    const { plan, findings } = judge(text, '{ production: 200 }');
    const deployed = plan?.resources.find(({ type }) => type === 'azure-native:consumption:Budget')?.inputs.amount;
    expect(deployed).toBe(80);
    expect(findings[0]?.message).toBe(`the bill of 95.31 USD/month exceeds the budget of ${deployed} USD`);
  });

  it('is known to the engine, too', async () => {
    const pack = await startPack({
      stack: 'prod',
      text: spec(200),
      config: 'policies:\n  cost-over-budget: { maxMonthlyUsd: { production: 90 } }\n',
    });
    try {
      const { plan, findings } = judge(spec(200), '{ production: 90 }');
      const violations = await pack.analyze(plan?.resources ?? []);
      expect(violations.map(({ policy, level }) => [policy, level])).toEqual([['cost-over-budget', 'mandatory']]);
      expect(violations[0]?.message).toContain(findings[0]?.message);
    } finally {
      pack.close();
    }
  });

  it.each([
    ['200', 'expected a mapping such as { production: 500, development: 150 }', 'maxMonthlyUsd'],
    ['{ staging: 200 }', 'unknown key "staging"; expected production or development', 'staging'],
    ['{ production: a lot }', 'expected an amount above 0, such as 500', 'a lot'],
    ['{ production: 0 }', 'expected an amount above 0, such as 500', '0'],
    ['{ production: [1] }', 'expected an amount above 0, such as 500', 'production'],
  ])('is refused at its own place when it is %s', (limits, message, marked) => {
    const { diagnostics } = owners(limits);
    const text = `policies:\n  cost-over-budget: { maxMonthlyUsd: ${limits} }\n`;
    expect(
      diagnostics.map(({ code, message: said, labels: [{ range }] }) => [
        code,
        said,
        text.slice(range.start, range.end),
      ]),
    ).toEqual([['spec/policy-config', message, marked]]);
  });

  it('is for the policy that has one', () => {
    const text = 'policies:\n  nsg-open-admin-api: { maxMonthlyUsd: { production: 1 } }\n';
    const { diagnostics } = readConfig(new Source('policies/config.yaml', text), policies);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'unknown key "maxMonthlyUsd"; expected production, development or waivable',
    ]);
  });
});
