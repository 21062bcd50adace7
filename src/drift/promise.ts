import { isExpr } from '../expr.ts';
import { type Resource, UNKNOWN } from '../plan.ts';
import { childPath } from '../spec/path.ts';

type Inputs = Readonly<Record<string, unknown>>;

/** A resource as the engine has had it, and as it is now; nothing now when it is gone. */
export type There = {
  before?: Inputs;
  now?: Inputs;
  /** Paths of inputs that the provider knows to differ, whether or not their values may be seen. */
  differing?: readonly string[];
};

/** Where a resource is not what was promised. Values are absent where nobody may see or knows them. */
export type Difference = {
  kind: 'changed' | 'added' | 'removed';
  /** The input, for machines and for the line of the spec that promises it. */
  input: string;
  /** The same for people: an item of a list by its name. */
  what: string;
  promised?: unknown;
  now?: unknown;
};

/** What is not as promised, and the inputs as they are: expressions where their values are still the same. */
export type Compared = { differences: Difference[]; inputs: Record<string, unknown> };

/** How the engine shows what it must not. */
const hidden = '[secret]';

/**
 * Compares what a plan promises of a resource with what is there. A promise is what the plan says: what Azure fills in, moves
 * by itself (`ignoreChanges`) or adds beside it, as tags of an Azure Policy, is no difference. Lists of named parts are
 * promised whole, so that a part which somebody added is one.
 */
export function compareWithPromise({ type, inputs, options }: Resource, { before, now, differing }: There): Compared {
  const comparison = new Comparison(
    type.startsWith('azure-native:'),
    (options.ignoreChanges ?? []).map((path) => plain(path)),
  );
  const merged = comparison.mapping({ input: '', what: '' }, inputs, before ?? {}, now ?? {});
  for (const path of differing ?? []) comparison.unseen(path, valueAt(inputs, path), valueAt(now, path));
  return { differences: comparison.differences, inputs: merged };
}

const plain = (path: string): string => path.replace(/\[(\d+|\*)\]/g, '');

type Place = { input: string; what: string };

class Comparison {
  readonly differences: Difference[] = [];
  readonly #ignoresCase: boolean;
  readonly #ignored: readonly string[];

  constructor(ignoresCase: boolean, ignored: readonly string[]) {
    this.#ignoresCase = ignoresCase;
    this.#ignored = ignored;
  }

  mapping(at: Place, promised: Inputs, before: unknown, now: unknown): Record<string, unknown> {
    const [had, has] = [asMapping(before), asMapping(now)];
    const own = Object.entries(promised).map(([key, value]) => {
      const place = { input: childPath(at.input, key), what: childPath(at.what, key) };
      return [key, this.#value(place, value, had[key], has[key])];
    });
    const beside = Object.entries(has).filter(([key, value]) => !(key in promised) && !this.#isSame(had[key], value));
    return Object.fromEntries([...beside, ...own].filter(([, value]) => value !== undefined));
  }

  /** A value that the provider has compared and we may not see, such as a secret. */
  unseen(input: string, promised: unknown, now: unknown): void {
    const known = this.differences.some((each) => input.startsWith(each.input) || each.input.startsWith(input));
    if (!known && !this.#isIgnored(input) && promised !== undefined && now === hidden)
      this.differences.push({ kind: 'changed', input, what: input });
  }

  #value(at: Place, promised: unknown, before: unknown, now: unknown): unknown {
    if (this.#isIgnored(at.input) || promised === UNKNOWN || now === hidden) return promised;
    if (hasExpression(promised) && !isMapping(promised) && !isNamed(promised)) {
      if (this.#isSame(before, now)) return promised;
      return this.#differs(at, before, now);
    }
    if (Array.isArray(promised)) return this.#list(at, promised, before, now);
    if (isMapping(promised)) {
      // All of it went away at once: one difference, not one for each of its parts.
      if (isNothing(now) && !isNothing(promised)) return this.#differs(at, promised, now);
      return this.mapping(at, promised, before, now);
    }
    return this.#isSame(promised, now) ? promised : this.#differs(at, promised, now);
  }

  #list(at: Place, promised: unknown[], before: unknown, now: unknown): unknown {
    const [had, has] = [asList(before), asList(now)];
    if (isNamed(promised)) return this.#named(at, promised, had, has);
    const isOfMappings = promised.length > 0 && promised.every(isMapping);
    if (!isOfMappings || promised.length !== has.length)
      return this.#isSame(promised, has) ? promised : this.#differs(at, promised, has);
    return promised.map((each, index) =>
      this.#value({ input: `${at.input}[${index}]`, what: `${at.what}[${index}]` }, each, had[index], has[index]),
    );
  }

  #named(at: Place, promised: Named[], had: unknown[], has: unknown[]): unknown[] {
    const find = (list: unknown[], name: string) => list.find((each) => isMapping(each) && each.name === name);
    const kept = promised.flatMap((each, index) => {
      const place = { input: `${at.input}[${index}]`, what: `${at.what} "${each.name}"` };
      const there = find(has, each.name);
      if (there !== undefined) return [this.#value(place, each, find(had, each.name), there)];
      this.differences.push({ ...place, kind: 'removed' });
      return [];
    });
    const added = has.filter((each) => isMapping(each) && !promised.some(({ name }) => name === each.name));
    for (const each of added) {
      const { name } = each as Named;
      this.differences.push({ kind: 'added', input: at.input, what: `${at.what} "${name}"`, now: each });
    }
    return [...kept, ...added];
  }

  #differs({ input, what }: Place, promised: unknown, now: unknown): unknown {
    const isGone = isNothing(now);
    this.differences.push({
      ...{ kind: isGone ? 'removed' : 'changed', input, what },
      ...(promised !== undefined && !hasExpression(promised) && { promised }),
      ...(!isGone && { now }),
    });
    // Whoever judges it must not take it for unknown.
    return isGone && promised === true ? false : now;
  }

  #isIgnored(input: string): boolean {
    const where = plain(input);
    return this.#ignored.some((each) => where === each || where.startsWith(`${each}.`));
  }

  #isSame = (one: unknown, other: unknown): boolean => this.#text(one) === this.#text(other);

  /** Azure knows names and words in any case, regions with and without spaces, and keeps lists of words in its own order. */
  #text(value: unknown): string {
    if (isNothing(value)) return '';
    if (Array.isArray(value))
      return `[${value
        .map((each) => this.#text(each))
        .sort()
        .join()}]`;
    if (isMapping(value))
      return `{${Object.keys(value)
        .filter((key) => !isNothing(value[key]))
        .sort()
        .map((key) => `${key}:${this.#text(value[key])}`)
        .join()}}`;
    return this.#ignoresCase ? String(value).toLowerCase().replaceAll(' ', '') : String(value);
  }
}

type Named = Record<string, unknown> & { name: string };

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExpr(value);

const isNamed = (value: unknown): value is Named[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => isMapping(each) && typeof each.name === 'string');

const asMapping = (value: unknown): Inputs => (isMapping(value) ? value : {});
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const hasExpression = (value: unknown): boolean =>
  isExpr(value) ||
  (Array.isArray(value) ? value.some(hasExpression) : isMapping(value) && Object.values(value).some(hasExpression));

/** Whether nothing is written or that there is none: to Azure it is the same. */
const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isMapping(value) && Object.values(value).every(isNothing));

const valueAt = (value: unknown, path: string): unknown =>
  path
    .split(/[.[\]]+/)
    .filter(Boolean)
    .reduce<unknown>((each, key) => (each as Record<string, unknown> | undefined)?.[key.replace(/^"|"$/g, '')], value);
