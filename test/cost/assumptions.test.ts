import { describe, expect, it } from 'vitest';
import { usageOf } from '../../src/cost/usage.ts';
import { summarise, totalOf } from '../../src/report/report.ts';
import { compileText, leastSpec } from '../support/specs.ts';

const logs = 'monitoring: { logs: { dailyCapGb: 1, keepDays: 30 } }\n';
const spec = (usage: string, rest = '') => summarise(compileText(`${leastSpec}usage: ${usage}\n${rest}`));
const sum = (...specs: ReturnType<typeof spec>[]): number =>
  specs.reduce((total, { bill }) => total + (bill?.monthlyUsd ?? 0), 0);

describe('what several specs cost together', () => {
  it('is what they cost and what they were granted more than once', () => {
    const [a, b, c] = [spec('{ egressGb: 60 }'), spec('{ egressGb: 60 }'), spec('{ egressGb: 150 }')];
    const [missing] = totalOf([a, b]).missing;
    expect(missing).toMatchObject({ of: 'internet egress', quantity: 20, unit: 'GB' });
    expect(missing?.monthlyUsd).toBeCloseTo(20 * 0.087, 10);
    expect(totalOf([a, b]).monthlyUsd).toBeCloseTo(sum(a, b) + 20 * 0.087, 2);
    // All 270 GB together: 170 of them are paid for, of which c pays 50 by itself.
    expect(totalOf([a, b, c]).monthlyUsd).toBeCloseTo(sum(a, b, c) + 120 * 0.087, 2);
    expect(totalOf([c, b, a]).monthlyUsd).toBe(totalOf([a, b, c]).monthlyUsd);
    expect(totalOf([spec('{ egressGb: 50 }'), spec('{ egressGb: 50 }')]).missing).toEqual([]);
  });

  it('leaves the logs as they share them out themselves', () => {
    const whole = spec('{ logsGbPerDay: 0.15 }', logs);
    const monthly = (0.15 * 730) / 24;
    const [missing] = totalOf([whole, whole]).missing;
    expect(missing).toMatchObject({ of: 'log ingestion', unit: 'GB' });
    expect(missing?.quantity).toBeCloseTo(2 * monthly - 5, 10);
    expect(missing?.monthlyUsd).toBeCloseTo((2 * monthly - 5) * 2.3, 10);
    const half = spec('{ logsGbPerDay: 0.5, freeLogGb: 2.5 }', logs);
    expect(totalOf([half, half]).missing).toEqual([]);
    // More than everybody has, because the spec says so.
    expect(totalOf([spec('{ logsGbPerDay: 1, freeLogGb: 50 }', logs)]).missing).toEqual([]);
  });
});

describe('an assumption', () => {
  const text = `${leastSpec.replace('image: docker.io/ipfs/kubo:v0.42.0', 'image: example.azurecr.io/kubo:v0.42.0')}network: { dns: { zone: example.org, record: node, create: true } }
storage: { data: { sizeGiB: 64, sku: StandardSSD_LRS }, backups: { enabled: true }, logs: { redundancy: Standard_LRS } }
monitoring: { logs: { dailyCapGb: 5, keepDays: 60 } }
secrets: { items: [{ name: a, from: env:A }] }
registry: { kind: acr, sku: Basic }
`;
  const quantities = (usage: string) =>
    (compileText(`${text}usage: { ${usage} }\n`).bill?.items ?? []).map(
      ({ name, quantity, freeAllowance, assumes = [] }) => ({
        name,
        bought: quantity - (freeAllowance?.granted ?? 0),
        quantity,
        assumes,
      }),
    );
  const base = quantities('registryGb: 400, logsGbPerDay: 1');

  it.each(Object.keys(usageOf(undefined)))('of usage.%s is named by what depends on it, and by nothing else', (key) => {
    const others = {
      registryGb: 400,
      logsGbPerDay: 1,
      [key]: key === 'registryGb' ? 500 : key === 'logsGbPerDay' ? 2 : 3,
    };
    const changed = quantities(
      Object.entries(others)
        .map((entry) => entry.join(': '))
        .join(', '),
    );
    const dependent = base
      .filter(
        ({ quantity, bought }, index) => quantity !== changed[index]?.quantity || bought !== changed[index]?.bought,
      )
      .map(({ name }) => name);
    const named = base.filter(({ assumes }) => assumes.includes(`usage.${key}`)).map(({ name }) => name);
    expect(dependent.length).toBeGreaterThan(0);
    expect(named).toEqual(dependent);
  });
});
