import type { Spec } from '../spec/schema.ts';
import type { Change } from './change.ts';

/** A change that may become needless beside other options, with what it gives up by itself. */
export type Companion = Change & { loses: string };

/** One way to spend less, and what it costs beside money. */
export type Option = {
  changes: readonly (Change | Companion)[];
  /** What is given up, in the words of whoever pays for it; companions have their own. */
  loses: string;
  /** How much that hurts: halving something is 1 to 2, losing a safety net about 3. Lighter sets come first. */
  weight: number;
  /** What must hold for a deployed environment before it can be done. */
  condition?: string;
};

/** What can be turned down, in one of several ways that exclude each other. */
export type Lever = { name: string; options: Option[] };

/** What levers are made from: the spec, and the sizes and stage that decide what may stand in for what. */
export type Premises = { spec: Spec; today: string };

export const isCompanion = (change: Change): change is Companion => 'loses' in change;

/** What an option gives up when these changes are made. */
export const lossesOf = ({ loses, changes }: Option, made: readonly Change[]): string[] => [
  ...(loses === '' ? [] : [loses]),
  ...changes
    .filter(isCompanion)
    .filter((change) => made.includes(change))
    .map((change) => change.loses),
];

export const halvings = (from: number, to: number): number => Math.max(0, Math.log2(from / to));

/** Of options with a known price only those that save more than every lighter one. */
export function frontier<T extends Option>(options: readonly T[], price: (option: T) => number | undefined): T[] {
  const priced = options.flatMap((option) => {
    const usd = price(option);
    return usd === undefined ? [] : [{ option, usd }];
  });
  priced.sort((a, b) => a.option.weight - b.option.weight || a.usd - b.usd);
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
