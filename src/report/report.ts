import type { Compiled } from '../compile.ts';
import { shareAllowances } from '../cost/allowance.ts';
import { cents } from '../cost/bill.ts';
import type { CostItem } from '../cost/item.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { labelAt, specPathIn } from '../locate.ts';
import type { Stage } from '../policy/policy.ts';
import type { Position } from '../spec/source.ts';

/** A line of the bill with the key of the spec that decides it, and the line where that stands, from 1. */
export type BillItem = Omit<CostItem, 'input'> & { detail: string; path: string; line: number };

/** A month's bill, rounded once to the cent; partial when an item has no price. Free allowances are the subscription's. */
export type Bill = { monthlyUsd: number; partial: boolean; items: BillItem[]; subscription?: string };

/** What is printed of a spec; everything else about it can be forgotten, so that a thousand fit into memory. */
export type SpecReport = {
  file: string;
  environment: string;
  stage: Stage;
  ok: boolean;
  complete: boolean;
  resources: { type: string; name: string; path: string }[];
  bill?: Bill;
};

/** A text that diagnostics point into; lines are counted from 1. */
export type SourceText = {
  readonly file: string;
  readonly lineCount: number;
  position(offset: number): Position;
  /** The line as it may be shown: what may be a secret is replaced by dots. */
  line(line: number): string;
};

/** What every format prints: the specs of a run, the findings to show, and the texts they point into. */
export type Report = {
  specs: readonly SpecReport[];
  /** Sorted; those of the owners' config file among them. */
  diagnostics: readonly Diagnostic[];
  source(file: string): SourceText | undefined;
  environmentOf(file: string): string;
  asOf: string;
  tool: { version: string; catalog: string };
};

export const count = (diagnostics: readonly Diagnostic[]) => ({
  errors: diagnostics.filter(({ severity, waived }) => severity === 'error' && !waived).length,
  warnings: diagnostics.filter(({ severity, waived }) => severity === 'warning' && !waived).length,
  infos: diagnostics.filter(({ severity, waived }) => severity === 'info' && !waived).length,
  waived: diagnostics.filter(({ waived }) => waived !== undefined).length,
});

export const plural = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

/** What was found in how many specs, in a line. */
export function summaryOf({ diagnostics, specs }: Report): string {
  const { errors, warnings, infos, waived } = count(diagnostics);
  const parts = [
    plural(specs.length, 'spec'),
    plural(errors, 'error'),
    plural(warnings, 'warning'),
    plural(infos, 'note'),
  ];
  return [...parts, ...(waived > 0 ? [`${waived} waived`] : [])].join(', ');
}

/** Is there an error on this file that counts? */
export const isOk = ({ loaded, diagnostics }: Compiled): boolean =>
  loaded.root !== undefined && count(diagnostics).errors === 0;

export function summarise(compiled: Compiled): SpecReport {
  const { loaded, environment = '', stage, complete, plan, bill } = compiled;
  const resources = plan?.resources ?? [];
  const placeOf = (item: CostItem): Pick<BillItem, 'path' | 'line'> => {
    const path = specPathIn(loaded, resources, item);
    return { path, line: loaded.source.position(labelAt(loaded, path).range.start).line };
  };
  return {
    file: loaded.source.file,
    environment,
    stage,
    ok: isOk(compiled),
    complete,
    resources: resources.map(({ type, name, origin }) => ({ type, name, path: origin })),
    ...(bill && {
      bill: {
        monthlyUsd: bill.monthlyUsd,
        partial: bill.partial,
        ...(bill.subscription !== undefined && { subscription: bill.subscription }),
        items: bill.items.map((item) => {
          const { input: _, ...shown } = item;
          return { ...shown, detail: item.detail ?? '', ...placeOf(item) };
        }),
      },
    }),
  };
}

/** Units of a free allowance that several specs were each granted although their subscription has them once, and their price. */
export type Missing = { of: string; quantity: number; unit: string; monthlyUsd: number };

/** What all specs cost together, and by how much that is more than the sum of their bills. */
export function totalOf(specs: readonly SpecReport[]): { monthlyUsd: number; partial: boolean; missing: Missing[] } {
  const bills = specs.flatMap(({ bill }) => bill ?? []);
  const shared = shareAllowances(bills);
  const missing = new Map<string, Missing>();
  for (const [index, { items }] of bills.entries()) {
    for (const [at, { unit, freeAllowance, monthlyUsd }] of items.entries()) {
      const granted = shared[index]?.items[at];
      const quantity = (freeAllowance?.granted ?? 0) - (granted?.freeAllowance?.granted ?? 0);
      if (!freeAllowance || !granted || quantity === 0) continue;
      const { of } = freeAllowance;
      const known = missing.get(of) ?? { of, unit, quantity: 0, monthlyUsd: 0 };
      known.quantity += quantity;
      known.monthlyUsd += (granted.monthlyUsd ?? 0) - (monthlyUsd ?? 0);
      missing.set(of, known);
    }
  }
  return {
    monthlyUsd: cents(shared.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0)),
    partial: bills.length < specs.length || shared.some(({ partial }) => partial),
    missing: [...missing.values()],
  };
}
