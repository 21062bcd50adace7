import type { Level, Policy, Stage } from './policy.ts';
import { type OwnersSettings, type Values, valuesOf } from './settings.ts';

/** What the repository's owners decide about one policy. */
export type Decision = {
  levels: Partial<Record<Stage, Level>>;
  waivable?: boolean;
  settings: OwnersSettings;
};

/** What they decide for all specs, by the policy's id; what they leave out is as the policy says itself. */
export type PolicyConfig = ReadonlyMap<string, Decision>;

/** Where the image of an environment comes from, and whether it has to be deployed there first. */
export type Promotion = { from: string; requireLive: boolean };

export const defaultConfig: PolicyConfig = new Map();

const strictness: Record<Level, number> = { disabled: 0, advisory: 1, mandatory: 2 };

export const isStricter = (a: Level, b: Level): boolean => strictness[a] > strictness[b];

/** The level the owners set for a stage, and the one in force when the spec asks for something stricter. */
export function levelOf(
  policy: Policy,
  stage: Stage,
  config: PolicyConfig,
  asked?: Level,
): { set: Level; inForce: Level } {
  const set = config.get(policy.id)?.levels[stage] ?? policy.levels[stage];
  return { set, inForce: asked && isStricter(asked, set) ? asked : set };
}

export const isWaivable = (policy: Policy, config: PolicyConfig): boolean =>
  policy.waivable && (config.get(policy.id)?.waivable ?? true);

export const settingsOf = (policy: Policy, stage: Stage, config: PolicyConfig): Values =>
  valuesOf(policy.settings, stage, config.get(policy.id)?.settings);
