import { describe, expect, it } from 'vitest';
import { sharedAllowances } from '../../src/cost/allowances.ts';
import { summarise, totalOf } from '../../src/report/report.ts';
import { compileText, leastSpec } from '../support/specs.ts';

const other = '99999999-2222-3333-4444-555555555555';
const logs = 'monitoring: { logs: { dailyCapGb: 1, keepDays: 30 } }\n';
const spec = (usage: string, rest = '') => summarise(compileText(`${leastSpec}usage: ${usage}\n${rest}`));
const elsewhere = (usage: string) =>
  summarise(compileText(`${leastSpec.replace('11111111-2222-3333-4444-555555555555', other)}usage: ${usage}\n`));
const sum = (...specs: ReturnType<typeof spec>[]): number =>
  specs.reduce((total, { bill }) => total + (bill?.monthlyUsd ?? 0), 0);

describe('what a subscription has free', () => {
  it('is granted once, however many environments share it', () => {
    const [a, b, c] = [spec('{ egressGb: 60 }'), spec('{ egressGb: 60 }'), spec('{ egressGb: 150 }')];
    expect(totalOf([a, b]).shared).toEqual([
      {
        key: 'internet egress',
        subscription: '11111111-2222-3333-4444-555555555555',
        missing: 20,
        unit: 'GB',
        monthlyUsd: 20 * 0.087,
      },
    ]);
    expect(totalOf([a, b]).monthlyUsd).toBeCloseTo(sum(a, b) + 20 * 0.087, 2);
    // All 270 GB together: 170 of them are paid for, of which c pays 50 by itself.
    expect(totalOf([a, b, c]).monthlyUsd).toBeCloseTo(sum(a, b, c) + 120 * 0.087, 2);
    expect(totalOf([c, b, a]).monthlyUsd).toBe(totalOf([a, b, c]).monthlyUsd);
  });

  it('is enough for those who stay below it, and no other subscription takes of it', () => {
    expect(totalOf([spec('{ egressGb: 50 }'), spec('{ egressGb: 50 }')]).shared).toEqual([]);
    const both = [spec('{ egressGb: 100 }'), elsewhere('{ egressGb: 100 }')];
    expect(totalOf(both).shared).toEqual([]);
    expect(totalOf(both).monthlyUsd).toBeCloseTo(sum(...both), 2);
  });

  it('covers the logs, too, as far as the specs do not share them out themselves', () => {
    const whole = spec('{ logsGbPerDay: 0.15 }', logs);
    const monthly = (0.15 * 730) / 24;
    const [shared] = totalOf([whole, whole]).shared;
    expect(shared).toMatchObject({ key: 'log ingestion', unit: 'GB' });
    expect(shared?.missing).toBeCloseTo(2 * monthly - 5, 10);
    expect(shared?.monthlyUsd).toBeCloseTo((2 * monthly - 5) * 2.3, 10);
    const half = spec('{ logsGbPerDay: 0.5, freeLogGb: 2.5 }', logs);
    expect(totalOf([half, half]).shared).toEqual([]);
    // More than everybody has, because the spec says so.
    const much = spec('{ logsGbPerDay: 1, freeLogGb: 50 }', logs);
    expect(totalOf([much]).shared).toEqual([]);
  });

  it('is shared with none by a bill whose subscription is not known', () => {
    const freeAllowance = { key: 'a', quantity: 1, used: 1, unitPriceUsd: 1 };
    const bill = { items: [{ unit: 'GB', freeAllowance }] };
    expect(sharedAllowances([bill, bill])).toEqual([]);
    expect(sharedAllowances([{ ...bill, subscription: 'AB' }, bill, { ...bill, subscription: 'ab' }])).toHaveLength(1);
  });
});

describe('an assumption', () => {
  it('is named by its key, wherever the quantity depends on one', () => {
    const keys = [
      'egressGb',
      'loadBalancerGb',
      'logsGbPerDay',
      'blobGb',
      'backupChurnPercent',
      'podStarts',
      'freeLogGb',
    ];
    const text = `${leastSpec}storage: { backups: { enabled: true }, logs: { redundancy: Standard_LRS } }\nmonitoring: { logs: { dailyCapGb: 5, keepDays: 60 } }\nsecrets: { items: [{ name: a, from: env:A }] }\n`;
    const quantities = (usage: string) =>
      (compileText(`${text}usage: { ${usage} }\n`).bill?.items ?? []).map(({ name, quantity, assumes = [] }) => ({
        name,
        quantity,
        assumes,
      }));
    const base = quantities('');
    for (const key of keys) {
      const changed = quantities(`${key}: 1`);
      const dependent = base
        .filter(({ quantity }, index) => quantity !== changed[index]?.quantity)
        .map(({ name }) => name);
      const named = base.filter(({ assumes }) => assumes.includes(`usage.${key}`)).map(({ name }) => name);
      expect(dependent.length, key).toBeGreaterThan(0);
      expect(named, key).toEqual(dependent);
    }
  });
});
