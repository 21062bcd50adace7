export type Stage = 'production' | 'development';

/** What a setting may hold: a number, a list of texts, or yes or no. */
export type SettingValue = number | boolean | readonly string[];

type ByStage<T> = { readonly [stage in Stage]?: T };

/** Something about a policy that owners set, the same for both stages or one value for each. */
export type Setting =
  | { type: 'number'; description: string; minimum?: number; maximum?: number; default?: ByStage<number> }
  | { type: 'strings'; description: string; default?: ByStage<readonly string[]> }
  | { type: 'boolean'; description: string; default?: ByStage<boolean> };

export type Settings = Readonly<Record<string, Setting>>;

type Held<S extends Setting> = S extends { type: 'number' }
  ? number
  : S extends { type: 'strings' }
    ? readonly string[]
    : boolean;

/** The values a policy reads: those with a default for both stages are always there. */
export type SettingsIn<S extends Settings> = {
  readonly [Key in keyof S]: S[Key] extends { default: Readonly<Record<Stage, unknown>> }
    ? Held<S[Key]>
    : Held<S[Key]> | undefined;
};

/** What the owners wrote for one policy, by setting and stage. */
export type OwnersSettings = Readonly<Record<string, ByStage<SettingValue>>>;
export type Values = Readonly<Record<string, SettingValue | undefined>>;

/** What is in force at a stage: what the owners wrote, else the policy's own default. */
export const valuesOf = (settings: Settings | undefined, stage: Stage, owners: OwnersSettings = {}): Values =>
  settings
    ? Object.fromEntries(
        Object.entries(settings).map(([name, setting]) => [name, owners[name]?.[stage] ?? setting.default?.[stage]]),
      )
    : {};

/** In the words of a message. */
export function expectedOf(setting: Setting): string {
  if (setting.type === 'boolean') return 'true or false';
  if (setting.type === 'strings') return 'a list of texts such as [a, b]';
  const { minimum, maximum } = setting;
  if (minimum !== undefined && maximum !== undefined) return `a number from ${minimum} to ${maximum}`;
  return `a number${minimum !== undefined ? ` of at least ${minimum}` : maximum !== undefined ? ` of at most ${maximum}` : ''}`;
}

export function accepts(setting: Setting, value: unknown): value is SettingValue {
  if (setting.type === 'boolean') return typeof value === 'boolean';
  if (setting.type === 'strings') return Array.isArray(value) && value.every((each) => typeof each === 'string');
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = setting;
  return typeof value === 'number' && Number.isFinite(value) && value >= minimum && value <= maximum;
}

/** As a property of the JSON Schema by which the engine checks and completes what the pack is told. */
export function schemaOf(setting: Setting, value: SettingValue | undefined) {
  const { type, description } = setting;
  const kind =
    type === 'strings'
      ? { type: 'array' as const, items: { type: 'string' as const } }
      : type === 'number'
        ? { type, ...limitsOf(setting) }
        : { type };
  return { ...kind, description, ...(value !== undefined && { default: value as number | boolean | string[] }) };
}

const limitsOf = ({ minimum, maximum }: { minimum?: number; maximum?: number }) => ({
  ...(minimum !== undefined && { minimum }),
  ...(maximum !== undefined && { maximum }),
});
