import type { CostItem } from './item.ts';

/** The items of one bill, and the subscription that pays it when that is known. */
export type Granted = { subscription?: string; items: readonly Pick<CostItem, 'unit' | 'freeAllowance'>[] };

/** A free allowance that several bills were each granted, and what it costs that there is only one. */
export type SharedAllowance = { key: string; subscription: string; missing: number; unit: string; monthlyUsd: number };

/**
 * Azure grants a free allowance to a subscription once, however many environments it has. In the order of the bills the
 * first take what there is; what was granted beyond that is paid for. A bill without a known subscription shares with none.
 */
export function sharedAllowances(bills: readonly Granted[]): SharedAllowance[] {
  const all = bills.flatMap(({ subscription, items }) =>
    items.flatMap(({ unit, freeAllowance }) =>
      subscription !== undefined && freeAllowance
        ? { subscription: subscription.toLowerCase(), unit, ...freeAllowance }
        : [],
    ),
  );
  const groups = Map.groupBy(all, ({ subscription, key }) => JSON.stringify([subscription, key]));
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (!first || others.length === 0) return [];
    // Specs may differ in how much they say is left to them; what one of them has is there.
    let left = Math.max(first.quantity, ...others.map(({ quantity }) => quantity)) - first.used;
    let missing = 0;
    let monthlyUsd = 0;
    for (const { used, unitPriceUsd } of others) {
      const short = Math.max(0, used - left);
      left = Math.max(0, left - used);
      missing += short;
      monthlyUsd += short * unitPriceUsd;
    }
    const { key, subscription, unit } = first;
    return missing > 0 ? [{ key, subscription, missing, unit, monthlyUsd }] : [];
  });
}
