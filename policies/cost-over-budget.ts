import { largest } from '../src/cost/item.ts';
import { definePolicy } from '../src/policy/policy.ts';

export default definePolicy({
  id: 'cost-over-budget',
  title: 'the monthly bill must not exceed the budget',
  why: 'an Azure budget only sends mail, hours later; nothing stops and nothing is paid back',
  fix: 'choose smaller or fewer resources, or raise budget.monthlyUsd',
  source: 'https://learn.microsoft.com/azure/cost-management-billing/costs/tutorial-acm-create-budgets',
  example: { wrong: 'budget: { monthlyUsd: 50 }', right: 'budget: { monthlyUsd: 140 }' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  settings: {
    monthlyUsd: { type: 'number', minimum: 0.01, description: 'the budget in USD a month where no spec has one' },
    maxMonthlyUsd: { type: 'number', minimum: 0.01, description: 'the most in USD a month, whatever a spec asks for' },
  },
  *plan({ bill, budgetUsd: asked, stage, settings: { monthlyUsd, maxMonthlyUsd } }) {
    const budgetUsd = asked ?? monthlyUsd;
    // The spec can only ask for less than the owners allow.
    const isOwners = maxMonthlyUsd !== undefined && (budgetUsd === undefined || maxMonthlyUsd < budgetUsd);
    const limitUsd = isOwners ? maxMonthlyUsd : budgetUsd;
    if (limitUsd === undefined || bill.monthlyUsd <= limitUsd) return;
    const limit = isOwners
      ? `the ${limitUsd} USD that policies/config.yaml allows in ${stage}`
      : `the budget of ${limitUsd} USD`;
    yield {
      path: 'budget.monthlyUsd',
      message: `the bill of ${bill.monthlyUsd.toFixed(2)} USD/month exceeds ${limit}`,
      note: `${(bill.monthlyUsd - limitUsd).toFixed(2)} USD ${isOwners ? 'too much' : 'too little'}`,
      help: `the largest items: ${largest(bill.items)
        .map(({ name, monthlyUsd }) => `${name} ${(monthlyUsd ?? 0).toFixed(2)}`)
        .join(', ')}`,
    };
  },
});
