import type { Diagnostic, Range } from '../diagnostic.ts';
import { didYouMean, nearestName } from '../spec/nearest-name.ts';
import type { Entry, MapNode, Node } from '../spec/node.ts';
import { parseYaml } from '../spec/parse-yaml.ts';
import type { Source } from '../spec/source.ts';
import type { Level, LimitName, Policy, Stage } from './policy.ts';

/** What the repository's owners decide for all specs, from `policies/config.yaml`. */
export type PolicyConfig = {
  levels: Map<string, Partial<Record<Stage, Level>>>;
  waivable: Map<string, boolean>;
  limits: Map<LimitName, Partial<Record<Stage, number>>>;
};

const noConfig = (): PolicyConfig => ({ levels: new Map(), waivable: new Map(), limits: new Map() });
export const defaultConfig: PolicyConfig = noConfig();

const stages: readonly string[] = ['production', 'development'];
const levels: readonly string[] = ['mandatory', 'advisory', 'disabled'];

/** Reads `policies: { <id>: { production, development, waivable, <limit>: { production, development } } }`; a mistake in it is reported at its own line. */
export function readConfig(
  source: Source,
  policies: readonly Policy[],
): { config: PolicyConfig; diagnostics: Diagnostic[] } {
  const config = noConfig();
  const diagnostics: Diagnostic[] = [];
  const report = (message: string, range: Range, path = ''): void => {
    diagnostics.push({
      code: 'spec/policy-config',
      severity: 'error',
      message,
      path,
      labels: [{ file: source.file, range }],
    });
  };
  const { root, faults } = parseYaml(source);
  for (const { message, range } of faults) report(message, range);
  for (const { key, keyRange, value } of entriesOf(root)) {
    if (key !== 'policies') report(`unknown key "${key}"; expected "policies"`, keyRange);
    for (const entry of key === 'policies' ? entriesOf(value) : []) {
      const policy = policies.find(({ id }) => id === entry.key);
      if (!policy) {
        const near = nearestName(
          entry.key,
          policies.map(({ id }) => id),
        );
        report(`there is no policy "${entry.key}"${didYouMean(near)}`, entry.keyRange);
      } else readPolicy(policy, entry);
    }
  }
  return { config, diagnostics };

  function readPolicy(policy: Policy, { value, keyRange }: Entry): void {
    if (value.kind !== 'map') report(`expected a mapping such as { production: mandatory }`, keyRange);
    const chosen: Partial<Record<Stage, Level>> = {};
    for (const { key, keyRange: at, value: setting } of entriesOf(value)) {
      const scalar = setting.kind === 'scalar' ? setting.value : undefined;
      if (key === 'waivable' && typeof scalar === 'boolean') {
        if (scalar && !policy.waivable)
          report(`"${policy.id}" can't be waived: Azure itself refuses what it finds`, setting.range);
        config.waivable.set(policy.id, scalar && policy.waivable);
      } else if (stages.includes(key) && levels.includes(String(scalar))) {
        if (!policy.waivable && scalar !== 'mandatory')
          report(`"${policy.id}" is always mandatory: Azure itself refuses what it finds`, setting.range);
        else chosen[key as Stage] = scalar as Level;
      } else if (stages.includes(key)) report(`expected one of ${levels.join(', ')}`, setting.range);
      else if (policy.limits?.includes(key as LimitName)) readLimit(key as LimitName, setting, at);
      else {
        const expected = ['production', 'development', ...(policy.limits ?? [])];
        report(`unknown key "${key}"; expected ${expected.join(', ')} or waivable`, at);
      }
    }
    config.levels.set(policy.id, chosen);
  }

  function readLimit(name: LimitName, setting: Node, at: Range): void {
    if (setting.kind !== 'map') report(`expected a mapping such as { production: 500, development: 150 }`, at);
    const chosen: Partial<Record<Stage, number>> = {};
    for (const { key, keyRange, value } of entriesOf(setting)) {
      const amount = value.kind === 'scalar' ? value.value : undefined;
      if (!stages.includes(key)) report(`unknown key "${key}"; expected production or development`, keyRange);
      else if (typeof amount !== 'number' || !(amount > 0 && amount < Number.POSITIVE_INFINITY))
        report(`expected an amount above 0, such as 500`, value.kind === 'scalar' ? value.range : keyRange);
      else chosen[key as Stage] = amount;
    }
    config.limits.set(name, chosen);
  }
}

const entriesOf = (node: Node | undefined): Entry[] => (node?.kind === 'map' ? (node as MapNode).entries : []);

const strictness: Record<Level, number> = { disabled: 0, advisory: 1, mandatory: 2 };

/** The level the owners set for a stage, and the one in force when the spec asks for something stricter. */
export function levelOf(
  policy: Policy,
  stage: Stage,
  config: PolicyConfig,
  asked?: Level,
): { set: Level; inForce: Level } {
  const set = config.levels.get(policy.id)?.[stage] ?? policy.levels[stage];
  return { set, inForce: asked && strictness[asked] > strictness[set] ? asked : set };
}

export const isWaivable = (policy: Policy, config: PolicyConfig): boolean =>
  config.waivable.get(policy.id) ?? policy.waivable;

export type { Level };
export const isStricter = (a: Level, b: Level): boolean => strictness[a] > strictness[b];
