import type { Compiled } from '../compile.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Source } from '../spec/source.ts';

/** What every format prints: the specs of a run, the findings to show, and the texts they point into. */
export type Report = {
  specs: readonly Compiled[];
  /** Sorted; those of the owners' config file among them. */
  diagnostics: readonly Diagnostic[];
  source(file: string): Source | undefined;
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
