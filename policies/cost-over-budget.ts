import { largest } from '../src/cost/item.ts';
import { definePolicy } from '../src/policy/policy.ts';

export default definePolicy({
  id: 'cost-over-budget',
  title: 'the monthly bill must not exceed the budget',
  why: 'an Azure budget only sends mail, hours later; nothing stops and nothing is paid back',
  fix: 'choose smaller or fewer resources, or raise budget.monthlyUsd',
  source: 'https://learn.microsoft.com/azure/cost-management-billing/costs/tutorial-acm-create-budgets',
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  settings: { monthlyUsd: { type: 'number', description: 'the budget in USD a month, for programs without a spec' } },
  limits: ['maxMonthlyUsd'],
  *plan({ bill, budgetUsd, ceilingUsd, stage }) {
    // The spec can only ask for less than the owners allow.
    const isOwners = ceilingUsd !== undefined && (budgetUsd === undefined || ceilingUsd < budgetUsd);
    const limitUsd = isOwners ? ceilingUsd : budgetUsd;
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
