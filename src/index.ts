import { policies as builtIn } from '../policies/index.ts';
import type { PerpetualNode } from '../schema/perpetual-node.d.ts';
import { catalogDateInUse, isFrozen } from './catalog/copy.ts';
import { compile as compileWhole } from './compile.ts';
import { type Diagnostic, sortDiagnostics } from './diagnostic.ts';
import { pinnedBy } from './lock.ts';
import type { Plan } from './plan.ts';
import { defaultConfig } from './policy/config.ts';
import type { Policy } from './policy/policy.ts';
import { readConfig } from './policy/read-config.ts';
import { type Format, formats } from './report/formats.ts';
import { type Report, type SourceText, type SpecReport, summarise } from './report/report.ts';
import { type Position, Source } from './spec/source.ts';
import { textOf } from './spec/text.ts';
import { catalogDate, version } from './version.ts';

/** What other packages may build on: no file is read but the catalog's own, and nothing of Pulumi is loaded. */
export type { Diagnostic, Fix, Label, Range, Severity, Waiver } from './diagnostic.ts';
export type { Expr, ExprBody } from './expr.ts';
export type { Options, Plan, Resource, Token } from './plan.ts';
export { definePolicy, type Finding, type Level, type Policy, type PolicyContext } from './policy/policy.ts';
export type { Setting, Settings, SettingsIn, SettingValue, Stage } from './policy/settings.ts';
export type { Bill, BillItem as CostItem, SourceText } from './report/report.ts';
export type { Position } from './spec/source.ts';
export { version };

/** A spec as one writes it, for programs that make specs; defaults may be left out. */
export type Spec = PerpetualNode;

export type CompileOptions = {
  /** The day to judge by, `YYYY-MM-DD`: the only clock there is. */
  today: string;
  /** The owners' policy settings, the text of a `policies/config.yaml`; without them each policy has its own levels. */
  config?: { file: string; text: string };
  /** Policies of your own, beside those of the package. */
  policies?: readonly Policy[];
  /** Which catalog to judge by, the text of a `perpetual.lock.json`; without it what `perpetual catalog show` shows. */
  lock?: { file: string; text: string };
  /** The shipped prices only, not what `perpetual catalog update` fetched; the default is `PERPETUAL_FROZEN`. */
  frozen?: boolean;
};

/** Everything known about one spec, as plain data; but for `plan`, `diagnostics` and `sources` what `--format json` says of it. */
export type Compiled = SpecReport & {
  asOf: string;
  /** The day of the catalog in force. */
  catalog: string;
  /** Absent when the file is no mapping at all. */
  plan?: Plan;
  /** Sorted, each once; those of `config` and `lock` among them. */
  diagnostics: readonly Diagnostic[];
  /** The texts the diagnostics point into: the spec and, when given, the settings and the lock. */
  sources: readonly SourceText[];
};

/**
 * Validates, plans, prices and judges a spec: its text, or the object that stands for it. A mistake in it never throws;
 * it is among the diagnostics. The same text, day, settings and catalog give the same result.
 */
export function compile(
  file: string,
  spec: Spec | string,
  { today, config, policies: own = [], lock, frozen = isFrozen(process.env) }: CompileOptions,
): Compiled {
  const policies = [...builtIn, ...own];
  const pinned = pinnedBy(lock && new Source(lock.file, lock.text), frozen);
  const configSource = config && new Source(config.file, config.text);
  const owners = configSource ? readConfig(configSource, policies) : { config: defaultConfig, diagnostics: [] };
  const whole = compileWhole(file, textOf(spec), { today, config: owners.config, policies, catalog: pinned.catalog });
  const summary = summarise(whole);
  const besides = [...owners.diagnostics, ...pinned.diagnostics];
  return {
    ...summary,
    ok: summary.ok && besides.every(({ severity }) => severity !== 'error'),
    asOf: today,
    catalog: catalogDateInUse(pinned.catalog),
    ...(whole.plan && { plan: whole.plan }),
    diagnostics: sortDiagnostics([...whole.diagnostics, ...besides]),
    sources: [whole.loaded.source, configSource, pinned.source].filter((source) => source !== undefined),
  };
}

export type ReportOptions = {
  /** `pretty` for people (the default), `json` for programs, `markdown` for pull requests and the others that `perpetual compile --format` prints. */
  format?: Format;
  /** Only for `pretty`: colour, findings only, and the width of the terminal. */
  color?: boolean;
  quiet?: boolean;
  width?: number;
};

/** What the command line prints of these specs. */
export async function report(
  compiled: Compiled | readonly Compiled[],
  { format = 'pretty', color = false, quiet = false, width }: ReportOptions = {},
): Promise<string> {
  const all = [compiled].flat() as Compiled[];
  const sources = new Map(all.flatMap((each) => each.sources.map((source) => [source.file, source])));
  const whole: Report = {
    specs: all.map(({ asOf: _, catalog: __, plan: ___, diagnostics: ____, sources: _____, ...spec }) => spec),
    diagnostics: sortDiagnostics(all.flatMap(({ diagnostics }) => diagnostics)),
    source: (file) => sources.get(file),
    environmentOf: (file) => all.find((each) => each.file === file)?.environment ?? '',
    asOf: all[0]?.asOf ?? '',
    tool: {
      version,
      catalog:
        all
          .map(({ catalog }) => catalog)
          .sort()
          .at(-1) ?? catalogDate,
    },
  };
  return formats[format](whole, { color, quiet, ...(width !== undefined && { width }) });
}

/** Where a diagnostic points at, from 1, columns in UTF-16 code units. */
export function positionOf({ sources }: Compiled, { labels: [{ file, range }] }: Diagnostic): Position {
  return sources.find((source) => source.file === file)?.position(range.start) ?? { line: 1, column: 1 };
}
