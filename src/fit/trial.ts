import { type Compiled, type CompileOptions, compile } from '../compile.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { counts } from '../diagnostic.ts';
import { changed, same } from '../edit/change.ts';
import { applied, type Edit, editsOf, withoutEmptied } from '../edit/edits.ts';
import { toPlain } from '../spec/node.ts';
import type { Spec } from '../spec/schema.ts';
import type { Sacrifice } from './lever.ts';
import { hasRoom } from './levers/sizes.ts';

/** The policy that a target stands in for while looking for the least that can be deployed. */
export const budgetPolicy = 'cost-over-budget';

/** What the compiler says of the spec with some changes. */
export type Trial = {
  changes: readonly Sacrifice[];
  edits: Edit[];
  text: string;
  compiled: Compiled;
  totalUsd: number;
  /** What keeps it from being deployed, but for the budget. */
  faults: Diagnostic[];
  overBudget: boolean;
};

export type Trials = {
  base: Trial;
  /** Undefined where the changes can't be written without touching something else. */
  of(changes: readonly Sacrifice[]): Trial | undefined;
  /** Can it be deployed, leaving money aside? */
  isSound(trial: Trial | undefined): trial is Trial;
};

/** Nothing is estimated: each set of changes is written into the text and compiled, once. */
export function trialsOf(file: string, text: string, options: CompileOptions): Trials {
  const known = new Map<string, Trial | undefined>();
  const base = tried([], [], compile(file, text, options));
  const { source, root } = base.compiled.loaded;
  const mark = source.hasByteOrderMark ? '\uFEFF' : '';
  const plain = root && toPlain(root);
  const unpriced = new Set(unpricedOf(base.compiled));
  known.set('', base);
  return { base, of, isSound };

  function of(changes: readonly Sacrifice[]): Trial | undefined {
    const written = withoutEmptied(root, changes);
    const edits = editsOf(base.compiled.loaded, written);
    if (!edits) return undefined;
    const key = edits.map(({ range, newText }) => `${range.start}-${range.end}${newText}`).join('\n');
    if (!known.has(key)) {
      const compiled = compile(file, mark + applied(source.text, edits), options);
      // An anchor that goes, or a value that others refer to, would change more than was meant.
      const isMeant = same(toPlainOf(compiled), changed(plain, written));
      known.set(key, isMeant ? tried(changes, edits, compiled) : undefined);
    }
    const trial = known.get(key);
    // The same text may come from changes that are told otherwise.
    return trial && { ...trial, changes };
  }

  function isSound(trial: Trial | undefined): trial is Trial {
    return trial !== undefined && trial.faults.length === 0 && isPriced(trial) && hasRoomIfChanged(trial);
  }

  /** A total must not look small because something in it has no price. */
  function isPriced({ compiled }: Trial): boolean {
    return unpricedOf(compiled).every((name) => unpriced.has(name));
  }
}

const toPlainOf = ({ loaded: { root } }: Compiled): unknown => root && toPlain(root);

const unpricedOf = ({ bill }: Compiled): string[] =>
  (bill?.items ?? [])
    .filter(({ monthlyUsd }) => monthlyUsd === null)
    .map(({ name, resource }) => `${name} ${resource}`);

function tried(changes: readonly Sacrifice[], edits: Edit[], compiled: Compiled): Trial {
  const faults = compiled.diagnostics.filter((each) => each.severity === 'error' && counts(each));
  const overBudget = faults.some(({ code }) => code === budgetPolicy);
  return {
    changes,
    edits,
    text: compiled.loaded.source.text,
    compiled,
    totalUsd: compiled.bill?.monthlyUsd ?? 0,
    faults: faults.filter(({ code }) => code !== budgetPolicy),
    overBudget,
  };
}

/** What the operator has chosen himself is his to judge. */
const hasRoomIfChanged = ({ changes, compiled }: Trial): boolean =>
  !changes.some(({ path }) => path.startsWith('cluster.nodePool') || path.startsWith('node.resources')) ||
  hasRoom(compiled.loaded.spec as Spec);
