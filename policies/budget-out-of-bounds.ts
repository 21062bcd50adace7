import type { Resource } from '../src/plan.ts';
import { definePolicy } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';
import { number, text } from '../src/views.ts';

/** Months that an amount is for. */
const months: Readonly<Record<string, number>> = {
  monthly: 1,
  billingmonth: 1,
  quarterly: 3,
  billingquarter: 3,
  annually: 12,
  billingannual: 12,
};

export default definePolicy({
  id: 'budget-out-of-bounds',
  title: 'there is a budget where the owners ask for one, and it is no higher than they say',
  why: 'without a budget nobody hears of a bill before it is due, and one far above the bill is never reached',
  fix: 'write budget.monthlyUsd with alerts a little above the bill, within the limits of policies/config.yaml',
  source: 'https://learn.microsoft.com/azure/cost-management-billing/costs/tutorial-acm-create-budgets',
  example: { wrong: 'budget: { monthlyUsd: 5000 }', right: 'budget: { monthlyUsd: 140 }' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  settings: {
    maxMonthlyUsd: { type: 'number', minimum: 0.01, description: 'the most that a budget may be, in USD a month' },
    maxTimesBill: { type: 'number', minimum: 1, description: 'how many times the bill a budget may be at most' },
    neededFromUsd: {
      type: 'number',
      minimum: 0,
      description: 'the bill in USD a month from which there has to be a budget',
    },
  },
  *plan({ resources, bill, budgetUsd, settings: { maxMonthlyUsd, maxTimesBill, neededFromUsd } }) {
    const declared = ofType(resources, 'azure-native:consumption:Budget');
    if (budgetUsd === undefined && declared.length === 0) {
      if (neededFromUsd !== undefined && bill.monthlyUsd >= neededFromUsd)
        yield {
          path: 'budget',
          message: `nothing watches a bill of ${bill.monthlyUsd.toFixed(2)} USD/month`,
          suggestion: { value: { monthlyUsd: Math.ceil(bill.monthlyUsd * 1.2) }, safe: false },
        };
      return;
    }
    // What a specification asks for is also what it deploys.
    const budgets =
      budgetUsd === undefined
        ? declared.map((each) => ({ usd: monthlyOf(each), resource: each.name, input: 'amount' }))
        : [{ usd: budgetUsd, path: 'budget.monthlyUsd' }];
    for (const { usd, ...place } of budgets) {
      if (maxMonthlyUsd !== undefined && usd > maxMonthlyUsd)
        yield {
          ...place,
          message: `a budget of ${usd} USD/month is above the ${maxMonthlyUsd} USD that owners allow`,
          suggestion: { value: maxMonthlyUsd, safe: false },
        };
      else if (maxTimesBill !== undefined && !bill.partial && usd > bill.monthlyUsd * maxTimesBill)
        yield {
          ...place,
          suggestion: { value: Math.floor(bill.monthlyUsd * maxTimesBill), safe: false },
          message: `a budget of ${usd} USD/month is more than ${maxTimesBill} times the bill of ${bill.monthlyUsd.toFixed(2)} USD`,
        };
    }
  },
});

/** What is not known is not above anything. */
const monthlyOf = ({ inputs: { amount, timeGrain } }: Resource): number =>
  (number(amount) ?? Number.NaN) / (months[text(timeGrain)?.toLowerCase() ?? ''] ?? Number.NaN);
