import type { Diagnostic, Severity } from '../diagnostic.ts';
import { environmentsTable } from './bill.ts';
import { count, plural, type Report, summaryOf, totalOf } from './report.ts';
import { escaped, markdownTable } from './table.ts';
import { acceptanceOf, gravityOf } from './words.ts';

/** What a comment on a pull request may take: one that is longer is not read. */
const room = 4000;
/** For the lines that say how much is left out. */
const reserve = 200;

/** The result in brief for a pull request: its headline, what each spec costs, what was found; what does not fit is counted. */
export function markdown(report: Report): string {
  const head = headline(report);
  const findings = findingsList(report);
  const table = environmentsTable(report, true);
  const [titles = '', rule = '', ...drawn] = markdownTable(table);
  const rows = drawn.slice(0, table.rows.length);
  // One bill needs no sum.
  const sums = drawn.length > 2 ? drawn.slice(rows.length) : [];
  let left = room - reserve - bytes([head, '', titles, rule, ...sums]);
  const specs = fitting(rows, findings.length > 0 ? left / 2 : left);
  left -= bytes(specs);
  const shown = fitting(findings, left);
  const more = (all: number, some: number, what: string): string[] =>
    all > some ? ['', `and ${plural(all - some, `more ${what}`)}, which \`perpetual check\` shows`] : [];
  return `${[
    head,
    '',
    ...[titles, rule, ...specs, ...sums],
    ...more(rows.length, specs.length, 'spec'),
    ...(shown.length > 0 ? ['', ...shown] : []),
    ...more(findings.length, shown.length, 'finding'),
  ].join('\n')}\n`;
}

export function headline(report: Report): string {
  const { errors } = count(report.diagnostics);
  const { monthlyUsd, partial } = totalOf(report.specs);
  const total = `${monthlyUsd.toFixed(2)} USD/month${partial ? ' without what has no price or no usable value' : ''}`;
  return `**${errors > 0 ? plural(errors, 'error') : 'ok'}, ${total}** (${summaryOf(report)})`;
}

/** A line for each finding, the gravest first, and what is waived last. */
export function findingsList(report: Pick<Report, 'diagnostics' | 'source'>): string[] {
  const ofSeverity = (severity: Severity): Diagnostic[] =>
    report.diagnostics.filter((each) => !each.waived && each.severity === severity);
  const waived = report.diagnostics.filter((each) => each.waived);
  return [...ofSeverity('error'), ...ofSeverity('warning'), ...ofSeverity('info'), ...waived].map((diagnostic) => {
    const { code, message, help, waived: waiver, labels } = diagnostic;
    const [{ file, range }] = labels;
    const { line, column } = report.source(file)?.position(range.start) ?? { line: 1, column: 1 };
    const accepted = waiver ? `; waived ${acceptanceOf(diagnostic)}` : '';
    const fix = help === undefined || waiver ? '' : `; fix: ${help}`;
    const kind = waiver ? 'waived' : gravityOf(diagnostic);
    return `- **${kind}** ${escaped(`${code} at ${file}:${line}:${column}: ${clipped(message)}${clipped(fix)}${clipped(accepted)}`)}`;
  });
}

/** A value of a spec can be a page long; the finding is recognised by its beginning. */
const clipped = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}...` : text);

const bytes = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);

function fitting(lines: readonly string[], space: number): string[] {
  let left = space;
  const first = lines.findIndex((line) => {
    left -= bytes([line]);
    return left < 0;
  });
  return first < 0 ? [...lines] : lines.slice(0, first);
}
