import { policies as builtIn } from '../../policies/index.ts';
import type { CompileOptions } from '../compile.ts';
import { defaultConfig, isWaivable } from '../policy/config.ts';
import { areCompatible, changesOf, choicesOf, type Priced, type Start } from './choices.ts';
import { editsFromTo, type FitEdit } from './describe.ts';
import { repairsOf } from './repairs.ts';
import { budgetPolicy, type Trial, type Trials, trialsOf } from './trial.ts';

/** The least that can be deployed, whatever is given up. */
export type Floor = {
  totalUsd: number;
  items: { name: string; detail: string; monthlyUsd: number | null }[];
  edits: FitEdit[];
  givesUp: string[];
  /** Policies that may be waived, and what the least would be without each. */
  waivers: { policy: string; totalUsd: number; fits: boolean; givesUp: string[] }[];
  /** The same in the cheapest other region. */
  elsewhere?: { region: string; totalUsd: number; fits: boolean };
};

export type Least = { trial: Trial; options: Priced[] };

/** The most of every lever together, less what then saves nothing; the region stays. */
export function leastOf(trials: Trials, start: Start, choices: readonly (readonly Priced[])[]): Least {
  let best: Least = { trial: start.trial, options: [] };
  const attempt = (options: Priced[]): boolean => {
    if (!areCompatible(options)) return false;
    const trial = trials.of(changesOf([...start.repairs, ...options]));
    // With fewer options at the same price the rest was given up for nothing.
    const isBetter = (than: Least): boolean =>
      (trial as Trial).totalUsd < than.trial.totalUsd - 0.005 ||
      ((trial as Trial).totalUsd < than.trial.totalUsd + 0.005 && options.length < than.options.length);
    if (!trials.isSound(trial) || !isBetter(best)) return false;
    best = { trial, options };
    return true;
  };
  if (!attempt(choices.map((each) => each.at(-1) as Priced)))
    for (const lever of choices)
      for (const option of [...lever].reverse()) if (attempt([...best.options, option])) break;
  // What pays alone need not pay beside the others, and what is lighter may then do as well.
  for (const lever of choices) {
    const others = best.options.filter((option) => !lever.includes(option));
    attempt(others);
    for (const option of lever) attempt([...others, option]);
  }
  return best;
}

/** Why nothing fits: the least there is, line by line, and what else would bring it down. */
export function floorOf(
  { file, text, options, targetUsd }: { file: string; text: string; options: CompileOptions; targetUsd: number },
  trials: Trials,
  start: Start,
  moves: readonly Priced[],
  { trial, options: given }: Least,
): Floor {
  const { policies = builtIn, config = defaultConfig, today } = options;
  const waivers = policies
    .filter((policy) => policy.id !== budgetPolicy && trials.refusals.has(policy.id) && isWaivable(policy, config))
    .flatMap((policy) => {
      const others = policies.filter(({ id }) => id !== policy.id);
      const without = leastWithout(file, text, { ...options, policies: others }, today);
      if (!without || without.trial.totalUsd > trial.totalUsd - 0.005) return [];
      return [
        {
          policy: policy.id,
          totalUsd: without.trial.totalUsd,
          fits: without.trial.totalUsd <= targetUsd,
          givesUp: without.options.map(({ loses }) => loses),
        },
      ];
    });
  const moved = moves
    .flatMap((option) => {
      const there = trials.of(changesOf([...start.repairs, ...given, option]));
      const to = option.changes[0]?.to;
      return trials.isSound(there) && typeof to === 'string' ? [{ region: to, totalUsd: there.totalUsd }] : [];
    })
    .sort((a, b) => a.totalUsd - b.totalUsd)[0];
  return {
    totalUsd: trial.totalUsd,
    items: (trial.compiled.bill?.items ?? []).map(({ name, detail = '', monthlyUsd }) => ({
      name,
      detail,
      monthlyUsd,
    })),
    edits: editsFromTo(trials.base, trial.changes),
    givesUp: given.map(({ loses }) => loses),
    waivers,
    ...(moved &&
      moved.totalUsd < trial.totalUsd - 0.005 && { elsewhere: { ...moved, fits: moved.totalUsd <= targetUsd } }),
  };
}

function leastWithout(file: string, text: string, options: CompileOptions, today: string): Least | undefined {
  const trials = trialsOf(file, text, options);
  const { repairs, left } = repairsOf(trials, today);
  const trial = trials.of(changesOf(repairs));
  if (left.length > 0 || !trial) return undefined;
  const start = { repairs, trial };
  return leastOf(trials, start, choicesOf(trials, start, today));
}
