import { type Compiled, isWhole } from './compile.ts';
import { type Bill, cents } from './cost/bill.ts';
import { compareBills } from './cost/compare.ts';
import { type CostItem, largest } from './cost/item.ts';
import type { Diagnostic } from './diagnostic.ts';
import { labelAt, specPathIn } from './locate.ts';

/** What whoever runs a check allows a bill to be, or to grow by; a gate's findings are as grave as a mandatory policy's. */

const budgetPath = 'budget.monthlyUsd';

/** A bill above a limit, at the spec's own budget. */
export function* overLimit({ loaded, bill, complete }: Compiled, limitUsd: number): Generator<Diagnostic> {
  if (!bill) return;
  const { monthlyUsd, partial, items } = bill;
  const without = withoutIn(complete);
  const total = `the bill of ${usd(monthlyUsd)} USD/month`;
  if (monthlyUsd > limitUsd)
    yield {
      code: 'cost/over-limit',
      severity: 'error',
      level: 'mandatory',
      message: `${total}${partial ? `, ${without},` : ''} is above the ${limitUsd} USD of --max-cost`,
      path: budgetPath,
      labels: [labelAt(loaded, budgetPath, `${usd(monthlyUsd - limitUsd)} USD too much`)],
      help: `the largest items: ${named(largest(items))}`,
    };
  else if (partial && complete)
    yield {
      code: 'cost/partly-compared',
      severity: 'info',
      message: `${total} is compared with --max-cost ${without}`,
      path: budgetPath,
      labels: [labelAt(loaded, budgetPath)],
    };
}

/** Where a bill comes from: a commit with the same file, or without it. */
export type Base = { commit: string; compiled: Compiled | undefined };
export type Allowed = { usd: number } | { percent: number };

/** A bill that grew by more than is allowed, at the line that makes it grow most. */
export function* overIncrease(
  head: Compiled,
  { commit, compiled: base }: Base,
  allowed: Allowed,
): Generator<Diagnostic> {
  const { loaded, plan, bill, complete } = head;
  if (!bill) return;
  if (base && !(base.bill && isWhole(base))) {
    // What can't be compared must not pass.
    yield {
      code: 'cost/no-base',
      severity: 'error',
      level: 'mandatory',
      message: `the bill can't be compared: at "${commit}" this file has errors`,
      path: budgetPath,
      labels: [labelAt(loaded, budgetPath)],
      help: 'name a commit in which it compiles, or set a limit with --max-cost instead',
    };
    return;
  }
  const before = base?.bill?.monthlyUsd ?? 0;
  const increase = cents(bill.monthlyUsd - before);
  const limit = 'usd' in allowed ? allowed.usd : cents((before * allowed.percent) / 100);
  const partial = bill.partial || base?.bill?.partial ? `, ${withoutIn(complete)}` : '';
  const change = `${base ? `from ${usd(before)}` : `from nothing, as "${commit}" has no such file,`} to ${usd(bill.monthlyUsd)} USD/month${partial}`;
  if (increase > limit) {
    const risen = increases(bill, base?.bill);
    const path = risen[0] ? specPathIn(loaded, plan?.resources ?? [], risen[0]) : budgetPath;
    yield {
      code: 'cost/over-increase',
      severity: 'error',
      level: 'mandatory',
      message: `the bill rises by ${usd(increase)}, ${change}; --max-increase allows ${'usd' in allowed ? `${allowed.usd} USD` : `${allowed.percent} percent, ${usd(limit)} USD`}`,
      path,
      labels: [labelAt(loaded, path, risen[0] && `${risen[0].name} +${usd(risen[0].monthlyUsd)}`)],
      help: `the largest increases: ${named(risen)}`,
    };
  } else if (partial && complete)
    yield {
      code: 'cost/partly-compared',
      severity: 'info',
      message: `the bill is compared with the one at "${commit}", ${change}`,
      path: budgetPath,
      labels: [labelAt(loaded, budgetPath)],
    };
}

const withoutIn = (complete: boolean): string => `without what has no price${complete ? '' : ' or no usable value'}`;

type Increase = Pick<CostItem, 'name' | 'resource' | 'input'> & { monthlyUsd: number };

/** How much more each item costs than before, the largest first; what has no price on one side counts with the other. */
const increases = (bill: Bill, base: Bill | undefined): Increase[] =>
  largest(
    compareBills(base, bill)
      .map((change) => ({ ...change, monthlyUsd: (change.afterUsd ?? 0) - (change.beforeUsd ?? 0) }))
      .filter(({ monthlyUsd }) => monthlyUsd > 0),
  );

const named = (items: readonly Pick<CostItem, 'name' | 'monthlyUsd'>[]): string =>
  items.map(({ name, monthlyUsd }) => `${name} ${usd(monthlyUsd ?? 0)}`).join(', ');

const usd = (amount: number): string => amount.toFixed(2);
