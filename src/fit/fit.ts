import type { CompileOptions } from '../compile.ts';
import type { Diagnostic, Fix } from '../diagnostic.ts';
import type { Spec } from '../spec/schema.ts';
import type { Change } from './change.ts';
import { areCompatible, changesOf, choicesOf, movesOf, type Priced, type Start } from './choices.ts';
import { editsFromTo, type FitEdit } from './describe.ts';
import { type Floor, floorOf, leastOf } from './floor.ts';
import { type Repair, repairsOf } from './repairs.ts';
import { lightest, type Pick } from './search.ts';
import { budgetPolicy, type Trial, type Trials, trialsOf } from './trial.ts';

export type FitOptions = CompileOptions & { targetUsd: number };

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

export type FitResult = {
  file: string;
  targetUsd: number;
  currentUsd: number;
  /** The bill lacks a price, so that every total here does. */
  partial: boolean;
  /** The spec's own budget, where it is the tighter limit. */
  budgetUsd?: number;
  /** Codes of what has to be mended first: as long as they are there nothing is looked for. */
  errors: string[];
  /** Policies that refuse the spec as it is, at whatever price. */
  refusedBy: string[];
  alreadyFits: boolean;
  /** The lightest first. */
  fits: Fit[];
  /** Why nothing fits. */
  floor?: Floor;
};

const mostFits = 5;
/** Sets that are enough by their estimate and not in fact, or that are no new way: so many, and no more, are looked at. */
const mostSets = 400;

/** The lightest sets of edits with which a spec costs at most so much. Pure: nothing is written. */
export function fit(file: string, text: string, { targetUsd, ...options }: FitOptions): FitResult {
  const trials = trialsOf(file, text, options);
  const { base } = trials;
  const nothing = {
    file,
    targetUsd,
    currentUsd: base.totalUsd,
    partial: base.compiled.bill?.partial ?? true,
    errors: [],
    refusedBy: [],
    alreadyFits: false,
    fits: [],
  };
  const wrong = base.faults.filter(({ level }) => level === undefined);
  if (wrong.length > 0 || !base.compiled.loaded.spec) return { ...nothing, errors: codesOf(wrong) };
  const { repairs, left } = repairsOf(trials, options.today);
  const trial = trials.of(changesOf(repairs));
  if (left.length > 0 || !trial) return { ...nothing, errors: codesOf(left) };

  const budgetUsd = (trial.compiled.loaded.spec as Spec).budget?.monthlyUsd;
  const isTighter = trial.overBudget && budgetUsd !== undefined && budgetUsd < targetUsd;
  const result = { ...nothing, refusedBy: codesOf(base.faults), ...(isTighter && { budgetUsd }) };
  const start: Start = { repairs, trial };
  const limit = (usd: number) => ({
    usd,
    holds: (each: Trial | undefined): each is Trial => trials.isSound(each) && !each.overBudget && each.totalUsd <= usd,
  });
  if (limit(targetUsd).holds(base)) return { ...result, alreadyFits: true };

  const choices = choicesOf(trials, start, options.today);
  const moves = movesOf(trials, start, options.today);
  const raised = isTighter ? [withBudget(budgetUsd, targetUsd)] : [];
  const tries = [
    ...(isTighter ? [{ start, limit: limit(budgetUsd) }] : []),
    { start: { repairs: [...repairs, ...raised], trial }, limit: limit(targetUsd) },
  ];
  const sound = choices.map((each) => each.sound);
  // Another region is the last resort, because nothing that is there can be kept.
  for (const levers of [sound, [moves, ...sound]])
    for (const each of tries) {
      const fits = found(trials, each.start, levers, each.limit);
      if (fits.length > 0) return { ...result, fits };
    }
  const least = leastOf(trials, start, sound);
  return { ...result, floor: floorOf({ file, text, options, targetUsd }, trials, start, choices, moves, least) };
}

/** Whoever asks for more than the budget allows has to raise it. */
const withBudget = (from: number, to: number): Repair => ({
  policy: budgetPolicy,
  changes: [{ path: 'budget.monthlyUsd', to }],
  loses: `a higher budget (${from} -> ${to} USD/month)`,
  weight: 0,
});

type Limit = { usd: number; holds(trial: Trial | undefined): trial is Trial };

const codesOf = (diagnostics: readonly Diagnostic[]): string[] => [...new Set(diagnostics.map(({ code }) => code))];

function found(trials: Trials, start: Start, choices: readonly (readonly Priced[])[], limit: Limit): Fit[] {
  const fits: Fit[] = [];
  const ways = new Set<string>();
  const sets = lightest(choices, start.trial.totalUsd - limit.usd);
  let set = sets.next();
  for (let count = 0; !set.done && fits.length < mostFits && count < mostSets; count++) {
    const options = set.value.map(({ choice }) => choice);
    const way = wayOf(set.value);
    const isAnother = !ways.has(way) && areCompatible(options);
    const trial = isAnother ? trials.of(changesOf([...start.repairs, ...options])) : undefined;
    const isEnough = limit.holds(trial);
    if (isEnough && isMinimal(trials, trial.changes, limit)) {
      ways.add(way);
      fits.push(fitOf(trials.base, trial, start, options));
    }
    set = sets.next(isEnough || !isAnother);
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

/** Is each change needed: without it the spec costs too much, or something is wrong with it? */
const isMinimal = (trials: Trials, changes: readonly Change[], limit: Limit): boolean =>
  !changes.some((change) => limit.holds(trials.of(changes.filter((each) => each !== change))));

function fitOf(base: Trial, { changes, edits, totalUsd }: Trial, { repairs }: Start, options: readonly Priced[]): Fit {
  const done = repairs.filter((repair) => repair.changes.some((change) => changes.includes(change)));
  const givesUp = options.map(({ loses }) => loses);
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
