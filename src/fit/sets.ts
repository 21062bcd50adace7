import type { Fix } from '../diagnostic.ts';
import { areCompatible, changesOf, type Priced, type Start, withoutNeedless } from './choices.ts';
import { editsFromTo, type FitEdit } from './describe.ts';
import { type Sacrifice, weightOf } from './lever.ts';
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

type Weighed = { fit: Fit; weight: number };

/** What may be spent, and whether something is within it. */
export type Limit = { usd: number; holds(trial: Trial | undefined): trial is Trial };

const mostFits = 5;
/** Sets that are enough by their estimate and not in fact, or that are no new way: so many, and no more, are looked at. */
const mostSets = 100;

/** The lightest sets that fit, each another way. */
export function found(trials: Trials, start: Start, choices: readonly (readonly Priced[])[], limit: Limit): Fit[] {
  const fits: Weighed[] = [];
  const ways = new Set<string>();
  const sets = lightest(choices, start.trial.totalUsd - limit.usd);
  let set = sets.next();
  for (let count = 0; !set.done && fits.length < mostFits && count < mostSets; count++) {
    const options = set.value.map(({ choice }) => choice);
    const way = wayOf(set.value);
    const isAnother = !ways.has(way) && areCompatible(options);
    const trial = isAnother ? accepted(trials, start, options, limit) : undefined;
    if (trial) {
      ways.add(way);
      if (!fits.some(({ fit }) => sameEdits(fit, trial.fit))) fits.push(trial);
    }
    // With more beside it, what is enough would be more than enough.
    set = sets.next(!isAnother || trial !== undefined);
  }
  return fits.sort((a, b) => a.weight - b.weight).map(({ fit }) => fit);
}

const sameEdits = (a: Fit, b: Fit): boolean => JSON.stringify(a.fix.edits) === JSON.stringify(b.fix.edits);

/** The same levers, only pulled further, are no other way; nor is another of the small ones beside the same two or more. */
function wayOf(picks: readonly Pick<Priced>[]): string {
  const bySaving = [...picks].sort((a, b) => b.choice.savingUsd - a.choice.savingUsd);
  const telling = bySaving.slice(0, Math.max(2, bySaving.length - 1));
  return telling
    .map(({ lever }) => lever)
    .sort((a, b) => a - b)
    .join();
}

/** The set as a fit, less what is not needed of it; undefined when it is not enough. */
export function accepted(trials: Trials, start: Start, options: readonly Priced[], limit: Limit): Weighed | undefined {
  const isEnough = (changes: readonly Sacrifice[]): boolean => limit.holds(trials.of(changes));
  const all = changesOf([...start.repairs, ...options]);
  const trial = isEnough(all) ? trials.of(withoutNeedless(all, isEnough)) : undefined;
  return trial && { fit: fitOf(trials.base, trial, start), weight: weightOf(trial.changes) };
}

function fitOf(base: Trial, { changes, edits, totalUsd }: Trial, { repairs }: Start): Fit {
  const done = repairs.filter((repair) => repair.changes.some((change) => changes.includes(change)));
  const givesUp = changes.flatMap(({ loses }) => loses ?? []);
  return {
    totalUsd,
    savingUsd: Math.round((base.totalUsd - totalUsd) * 100) / 100,
    edits: editsFromTo(base, changes),
    givesUp,
    repairs: done.map(({ policy, what }) => ({ policy, what })),
    conditions: [...new Set(changes.flatMap(({ condition }) => condition ?? []))],
    fix: {
      title: `${totalUsd.toFixed(2)} USD/month: ${[...done.map(({ what }) => what), ...givesUp].join('; ')}`,
      safe: false,
      edits,
    },
  };
}
