import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { compile } from '../../src/compile.ts';
import { readConfig } from '../../src/policy/read-config.ts';
import { Source } from '../../src/spec/source.ts';
import { startPack } from '../support/pack.ts';
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
      specs: { prod: spec(200) },
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
    ['{ staging: 200 }', 'unknown stage "staging"; expected production or development', 'staging'],
    ['{ production: a lot }', 'expected a number of at least 0.01', 'a lot'],
    ['{ production: 0 }', 'expected a number of at least 0.01', '0'],
    ['{ production: [1] }', 'expected a number of at least 0.01', 'production'],
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
      'unknown key "maxMonthlyUsd"; expected one of production, development, waivable',
    ]);
  });
});

describe('other limits on money', () => {
  const found = (text: string, policy: string, settings: string) => {
    const source = new Source('policies/config.yaml', `policies:\n  ${policy}: ${settings}\n`);
    const { config, diagnostics } = readConfig(source, policies);
    expect(diagnostics).toEqual([]);
    const { diagnostics: all, loaded } = compile('specs/prod/perpetual-node.yaml', text, { today, config });
    return all
      .filter(({ code }) => code === policy)
      .map(({ severity, message, labels: [{ range }] }) => [
        severity,
        loaded.source.position(range.start).line,
        message,
      ]);
  };

  it('are those of a budget: that there is one, and that it is not too high', () => {
    const policy = 'budget-out-of-bounds';
    expect(found(spec(), policy, '{ neededFromUsd: 90 }')).toEqual([
      ['error', 1, 'nothing watches a bill of 95.31 USD/month'],
    ]);
    expect(found(spec(), policy, '{ neededFromUsd: 95.32 }')).toEqual([]);
    expect(found(spec(120), policy, '{ neededFromUsd: 90, maxMonthlyUsd: 120, maxTimesBill: 1.3 }')).toEqual([]);
    expect(found(spec(121), policy, '{ maxMonthlyUsd: { production: 120 } }')).toEqual([
      ['error', 14, 'a budget of 121 USD/month is above the 120 USD that owners allow'],
    ]);
    expect(found(spec(121, 'development'), policy, '{ maxMonthlyUsd: { production: 120 } }')).toEqual([]);
    expect(found(spec(300), policy, '{ maxTimesBill: 3 }')).toEqual([
      ['error', 14, 'a budget of 300 USD/month is more than 3 times the bill of 95.31 USD'],
    ]);
  });

  it('are said once where the budget is deployed, too', () => {
    const text = `${leastSpec}budget: { monthlyUsd: 500, start: 2026-11-01, alerts: [{ atPercent: 80, emails: [admin@example.org] }] }\n`;
    expect(found(text, 'budget-out-of-bounds', '{ maxMonthlyUsd: 120 }')).toHaveLength(1);
  });

  it('are those of a single resource', () => {
    const [[severity, , message] = []] = found(spec(), 'cost-resource-over-limit', '{ maxMonthlyUsd: 60 }');
    expect(severity).toBe('error');
    expect(message).toMatch(/^"cluster" costs \d+\.\d\d USD\/month, and a resource may cost 60$/);
    expect(found(spec(), 'cost-resource-over-limit', '{ maxMonthlyUsd: 95.31 }')).toEqual([]);
  });

  it('make a missing price an error only where the owners say so', () => {
    const text = leastSpec.replace('eastus', 'japaneast');
    const severities = (settings: string) => found(text, 'cost-not-priced', settings).map(([severity]) => severity);
    expect(severities('{}')).toEqual(['info', 'info', 'info', 'info']);
    expect(severities('{ production: mandatory }')).toEqual(['error', 'error', 'error', 'error']);
  });
});
