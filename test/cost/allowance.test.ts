import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { shareAllowances } from '../../src/cost/allowance.ts';
import type { Bill } from '../../src/cost/bill.ts';
import { report, compile as wholeReport } from '../../src/index.ts';
import { compileText, leastSpec, today } from '../support/specs.ts';

const using = (gb: number, region = 'eastus', subscription = '1'): Bill =>
  compileText(
    `${leastSpec.replace('eastus', region).replaceAll('11111111', subscription.repeat(8))}usage: { egressGb: ${gb} }\n`,
  ).bill as Bill;
const egressOf = (bill: Bill | undefined): number | null | undefined =>
  bill?.items.find(({ name }) => name === 'Internet egress')?.monthlyUsd;

it('is granted once to the bills of a subscription, in their order', () => {
  const bills = [using(70), using(70), using(20)];
  // 100 GB are free: 70 for the first, 30 for the second, none for the third; 0.087 a GB.
  const shared = shareAllowances(bills).map(egressOf);
  expect(shared[0]).toBe(0);
  expect(shared[1]).toBeCloseTo(40 * 0.087, 10);
  expect(shared[2]).toBeCloseTo(20 * 0.087, 10);
  const total = (list: readonly Bill[]): number => list.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);
  expect(total(shareAllowances(bills)) - total(bills)).toBeCloseTo(60 * 0.087, 2);
  expect(bills.map(egressOf)).toEqual([0, 0, 0]);
});

it('belongs to each subscription and not to each region', () => {
  expect(shareAllowances([using(100), using(100, 'eastus', '2')]).map(egressOf)).toEqual([0, 0]);
  // southeastasia pays 0.12 a GB, after the same free ones.
  expect(shareAllowances([using(90), using(20, 'southeastasia')]).map(egressOf)[1]).toBeCloseTo(10 * 0.12, 10);
});

it('counts in the sum of a report', async () => {
  const file = 'specs/prod/perpetual-node.yaml';
  const text = readFileSync(file, 'utf8');
  const twice = [50, 80].map((gb) => wholeReport(file, text.replace('egressGb: 50', `egressGb: ${gb}`), { today }));
  const { specs, summary } = JSON.parse(await report(twice, { format: 'json' }));
  const alone = specs.reduce((sum: number, { bill }: { bill: Bill }) => sum + bill.monthlyUsd, 0);
  expect(summary.monthlyUsd - alone).toBeCloseTo(30 * 0.087, 2);
  expect(specs[0].bill.subscription).toBe('11111111-2222-3333-4444-555555555555');
});

it('leaves a bill without a price where the free units are not enough', () => {
  const bill = compileText(readFileSync('test/fixtures/specs/everything-else.yaml', 'utf8')).bill as Bill;
  const used = bill.items.map((item) =>
    item.freeAllowance?.of === 'logic app actions'
      ? { ...item, quantity: 3000, freeAllowance: { ...item.freeAllowance, granted: 3000 } }
      : item,
  );
  const [shared] = shareAllowances([
    { ...bill, partial: false, items: used.filter((item) => item.monthlyUsd !== null) },
  ]);
  expect(shared?.items.filter(({ name }) => name === 'Logic app').map(({ monthlyUsd }) => monthlyUsd)).toEqual([
    0,
    null,
  ]);
  expect(shared?.partial).toBe(true);
});
