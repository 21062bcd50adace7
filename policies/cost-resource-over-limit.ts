import type { CostItem } from '../src/cost/item.ts';
import { largest } from '../src/cost/item.ts';
import { definePolicy } from '../src/policy/policy.ts';

export default definePolicy({
  id: 'cost-resource-over-limit',
  title: 'no single resource costs more than the owners allow',
  why: 'a bill within its budget can hide one resource that nobody would have agreed to',
  fix: 'choose a smaller one, or ask the owners of policies/config.yaml for more',
  source: 'https://learn.microsoft.com/azure/cost-management-billing/costs/cost-mgt-best-practices',
  example: { wrong: 'nodePool: { vmSize: Standard_D32as_v5 }', right: 'nodePool: { vmSize: Standard_D2as_v5 }' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  settings: {
    maxMonthlyUsd: { type: 'number', minimum: 0.01, description: 'the most that a resource may cost, in USD a month' },
  },
  *plan({ bill, settings: { maxMonthlyUsd } }) {
    if (maxMonthlyUsd === undefined) return;
    for (const [resource, items] of Map.groupBy(bill.items, (item: CostItem) => item.resource)) {
      const usd = items.reduce((sum, { monthlyUsd }) => sum + (monthlyUsd ?? 0), 0);
      const [dearest] = largest(items);
      if (usd <= maxMonthlyUsd || !dearest) continue;
      yield {
        resource,
        ...(dearest.input !== '' && { input: dearest.input }),
        message: `"${resource}" costs ${usd.toFixed(2)} USD/month, and a resource may cost ${maxMonthlyUsd}`,
        note: `${dearest.name} ${(dearest.monthlyUsd ?? 0).toFixed(2)} of it`,
      };
    }
  },
});
