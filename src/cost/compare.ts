import type { Bill } from './bill.ts';
import type { CostItem } from './item.ts';

/**
 * One item on two bills, in USD a month, unrounded: `null` where it has no price, absent where the bill has no such
 * item. Items of one name on one resource count as one.
 */
export type ItemChange = Pick<CostItem, 'name' | 'resource' | 'input'> & {
  beforeUsd?: number | null;
  afterUsd?: number | null;
};

/** Every item of two bills, those of the head first. */
export function compareBills(base: Bill | undefined, head: Bill | undefined): ItemChange[] {
  const changes = new Map<string, ItemChange>();
  const add = ({ name, resource, input, monthlyUsd }: CostItem, side: 'beforeUsd' | 'afterUsd'): void => {
    const id = JSON.stringify([resource, name]);
    const known = changes.get(id) ?? { name, resource, input };
    const sum = known[side];
    known[side] = monthlyUsd === null || sum === null ? null : (sum ?? 0) + monthlyUsd;
    changes.set(id, known);
  };
  for (const item of head?.items ?? []) add(item, 'afterUsd');
  for (const item of base?.items ?? []) add(item, 'beforeUsd');
  return [...changes.values()];
}

/** By how much an item rises; nothing can be said of one without a price. */
export const riseOf = ({ beforeUsd, afterUsd }: ItemChange): number | null =>
  beforeUsd === null || afterUsd === null ? null : (afterUsd ?? 0) - (beforeUsd ?? 0);
