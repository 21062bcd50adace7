import type { Compiled } from '../compile.ts';
import { type SharedAllowance, sharedAllowances } from '../cost/allowances.ts';
import { cents } from '../cost/bill.ts';
import type { CostItem } from '../cost/item.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { labelAt, specPathIn } from '../locate.ts';
import type { Stage } from '../policy/policy.ts';
import type { Position } from '../spec/source.ts';

/** A line of the bill with the key of the spec that decides it, and the line where that stands, from 1. */
export type BillItem = Omit<CostItem, 'input'> & { detail: string; path: string; line: number };

/** A month's bill, rounded once to the cent; partial when an item has no price. */
export type Bill = { monthlyUsd: number; partial: boolean; items: BillItem[] };

/** What is printed of a spec; everything else about it can be forgotten, so that a thousand fit into memory. */
export type SpecReport = {
  file: string;
  environment: string;
  subscription?: string;
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
  const { loaded, environment = '', subscription, stage, complete, plan, bill } = compiled;
  const resources = plan?.resources ?? [];
  const placeOf = (item: CostItem): Pick<BillItem, 'path' | 'line'> => {
    const path = specPathIn(loaded, resources, item);
    return { path, line: loaded.source.position(labelAt(loaded, path).range.start).line };
  };
  return {
    file: loaded.source.file,
    environment,
    ...(subscription !== undefined && { subscription }),
    stage,
    ok: isOk(compiled),
    complete,
    resources: resources.map(({ type, name, origin }) => ({ type, name, path: origin })),
    ...(bill && {
      bill: {
        monthlyUsd: bill.monthlyUsd,
        partial: bill.partial,
        items: bill.items.map((item) => {
          const { input: _, ...shown } = item;
          return { ...shown, detail: item.detail ?? '', ...placeOf(item) };
        }),
      },
    }),
  };
}

/** What all specs cost together: their bills, and what they were each granted although a subscription has it once. */
export function totalOf(specs: readonly SpecReport[]): {
  monthlyUsd: number;
  partial: boolean;
  shared: SharedAllowance[];
} {
  const bills = specs.flatMap(({ bill, subscription }) =>
    bill ? { ...bill, ...(subscription !== undefined && { subscription }) } : [],
  );
  const shared = sharedAllowances(bills);
  const sum = [...bills, ...shared].reduce((total, { monthlyUsd }) => total + monthlyUsd, 0);
  return {
    monthlyUsd: cents(sum),
    partial: bills.length < specs.length || bills.some(({ partial }) => partial),
    shared,
  };
}
