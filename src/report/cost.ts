import { counts } from '../diagnostic.ts';
import { environmentsTable, type Grouping, hasBill, itemsTable, notesOn, pricedLines, resourcesTable } from './bill.ts';
import { findingsList, headline } from './markdown.ts';
import { type Paint, painter } from './paint.ts';
import { prettyFindings } from './pretty.ts';
import type { Report, SpecReport } from './report.ts';
import { escaped, markdownTable, plainTable, type Table } from './table.ts';

export type CostOptions = { by: Grouping; meters: boolean };

/** Every bill in full for people, after what keeps a spec from being right. */
export async function prettyCost(
  report: Report,
  { by, meters, color, width = Number.POSITIVE_INFINITY }: CostOptions & { color: boolean; width?: number },
): Promise<string> {
  const paint = painter(color);
  const parts = await prettyFindings(onlyErrors(report), paint, width);
  const bills = report.specs.filter(hasBill);
  for (const spec of bills) {
    const lines =
      by === 'line' ? linesOf(report, spec, paint) : await plainTable(tableOf(report, spec, by, meters), paint, width);
    const notes = notesOn(spec).map((note) => `  ${note}`);
    parts.push(`${[paint('bold', titleOf(spec)), ...lines, ...notes].join('\n')}\n`);
  }
  if (report.specs.length > 1)
    parts.push(`${(await plainTable(environmentsTable(report), paint, width)).join('\n')}\n`);
  return parts.join('\n');
}

/** The same as Markdown, whole: it is for a page of its own. */
export function markdownCost(report: Report, { by, meters }: CostOptions): string {
  const errors = findingsList(onlyErrors(report));
  const parts = [[headline(report)], ...(errors.length > 0 ? [errors] : [])];
  if (report.specs.length > 1) parts.push(markdownTable(environmentsTable(report)));
  for (const spec of report.specs.filter(hasBill)) {
    const lines = by === 'line' ? fenced(linesOf(report, spec)) : markdownTable(tableOf(report, spec, by, meters));
    parts.push(
      [`### ${escaped(titleOf(spec))}`],
      lines,
      notesOn(spec).map((note) => `- ${escaped(note)}`),
    );
  }
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const titleOf = ({ file, environment, stage }: SpecReport): string =>
  `${file}: ${environment || 'no environment'} (${stage})`;

const tableOf = (report: Report, spec: SpecReport, by: 'item' | 'resource', meters: boolean): Table =>
  by === 'item' ? itemsTable(spec, report.asOf, meters) : resourcesTable(spec);

function linesOf(report: Report, spec: SpecReport, paint: Paint = painter(false)): string[] {
  const source = report.source(spec.file);
  if (!source) return [];
  const [titles = '', ...lines] = pricedLines(spec, source);
  const sum = lines.pop() ?? '';
  return [paint('dim', titles), ...lines, paint('bold', sum)];
}

/** A fence that no line of the text can close. */
function fenced(lines: readonly string[]): string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([ticks]) => ticks.length)));
  const fence = '`'.repeat(longest + 1);
  return [fence, ...lines, fence];
}

/** A bill is not the place for advice, but one that is wrong must say why. */
const onlyErrors = (report: Report): Report => ({
  ...report,
  diagnostics: report.diagnostics.filter((diagnostic) => diagnostic.severity === 'error' && counts(diagnostic)),
});
