import type { CompileOptions } from '../compile.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { defaultConfig } from '../policy/config.ts';
import type { Spec } from '../spec/schema.ts';
import { changesOf, choicesOf, movesOf, type Priced, type Start } from './choices.ts';
import { type Floor, floorOf, leastOf } from './floor.ts';
import { type Repair, repairsOf } from './repairs.ts';
import { accepted, type Fit, found } from './sets.ts';
import { budgetPolicy, type Trial, trialsOf } from './trial.ts';

export type FitOptions = CompileOptions & { targetUsd: number };

export type FitResult = {
  file: string;
  targetUsd: number;
  currentUsd: number;
  /** The bill lacks a price, so that every total here does. */
  partial: boolean;
  /** The budget of the spec, or the most its owners allow, where that is the tighter limit. */
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

  const ceilingUsd = Math.min(targetUsd, ceilingOf(trial, options.config));
  const ownUsd = (trial.compiled.loaded.spec as Spec).budget?.monthlyUsd ?? ceilingUsd;
  const budgetUsd = Math.min(ownUsd, ceilingUsd);
  const isTighter = trial.overBudget && budgetUsd < targetUsd;
  const result = { ...nothing, refusedBy: codesOf(base.faults), ...(isTighter && { budgetUsd }) };
  const start: Start = { repairs, trial };
  const limit = (usd: number) => ({
    usd,
    holds: (each: Trial | undefined): each is Trial => trials.isSound(each) && !each.overBudget && each.totalUsd <= usd,
  });
  if (limit(targetUsd).holds(base)) return { ...result, alreadyFits: true };

  const choices = choicesOf(trials, start, options.today);
  const tries = [{ start, limit: limit(isTighter ? budgetUsd : targetUsd) }];
  if (isTighter && ownUsd < ceilingUsd)
    tries.push({ start: { repairs: [...repairs, withBudget(ownUsd, ceilingUsd)], trial }, limit: limit(ceilingUsd) });
  const sound = choices.map((each) => each.sound);
  const search = (levers: readonly (readonly Priced[])[]): Fit[] => {
    for (const each of tries) {
      const fits = found(trials, each.start, levers, each.limit);
      if (fits.length > 0) return fits;
    }
    return [];
  };
  const near = search(sound);
  if (near.length > 0) return { ...result, fits: near };
  // Another region is the last resort, because nothing that is there can be kept.
  const moves = movesOf(trials, start, options.today);
  const far = moves.length > 0 ? search([moves, ...sound]) : [];
  if (far.length > 0) return { ...result, fits: far };
  const least = leastOf(trials, start, sound);
  // Where levers help each other the whole may be enough although its parts do not promise it.
  for (const each of tries) {
    const whole = accepted(trials, each.start, least.options, each.limit);
    if (whole) return { ...result, fits: [whole.fit] };
  }
  return {
    ...result,
    floor: floorOf({ file, text, options, limitUsd: ceilingUsd }, trials, start, choices, moves, least),
  };
}

/** No budget may be above what the owners allow in the stage, as long as they judge by it at all. */
const ceilingOf = ({ overBudget, compiled }: Trial, config = defaultConfig): number =>
  (overBudget ? config.limits.get('maxMonthlyUsd')?.[compiled.stage] : undefined) ?? Number.POSITIVE_INFINITY;

/** Whoever asks for more than the budget allows has to raise it. */
const withBudget = (from: number, to: number): Repair => ({
  policy: budgetPolicy,
  changes: [{ path: 'budget.monthlyUsd', to }],
  what: `a higher budget (${from} -> ${to} USD/month)`,
});

const codesOf = (diagnostics: readonly Diagnostic[]): string[] => [...new Set(diagnostics.map(({ code }) => code))];
