import type { Compiled } from '../compile.ts';
import type { CostItem } from '../cost/item.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { specPathOf } from '../locate.ts';
import type { Stage } from '../policy/policy.ts';
import type { Position } from '../spec/source.ts';

/** A line of the bill with the key of the spec that decides it. */
export type BillItem = Omit<CostItem, 'input'> & { detail: string; path: string };

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

/** Is there an error on this file that counts? */
export const isOk = ({ loaded, diagnostics }: Compiled): boolean =>
  loaded.root !== undefined && count(diagnostics).errors === 0;

export function summarise(compiled: Compiled): SpecReport {
  const { loaded, environment = '', stage, complete, plan, bill } = compiled;
  const resources = plan?.resources ?? [];
  const pathOf = ({ resource: name, input }: CostItem): string =>
    specPathOf(
      loaded,
      resources.find((each) => each.name === name),
      input,
    );
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
          return { ...shown, detail: item.detail ?? '', path: pathOf(item) };
        }),
      },
    }),
  };
}
