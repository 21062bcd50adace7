import { cents } from './bill.ts';
import type { CostItem } from './item.ts';

type Line = Pick<CostItem, 'freeAllowance' | 'unitPriceUsd' | 'monthlyUsd' | 'quantity'>;
type SharedBill = { subscription?: string; monthlyUsd: number; partial: boolean; items: readonly Line[] };

/**
 * Bills that stand in one table: what a subscription gets for nothing it gets once, so that it goes to the bills in
 * their order until it is used up. Each bill by itself has the whole of it.
 */
export function shareAllowances<B extends SharedBill>(bills: readonly B[]): B[] {
  const used = new Map<string, number>();
  const limits = new Map<string, number>();
  const keyOf = (bill: B, line: Line): string => `${bill.subscription ?? ''} ${line.freeAllowance?.of}`;
  for (const bill of bills)
    for (const line of bill.items) {
      const limit = line.freeAllowance?.limit ?? 0;
      if (limit > (limits.get(keyOf(bill, line)) ?? 0)) limits.set(keyOf(bill, line), limit);
    }
  return bills.map((bill) => {
    let isChanged = false;
    const items = bill.items.map((line) => {
      const { freeAllowance } = line;
      if (!freeAllowance) return line;
      const key = keyOf(bill, line);
      const left = (limits.get(key) ?? 0) - (used.get(key) ?? 0);
      const granted = Math.min(freeAllowance.granted, left);
      used.set(key, (used.get(key) ?? 0) + granted);
      if (granted === freeAllowance.granted) return line;
      isChanged = true;
      const monthlyUsd = line.unitPriceUsd === null ? null : line.unitPriceUsd * (line.quantity - granted);
      return { ...line, monthlyUsd, freeAllowance: { ...freeAllowance, granted } };
    });
    if (!isChanged) return bill;
    const sum = items.reduce((total, { monthlyUsd }) => total + (monthlyUsd ?? 0), 0);
    const partial = bill.partial || items.some(({ monthlyUsd }) => monthlyUsd === null);
    return { ...bill, items, monthlyUsd: cents(sum), partial };
  });
}
