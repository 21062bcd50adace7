import { policies as builtIn } from '../../policies/index.ts';
import type { CompileOptions } from '../compile.ts';
import { defaultConfig, isWaivable } from '../policy/config.ts';
import { areCompatible, type Choices, changesOf, type Priced, type Start, withoutNeedless } from './choices.ts';
import { editsFromTo, type FitEdit } from './describe.ts';
import { repairsOf } from './repairs.ts';
import { budgetPolicy, type Trial, type Trials, trialsOf } from './trial.ts';

/** The least that can be deployed, whatever is given up. */
export type Floor = {
  /** What was asked for, or the most the owners allow. */
  limitUsd: number;
  totalUsd: number;
  /** The spec's own budget would have to be raised for it. */
  overBudget: boolean;
  items: { name: string; detail: string; monthlyUsd: number | null }[];
  edits: FitEdit[];
  givesUp: string[];
  /** Policies that may be waived, and what the least would be without each. */
  waivers: { policy: string; totalUsd: number; fits: boolean }[];
  /** The same in the cheapest other region. */
  elsewhere?: { region: string; totalUsd: number; fits: boolean };
};

export type Least = { trial: Trial; options: Priced[] };

/** The most of every lever together, less what then saves nothing. */
export function leastOf(trials: Trials, start: Start, choices: readonly (readonly Priced[])[]): Least {
  let best: Least = { trial: start.trial, options: [] };
  const attempt = (options: Priced[]): boolean => {
    const trial = areCompatible(options) ? trials.of(changesOf([...start.repairs, ...options])) : undefined;
    if (!trials.isSound(trial)) return false;
    // With fewer options at the same price the rest was given up for nothing.
    const more = trial.totalUsd - best.trial.totalUsd;
    if (more > 0.005 || (more > -0.005 && options.length >= best.options.length)) return false;
    best = { trial, options };
    return true;
  };
  const levers = choices.filter((each) => each.length > 0);
  if (!attempt(levers.map((each) => each.at(-1) as Priced)))
    for (const lever of levers)
      for (const option of [...lever].reverse()) if (attempt([...best.options, option])) break;
  for (const each of best.options) attempt(best.options.filter((option) => option !== each));
  const needed = trials.of(
    withoutNeedless(best.trial.changes, (changes) => {
      const trial = trials.of(changes);
      return trials.isSound(trial) && trial.totalUsd < best.trial.totalUsd + 0.005;
    }),
  );
  return { ...best, trial: needed ?? best.trial };
}

/** Why nothing fits: the least there is, line by line, and what else would bring it down. */
export function floorOf(
  { file, text, options, limitUsd }: { file: string; text: string; options: CompileOptions; limitUsd: number },
  trials: Trials,
  start: Start,
  choices: readonly Choices[],
  moves: readonly Priced[],
  { trial, options: given }: Least,
): Floor {
  const { policies = builtIn, config = defaultConfig, today } = options;
  const waivers = policies
    .filter((policy) => policy.id !== budgetPolicy && isWaivable(policy, config))
    .flatMap((policy) => {
      const isInTheWay =
        start.repairs.some((repair) => repair.policy === policy.id) ||
        choices.some(({ refused }) => refused.some(({ by }) => by.includes(policy.id)));
      const others = policies.filter((other) => other !== policy);
      const without = isInTheWay
        ? leastWithout(policy.id, trialsOf(file, text, { ...options, policies: others }))
        : undefined;
      return without && without.totalUsd < trial.totalUsd - 0.005
        ? [{ policy: policy.id, totalUsd: without.totalUsd, fits: without.totalUsd <= limitUsd }]
        : [];
    });
  const moved = moves
    .flatMap((option) => {
      const there = trials.of(changesOf([...start.repairs, ...given, option]));
      const to = option.changes[0]?.to;
      return trials.isSound(there) && typeof to === 'string' ? [{ region: to, totalUsd: there.totalUsd }] : [];
    })
    .sort((a, b) => a.totalUsd - b.totalUsd)[0];
  return {
    limitUsd,
    totalUsd: trial.totalUsd,
    overBudget: trial.overBudget,
    items: (trial.compiled.bill?.items ?? []).map(({ name, detail = '', monthlyUsd }) => ({
      name,
      detail,
      monthlyUsd,
    })),
    edits: editsFromTo(trials.base, trial.changes),
    givesUp: trial.changes.flatMap(({ loses }) => loses ?? []),
    waivers,
    ...(moved &&
      moved.totalUsd < trial.totalUsd - 0.005 && { elsewhere: { ...moved, fits: moved.totalUsd <= limitUsd } }),
  };

  function leastWithout(policy: string, without: Trials): Trial | undefined {
    const { repairs, left } = repairsOf(without, today);
    const repaired = without.of(changesOf(repairs));
    if (left.length > 0 || !repaired) return undefined;
    const more = choices.map(({ sound, refused }) =>
      [...sound, ...refused.filter(({ by }) => by.every((id) => id === policy)).map(({ option }) => option)].sort(
        (a, b) => a.savingUsd - b.savingUsd,
      ),
    );
    return leastOf(without, { repairs, trial: repaired }, more).trial;
  }
}
