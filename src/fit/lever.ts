import type { Change } from '../edit/change.ts';
import type { Spec } from '../spec/schema.ts';

/**
 * A change and what it gives up, in the words of whoever pays for it. The weight says how much that hurts: halving
 * something is 1 to 2, losing a safety net about 3. A change that only goes along with another has neither.
 */
export type Sacrifice = Change & { loses?: string; weight?: number; condition?: string };

/** One way to spend less. */
export type Option = { changes: readonly Sacrifice[] };

/** What can be turned down, in one of several ways that exclude each other. */
export type Lever = Option[];

/** What levers are made from. */
export type Premises = { spec: Spec; today: string };

export const weightOf = (changes: readonly Sacrifice[]): number =>
  changes.reduce((sum, { weight = 0 }) => sum + weight, 0);

export const halvings = (from: number, to: number): number => Math.max(0, Math.log2(from / to));

/** Of options with a known price only those that cost less than every lighter one. */
export function frontier<T extends Option>(options: readonly T[], price: (option: T) => number | undefined): T[] {
  const priced = options.flatMap((option) => {
    const usd = price(option);
    return usd === undefined ? [] : [{ option, usd, weight: weightOf(option.changes) }];
  });
  priced.sort((a, b) => a.weight - b.weight || a.usd - b.usd);
  let best = Number.POSITIVE_INFINITY;
  return priced.flatMap(({ option, usd }) => {
    if (usd > best - 0.005) return [];
    best = usd;
    return [option];
  });
}

/** Not more than so many: the ends of the range and what lies evenly between. */
export const thinned = <T>(options: readonly T[], most: number): T[] =>
  options.length <= most
    ? [...options]
    : Array.from({ length: most }, (_, index) => options[Math.round((index * (options.length - 1)) / (most - 1))] as T);
