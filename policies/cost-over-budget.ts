import { definePolicy } from '../src/policy/policy.ts';

export default definePolicy({
  id: 'cost-over-budget',
  title: 'the monthly bill must not exceed the budget',
  why: 'an Azure budget only sends mail, hours later; nothing stops and nothing is paid back',
  fix: 'choose smaller or fewer resources, or raise budget.monthlyUsd',
  source: 'https://learn.microsoft.com/azure/cost-management-billing/costs/tutorial-acm-create-budgets',
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  settings: {
    monthlyUsd: { type: 'number', minimum: 0, description: 'the budget in USD a month where no spec has one' },
  },
  *plan({ bill, budgetUsd, settings }) {
    const budget = budgetUsd ?? settings.monthlyUsd;
    if (budget === undefined || bill.monthlyUsd <= budget) return;
    const largest = [...bill.items].sort((a, b) => (b.monthlyUsd ?? 0) - (a.monthlyUsd ?? 0)).slice(0, 3);
    yield {
      path: 'budget.monthlyUsd',
      message: `the bill of ${bill.monthlyUsd.toFixed(2)} USD/month exceeds the budget of ${budget} USD`,
      note: `${(bill.monthlyUsd - budget).toFixed(2)} USD too little`,
      help: `the largest items: ${largest.map(({ name, monthlyUsd }) => `${name} ${(monthlyUsd ?? 0).toFixed(2)}`).join(', ')}`,
    };
  },
});
