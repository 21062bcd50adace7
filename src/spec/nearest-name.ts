import { distance } from 'fastest-levenshtein';

/** The names somebody may have meant, the likeliest first: nearly the same letters, upper and lower case apart. */
export function nearNames(typed: string, names: Iterable<string>): string[] {
  const wanted = simplified(typed);
  const limit = Math.max(1, Math.floor(typed.length / 3));
  return [...names]
    .map((name) => ({ name, edits: editsBetween(wanted, simplified(name)) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) => a.edits - b.edits)
    .map(({ name }) => name);
}

/** The name somebody most likely meant; undefined when none comes close. */
export const nearestName = (typed: string, names: Iterable<string>): string | undefined => nearNames(typed, names)[0];

/** The names that have a word in common with what was typed, as `destinationPortRange` has with `ports`. */
export function relatedNames(typed: string, names: Iterable<string>): string[] {
  const wanted = wordsOf(typed);
  return [...names].filter((name) => wordsOf(name).some((word) => nearestName(word, wanted) !== undefined));
}

// Short words are like many others.
const wordsOf = (name: string): string[] => (name.match(/[A-Z]?[a-z]+/g) ?? []).filter((word) => word.length > 3);

/** The end of a message about a name that is none. */
export const didYouMean = (near: string | undefined, prefix = ''): string =>
  near ? `; did you mean "${prefix}${near}"?` : '';

/**
 * The names of a list that `typed` may be a slip of: one letter wrong, missing, added or two swapped. A digit is never a
 * slip, because with another digit a name is often a newer one: eastus3 is not eastus2.
 */
export function slipsOf(typed: string, names: Iterable<string>): string[] {
  const digits = (name: string): string => name.replace(/\D/g, '');
  return [...names].filter((name) => digits(name) === digits(typed) && editsBetween(typed, name) <= 1);
}

// Two letters swapped are one slip of the fingers, and two edits only to arithmetic.
const editsBetween = (a: string, b: string): number => {
  const edits = distance(a, b);
  return edits === 2 && letters(a) === letters(b) ? 1 : edits;
};

const letters = (word: string): string => [...word].sort().join('');

const simplified = (name: string): string => name.toLowerCase().replace(/[-_. ]/g, '');
