import { distance } from 'fastest-levenshtein';

/** The name somebody most likely meant: nearly the same letters, upper and lower case apart; undefined when none comes close. */
export function nearestName(typed: string, names: Iterable<string>): string | undefined {
  const wanted = simplified(typed);
  const limit = Math.max(1, Math.floor(typed.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  for (const name of names) {
    const edits = distance(wanted, simplified(name));
    if (edits < least) {
      best = name;
      least = edits;
    }
  }
  return best;
}

const simplified = (name: string): string => name.toLowerCase().replace(/[-_. ]/g, '');
