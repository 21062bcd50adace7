/** Chance that is the same every time for the same seed. */
export type Chance = {
  /** From 0 to below 1. */
  next(): number;
  pick<T>(items: readonly T[]): T;
  /** True in so many cases of one. */
  happens(share: number): boolean;
};

/** mulberry32: small, and good enough to choose with. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    pick: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T,
    happens: (share) => next() < share,
  };
}
