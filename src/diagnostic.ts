/** A stretch of a file in UTF-16 code units from its first character (a byte order mark not counted), end exclusive. */
export type Range = { start: number; end: number };

export type Severity = 'error' | 'warning' | 'info';

/** One place a diagnostic points at; the first label of a diagnostic is the guilty text itself. */
export type Label = { file: string; range: Range; note?: string };

/** One edit set that removes the fault; `safe` ones may be applied without asking. */
export type Fix = { title: string; safe: boolean; edits: { range: Range; newText: string }[] };

/** An accepted violation: who accepts it, why, and the last day (inclusive, `YYYY-MM-DD`) on which it counts. */
export type Waiver = { reason: string; owner: string; expires: string };

/** What is wrong, where and why: plain data that every report prints. */
export type Diagnostic = {
  /** Stable id: `yaml/...`, `spec/...`, `plan/...`, `catalog/...`, `cost/...`, `waiver/...`, `deploy/...`, `preflight/...` or a policy's id. */
  code: string;
  severity: Severity;
  /** Set on findings of policies: the level in force for the stage. */
  level?: 'mandatory' | 'advisory';
  /** What is wrong: lower case, no full stop, user text in double quotes. */
  message: string;
  /** Where in the spec, as in `cluster.nodePool.vmSize`; empty for the whole file. */
  path: string;
  labels: [Label, ...Label[]];
  why?: string;
  help?: string;
  url?: string;
  resource?: { type: string; name: string; path: string };
  fixes?: Fix[];
  waived?: Waiver;
};

/** Does the diagnostic decide the exit code? A waived one is shown and does not. */
export const counts = (diagnostic: Diagnostic): boolean => diagnostic.waived === undefined;

const rank: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/** Is `severity` at least as grave as `threshold`? */
export const atLeast = (severity: Severity, threshold: Severity): boolean => rank[severity] <= rank[threshold];

/** The one place that orders findings and drops repeats (same file, range, code and message). */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return [...diagnostics]
    .sort((a, b) => {
      const [x, y] = [a.labels[0], b.labels[0]];
      return (
        compare(x.file, y.file) ||
        x.range.start - y.range.start ||
        x.range.end - y.range.end ||
        compare(a.code, b.code) ||
        compare(a.message, b.message)
      );
    })
    .filter(({ code, message, labels: [{ file, range }] }) => {
      const key = JSON.stringify([file, range.start, range.end, code, message]);
      return !seen.has(key) && seen.add(key);
    });
}

// Code units, not the machine's locale: the same input must give the same order everywhere.
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
