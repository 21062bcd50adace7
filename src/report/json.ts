import type { Diagnostic, Range } from '../diagnostic.ts';
import { count, type Report, totalOf } from './report.ts';

/** The contract for programs, formatVersion 1: lines and columns from 1, columns in UTF-16 code units. */
export function json(report: Report): string {
  const document = {
    formatVersion: 1,
    tool: report.tool,
    asOf: report.asOf,
    findings: report.diagnostics.map((diagnostic) => jsonFinding(report, diagnostic)),
    specs: report.specs.map(({ complete: _, ...spec }) => spec),
    summary: { ...count(report.diagnostics), monthlyUsd: totalOf(report.specs).monthlyUsd },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** A finding, the same in whatever document it stands. */
export function jsonFinding(
  { source, environmentOf }: Pick<Report, 'source' | 'environmentOf'>,
  { code, severity, level, message, why, help, url, path, labels, resource, fixes, waived }: Diagnostic,
) {
  const position = (file: string, offset: number) => source(file)?.position(offset) ?? { line: 1, column: 1 };
  const rangeOf = (file: string, { start, end }: Range) => ({ start: position(file, start), end: position(file, end) });
  const [{ file, range, note }, ...related] = labels;
  return {
    code,
    severity,
    ...(level && { level }),
    message,
    ...(note !== undefined && { note }),
    ...(why !== undefined && { why }),
    ...(help !== undefined && { help }),
    ...(url !== undefined && { url }),
    file,
    environment: environmentOf(file),
    path,
    range: rangeOf(file, range),
    related: related.map((label) => ({
      message: label.note ?? '',
      file: label.file,
      range: rangeOf(label.file, label.range),
    })),
    ...(resource && { resource }),
    fixes: (fixes ?? []).map(({ title, safe, edits }) => ({
      title,
      safe,
      edits: edits.map((edit) => ({ range: rangeOf(file, edit.range), newText: edit.newText })),
    })),
    ...(waived && { waived }),
  };
}
