import type { Fix } from '../diagnostic.ts';
import type { Change } from './change.ts';
import { areCompatible, changesOf, type Priced, type Start, withoutNeedless } from './choices.ts';
import { editsFromTo, type FitEdit } from './describe.ts';
import { lossesOf } from './lever.ts';
import { lightest, type Pick } from './search.ts';
import type { Trial, Trials } from './trial.ts';

/** One set of edits with which the spec fits: each of them is needed, and the compiler has nothing against the result. */
export type Fit = {
  totalUsd: number;
  savingUsd: number;
  edits: FitEdit[];
  givesUp: string[];
  /** What policies ask for; it is not given up for money. */
  repairs: { policy: string; what: string }[];
  /** What must hold where the environment is deployed already. */
  conditions: string[];
  fix: Fix;
};

/** What may be spent, and whether something is within it. */
export type Limit = { usd: number; holds(trial: Trial | undefined): trial is Trial };

const mostFits = 5;
/** Sets that are enough by their estimate and not in fact, or that are no new way: so many, and no more, are looked at. */
const mostSets = 400;

/** The lightest sets that fit, each another way. */
export function found(trials: Trials, start: Start, choices: readonly (readonly Priced[])[], limit: Limit): Fit[] {
  const fits: Fit[] = [];
  const ways = new Set<string>();
  const sets = lightest(choices, start.trial.totalUsd - limit.usd);
  let set = sets.next();
  for (let count = 0; !set.done && fits.length < mostFits && count < mostSets; count++) {
    const options = set.value.map(({ choice }) => choice);
    const way = wayOf(set.value);
    const isAnother = !ways.has(way) && areCompatible(options);
    const fit = isAnother ? accepted(trials, start, options, limit) : undefined;
    if (fit) {
      ways.add(way);
      fits.push(fit);
    }
    // What is enough already is not looked at with more beside it, whether each part of it is needed or not.
    set = sets.next(!isAnother || limit.holds(trials.of(changesOf([...start.repairs, ...options]))));
  }
  return fits;
}

/** The same levers, only pulled further, are no other way; nor is another of the small ones beside the same two or more. */
function wayOf(picks: readonly Pick<Priced>[]): string {
  const bySaving = [...picks].sort((a, b) => b.choice.savingUsd - a.choice.savingUsd);
  const telling = bySaving.slice(0, Math.max(2, bySaving.length - 1));
  return telling
    .map(({ lever }) => lever)
    .sort((a, b) => a - b)
    .join();
}

/** The set as a fit, unless it is not enough, or would be with less. */
export function accepted(trials: Trials, start: Start, options: readonly Priced[], limit: Limit): Fit | undefined {
  const isEnough = (changes: readonly Change[]): boolean => limit.holds(trials.of(changes));
  const changes = withoutNeedless(changesOf([...start.repairs, ...options]), isEnough);
  const trial = trials.of(changes);
  if (!trial || !isEnough(changes)) return undefined;
  if (changes.some((change) => isEnough(changes.filter((each) => each !== change)))) return undefined;
  return fitOf(trials.base, trial, start, options);
}

/** Less what is not needed, what hurts most first. */
export const sparing = (
  options: readonly Priced[],
  isEnough: (options: readonly Priced[]) => boolean,
): readonly Priced[] =>
  [...options]
    .sort((a, b) => b.weight - a.weight)
    .reduce((kept, option) => {
      const others = kept.filter((each) => each !== option);
      return isEnough(others) ? others : kept;
    }, options);

function fitOf(base: Trial, { changes, edits, totalUsd }: Trial, { repairs }: Start, options: readonly Priced[]): Fit {
  const done = repairs.filter((repair) => repair.changes.some((change) => changes.includes(change)));
  const givesUp = options.flatMap((option) => lossesOf(option, changes));
  return {
    totalUsd,
    savingUsd: Math.round((base.totalUsd - totalUsd) * 100) / 100,
    edits: editsFromTo(base, changes),
    givesUp,
    repairs: done.map(({ policy, loses }) => ({ policy, what: loses })),
    conditions: [...new Set([...done, ...options].flatMap(({ condition }) => condition ?? []))],
    fix: {
      title: `${totalUsd.toFixed(2)} USD/month: ${[...done.map(({ loses }) => loses), ...givesUp].join('; ')}`,
      safe: false,
      edits,
    },
  };
}
