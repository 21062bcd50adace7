import { agree, type Change, merged } from '../edit/change.ts';
import type { Spec } from '../spec/schema.ts';
import { frontier, type Option, type Premises, type Sacrifice, weightOf } from './lever.ts';
import { networkLevers } from './levers/network.ts';
import { poolLevers } from './levers/pools.ts';
import { regionLever } from './levers/region.ts';
import { serviceLevers } from './levers/services.ts';
import { storageLevers } from './levers/storage.ts';
import type { Repair } from './repairs.ts';
import type { Trial, Trials } from './trial.ts';

/** An option with what it saves by itself, which the compiler says. */
export type Priced = Option & { weight: number; savingUsd: number };

/** What one lever can do; and what it could but for policies. */
export type Choices = { sound: Priced[]; refused: { option: Priced; by: string[] }[] };

/** Where saving begins: what policies ask for is done. */
export type Start = { repairs: readonly Repair[]; trial: Trial };

/** What each lever can do, the one that can save most first: those options that save more than every lighter one. */
export function choicesOf(trials: Trials, { repairs, trial: start }: Start, today: string): Choices[] {
  const premises = premisesOf(start, today);
  const levers = [
    ...poolLevers(premises),
    ...storageLevers(premises),
    ...networkLevers(premises),
    ...serviceLevers(premises),
  ].filter((options) => options.length > 0);
  return levers
    .map((options) => priced(options, trials, changesOf(repairs), start))
    .filter(({ sound, refused }) => sound.length + refused.length > 0)
    .sort((a, b) => largest(b) - largest(a));
}

/** Other regions: apart, because they are the last resort. */
export const movesOf = (trials: Trials, { repairs, trial: start }: Start, today: string): Priced[] =>
  priced(regionLever(premisesOf(start, today)), trials, changesOf(repairs), start).sound;

const premisesOf = ({ compiled }: Trial, today: string): Premises => ({ spec: compiled.loaded.spec as Spec, today });

const largest = ({ sound }: Choices): number => Math.max(0, ...sound.map(({ savingUsd }) => savingUsd));

function priced(options: readonly Option[], trials: Trials, before: readonly Change[], start: Trial): Choices {
  const sound: Priced[] = [];
  const refused: Choices['refused'] = [];
  for (const each of options) {
    const trial = trials.of(merged(before, each.changes));
    const option = { ...each, weight: weightOf(each.changes), savingUsd: start.totalUsd - (trial?.totalUsd ?? 0) };
    if (!trial || option.savingUsd < 0.005) continue;
    const isSound: boolean = trials.isSound(trial);
    if (isSound) sound.push(option);
    else if (trial.faults.length > 0 && trial.faults.every(({ level }) => level))
      refused.push({ option, by: trial.faults.map(({ code }) => code) });
  }
  return { sound: frontier(sound, ({ savingUsd }) => -savingUsd), refused };
}

export const changesOf = (options: readonly Option[]): Sacrifice[] =>
  options.reduce<Sacrifice[]>((changes, option) => merged(changes, option.changes), []);

/** Do they leave each other alone? */
export const areCompatible = (options: readonly Priced[]): boolean =>
  options.every((option, index) => options.slice(index + 1).every((other) => agree(option.changes, other.changes)));

/** Less what the rest can do without, what hurts most first. */
export function withoutNeedless(
  changes: readonly Sacrifice[],
  isEnough: (changes: Sacrifice[]) => boolean,
): Sacrifice[] {
  let kept = [...changes];
  for (let size = Number.POSITIVE_INFINITY; kept.length < size; ) {
    size = kept.length;
    for (const change of [...kept].sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0))) {
      const others = kept.filter((each) => each !== change);
      if (isEnough(others)) kept = others;
    }
  }
  return kept;
}
