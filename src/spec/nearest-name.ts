import { distance } from 'fastest-levenshtein';

/** The name somebody most likely meant: nearly the same letters, upper and lower case apart; undefined when none comes close. */
export function nearestName(typed: string, names: Iterable<string>): string | undefined {
  const wanted = simplified(typed);
  const limit = Math.max(1, Math.floor(typed.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const name of names) {
    const edits = editsBetween(wanted, simplified(name));
    if (edits < least) {
      best = name;
      least = edits;
    }
  }
  return best;
}

/** The end of a message about a name that is none. */
export const didYouMean = (near: string | undefined, prefix = ''): string =>
  near ? `; did you mean "${prefix}${near}"?` : '';

/**
 * The one name of a list that `typed` is a slip of: one letter wrong, missing, added or two swapped. A digit is never a
 * slip, because with another digit a name is often a newer one: eastus3 is not eastus2.
 */
export function slipOf(typed: string, names: Iterable<string>): string | undefined {
  const digits = (name: string): string => name.replace(/\D/g, '');
  for (const name of names) if (digits(name) === digits(typed) && editsBetween(typed, name) <= 1) return name;
  return undefined;
}

// Two letters swapped are one slip of the fingers, and two edits only to arithmetic.
const editsBetween = (a: string, b: string): number => {
  const edits = distance(a, b);
  return edits === 2 && letters(a) === letters(b) ? 1 : edits;
};

const letters = (word: string): string => [...word].sort().join('');

const simplified = (name: string): string => name.toLowerCase().replace(/[-_. ]/g, '');
