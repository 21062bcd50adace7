import { type Expr, isExpr } from './expr.ts';
import { type DeclaredInputs, type Options, type Resource, type Token, UNKNOWN } from './plan.ts';
import { childPath } from './spec/path.ts';
import { HoleRead, isView, note, type Recorded, record } from './spec/track.ts';

/** A declared resource, for others to refer to. */
export type Handle = {
  readonly name: string;
  readonly type: Token;
  output(path: string): Expr<string>;
  readonly id: Expr<string>;
};

/** What may have been declared or not; to ask counts as reading the condition it depends on. */
export type Perhaps<T> = () => T | undefined;

type BuildOptions = Omit<Options, 'dependsOn' | 'provider'> & { dependsOn?: (Handle | undefined)[]; provider?: Handle };

/** Collects resources in the order in which they are declared; a handle must exist to be referred to, so that order is a deployable one. */
export class PlanBuilder {
  readonly resources: Resource[] = [];
  /** False once anything had to be left out because the spec has no usable value for it. */
  complete = true;
  /** The provider of every Azure resource that does not name one. */
  azure: Handle | undefined;
  #conditions: ReadonlySet<string>[] = [];

  /** Declares a resource. Inputs may hold functions; each records what it reads of the spec. */
  resource<T extends Token>(
    type: T,
    name: string,
    origin: string,
    inputs: () => DeclaredInputs<NoInfer<T>>,
    options: () => BuildOptions = () => ({}),
  ): Handle {
    const output = (path: string): Expr<string> => ({ $: { ref: name, output: path } });
    const handle: Handle = { name, type, output, id: output('id') };
    const trace: Resource['trace'] = {};
    if (this.#conditions.length > 0) {
      const conditions = new Set<string>();
      for (const reads of this.#conditions) for (const path of reads) conditions.add(path);
      if (conditions.size > 0) trace[''] = [...conditions];
    }
    const evaluated = this.#evaluate(inputs, '', trace);
    if (evaluated !== UNKNOWN) {
      const chosen = record(options);
      if (chosen.hole) this.complete = false;
      const {
        dependsOn = [],
        provider = type.startsWith('azure-native:') ? this.azure : undefined,
        ...rest
      } = chosen.hole ? {} : chosen.value;
      const names = dependsOn.flatMap((dependency) => (dependency ? [dependency.name] : []));
      this.resources.push({
        type,
        name,
        inputs: evaluated as Record<string, unknown>,
        options: {
          ...(names.length > 0 && { dependsOn: names }),
          ...(provider && { provider: provider.name }),
          ...defined(rest),
        },
        origin,
        trace,
      });
    }
    return handle;
  }

  /** Declares what depends on a condition of the spec: the resources inside are traced to it, and so is what asks for them. */
  when<T>(condition: () => boolean, declare: () => T): Perhaps<T> {
    const result = record(condition);
    const declared = !result.hole && result.value ? this.#under(result.reads, declare) : undefined;
    if (result.hole) this.complete = false;
    return () => {
      note(result.reads);
      // Whether it is there can't be told: whatever asks can't be told either.
      if (result.hole || declared?.hole) throw new HoleRead();
      return declared?.value;
    };
  }

  /** Declares something for each item of a list of the spec; an unusable item is left out. */
  each<Item, T>(items: () => readonly Item[], declare: (item: Item, index: number) => T): T[] {
    const length = record(() => items().length);
    if (length.hole) {
      this.complete = false;
      return [];
    }
    const declared: T[] = [];
    for (let index = 0; index < length.value; index++) {
      const item = record(() => items()[index] as Item);
      if (item.hole) this.complete = false;
      else {
        const one = this.#under(length.reads, () => declare(item.value, index));
        if (!one.hole) declared.push(one.value);
      }
    }
    return declared;
  }

  #under<T>(reads: ReadonlySet<string>, declare: () => T): Recorded<T> {
    this.#conditions.push(reads);
    const declared = record(declare);
    this.#conditions.pop();
    if (declared.hole) this.complete = false;
    return declared;
  }

  /** Functions become values and leave their reads in the trace; views of the spec become plain data; absent keys vanish. */
  #evaluate(value: unknown, path: string, trace: Resource['trace']): unknown {
    if (isLiteral(value)) return value;
    // Whatever else is plain reads nothing itself.
    if (typeof value !== 'function' && !isView(value as object)) return this.#plain(value as object, path, trace);
    const result = record(() => {
      const computed = typeof value === 'function' ? (value as () => unknown)() : value;
      return isLiteral(computed) ? computed : this.#plain(computed as object, path, trace);
    });
    if (result.reads.size > 0) {
      const known = trace[path];
      trace[path] = known ? [...new Set([...known, ...result.reads])] : [...result.reads];
    }
    if (!result.hole) return result.value;
    this.complete = false;
    return UNKNOWN;
  }

  #plain(value: object, path: string, trace: Resource['trace']): unknown {
    if (isExpr(value)) return { $: this.#evaluate(value.$, path, trace) };
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      for (let index = 0; index < value.length; index++) {
        const part = partOf(value, index);
        items.push(isLiteral(part) ? part : this.#evaluate(part, `${path}[${items.length}]`, trace));
      }
      return items.filter((item) => item !== undefined);
    }
    // A copy has its place for every key at once.
    const plain: Record<string, unknown> = isView(value) ? {} : { ...value };
    let isWhole = true;
    for (const key of Object.keys(value)) {
      const part = partOf(value, key);
      if (!isLiteral(part)) plain[key] = this.#evaluate(part, childPath(path, key), trace);
      if (plain[key] === undefined) isWhole = false;
    }
    return isWhole ? plain : defined(plain);
  }
}

/** Looking into a view is a read of the spec, which belongs to the part and not to the whole. */
function partOf(whole: object, key: string | number): unknown {
  const read = (): unknown => (whole as Record<string | number, unknown>)[key];
  return isView(whole) ? read : read();
}

/** Most of a plan is: it reads nothing and needs no record. */
const isLiteral = (value: unknown): boolean =>
  value === null || (typeof value !== 'object' && typeof value !== 'function');

const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
