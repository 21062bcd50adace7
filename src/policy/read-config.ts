import type { Diagnostic, Range } from '../diagnostic.ts';
import { didYouMean, nearestName } from '../spec/nearest-name.ts';
import { type Entry, type Node, toPlain } from '../spec/node.ts';
import { parseYaml } from '../spec/parse-yaml.ts';
import { childPath } from '../spec/path.ts';
import type { Source } from '../spec/source.ts';
import type { Decision, PolicyConfig, Promotion } from './config.ts';
import type { Level, Policy, Stage } from './policy.ts';
import { accepts, expectedOf, type Setting, type SettingValue } from './settings.ts';

const stages: readonly string[] = ['production', 'development'];
const levels: readonly string[] = ['mandatory', 'advisory', 'disabled'];

/**
 * Reads `policies: { <id>: { production, development, waivable, <setting> } }` and, by environment, `promotion: { <env>:
 * { from, requireLive } }`; a mistake is reported at its own place.
 */
export function readConfig(
  source: Source,
  policies: readonly Policy[],
): { config: PolicyConfig; promotions: ReadonlyMap<string, Promotion>; diagnostics: Diagnostic[] } {
  const reader = new Reader(source, policies);
  return { config: reader.read(), promotions: reader.promotions, diagnostics: reader.diagnostics };
}

class Reader {
  readonly diagnostics: Diagnostic[] = [];
  readonly promotions = new Map<string, Promotion>();
  readonly #source: Source;
  readonly #policies: readonly Policy[];
  readonly #config = new Map<string, Decision>();

  constructor(source: Source, policies: readonly Policy[]) {
    this.#source = source;
    this.#policies = policies;
  }

  read(): PolicyConfig {
    const { root, faults } = parseYaml(this.#source);
    // An empty file decides nothing, and says so by being empty.
    for (const { code, message, range } of faults) if (code !== 'yaml/empty') this.#report(message, range);
    for (const { key, keyRange, value } of this.#entries(root, { start: 0, end: 1 }, '')) {
      const read = key === 'policies' ? this.#policy : key === 'promotion' ? this.#promotion : undefined;
      if (!read) this.#report(`unknown key "${key}"; expected "policies" or "promotion"`, keyRange, key);
      else for (const entry of this.#entries(value, keyRange, key)) read.call(this, entry);
    }
    return this.#config;
  }

  #policy({ key: id, keyRange, value }: Entry): void {
    const path = childPath('policies', id);
    const policy = this.#policies.find((each) => each.id === id);
    if (!policy) {
      const ids = this.#policies.map((each) => each.id);
      this.#report(`there is no policy "${id}"${didYouMean(nearestName(id, ids))}`, keyRange, path);
      return;
    }
    const decision: Decision & { settings: Record<string, object> } = { levels: {}, settings: {} };
    this.#config.set(id, decision);
    const settings = policy.settings ?? {};
    for (const entry of this.#entries(value, keyRange, path)) {
      const at = childPath(path, entry.key);
      if (stages.includes(entry.key)) this.#level(policy, entry, at, decision);
      else if (entry.key === 'waivable') this.#waivable(policy, entry, at, decision);
      else if (Object.hasOwn(settings, entry.key))
        decision.settings[entry.key] = this.#setting(settings[entry.key] as Setting, entry, at);
      else {
        const known = [...stages, 'waivable', ...Object.keys(settings)];
        const near = nearestName(entry.key, known);
        this.#report(
          `unknown key "${entry.key}"${near ? didYouMean(near) : `; expected one of ${known.join(', ')}`}`,
          entry.keyRange,
          at,
        );
      }
    }
  }

  #promotion({ key: environment, keyRange, value }: Entry): void {
    const path = childPath('promotion', environment);
    const found = { from: '', requireLive: false };
    for (const entry of this.#entries(value, keyRange, path)) {
      const [at, given] = [childPath(path, entry.key), toPlain(entry.value)];
      if (entry.key === 'from' && typeof given === 'string' && given !== environment) found.from = given;
      else if (entry.key === 'from') this.#report('expected the name of another environment', rangeOf(entry), at);
      else if (entry.key === 'requireLive' && typeof given === 'boolean') found.requireLive = given;
      else if (entry.key === 'requireLive') this.#report('expected true or false', rangeOf(entry), at);
      else this.#report(`unknown key "${entry.key}"; expected one of from, requireLive`, entry.keyRange, at);
    }
    if (found.from !== '') this.promotions.set(environment, found);
    else if (this.diagnostics.length === 0)
      this.#report('expected "from", the environment that its image comes from', keyRange, path);
  }

  #level({ id, waivable }: Policy, entry: Entry, path: string, { levels: chosen }: Decision): void {
    const level = toPlain(entry.value);
    if (typeof level !== 'string' || !levels.includes(level))
      this.#report(`expected one of ${levels.join(', ')}`, rangeOf(entry), path);
    else if (!waivable && level !== 'mandatory')
      this.#report(`"${id}" is always mandatory: what it finds is certainly refused`, rangeOf(entry), path);
    else chosen[entry.key as Stage] = level as Level;
  }

  #waivable({ id, waivable }: Policy, entry: Entry, path: string, decision: Decision): void {
    const value = toPlain(entry.value);
    if (typeof value !== 'boolean') this.#report('expected true or false', rangeOf(entry), path);
    else if (value && !waivable)
      this.#report(`"${id}" can't be waived: what it finds is certainly refused`, rangeOf(entry), path);
    else decision.waivable = value;
  }

  /** One value for both stages, or a mapping with one for each. */
  #setting(setting: Setting, entry: Entry, path: string): Partial<Record<Stage, SettingValue>> {
    if (entry.value.kind !== 'map') {
      const value = this.#value(setting, entry, path);
      return value === undefined ? {} : { production: value, development: value };
    }
    const chosen: Partial<Record<Stage, SettingValue>> = {};
    for (const each of entry.value.entries) {
      const at = childPath(path, each.key);
      if (!stages.includes(each.key))
        this.#report(`unknown stage "${each.key}"; expected ${stages.join(' or ')}`, each.keyRange, at);
      else {
        const value = this.#value(setting, each, at);
        if (value !== undefined) chosen[each.key as Stage] = value;
      }
    }
    return chosen;
  }

  #value(setting: Setting, entry: Entry, path: string): SettingValue | undefined {
    const value = toPlain(entry.value);
    if (accepts(setting, value)) return value;
    const guilty =
      setting.type === 'strings' && entry.value.kind === 'list'
        ? entry.value.items.find((item) => typeof toPlain(item) !== 'string')
        : undefined;
    this.#report(`expected ${expectedOf(setting)}`, guilty?.range ?? rangeOf(entry), path);
    return undefined;
  }

  #entries(node: Node | undefined, range: Range, path: string): Entry[] {
    if (node?.kind === 'map') return node.entries;
    if (node) this.#report('expected a mapping such as { production: mandatory }', range, path);
    return [];
  }

  #report(message: string, range: Range, path = ''): void {
    const labels: Diagnostic['labels'] = [{ file: this.#source.file, range }];
    this.diagnostics.push({ code: 'spec/policy-config', severity: 'error', message, path, labels });
  }
}

/** A scalar shows itself; a list, a mapping or nothing is shown by its key. */
const rangeOf = ({ keyRange, value: { kind, range } }: Entry): Range =>
  kind === 'scalar' && range.end > range.start ? range : keyRange;
