import { cents } from '../cost/bill.ts';
import type { SpecDiff } from '../diff/diff.ts';
import { type DiffReport, differs, markdownSection, summaryLine } from '../report/diff.ts';
import { headlineOf, sectionsOf } from '../report/diff-sections.ts';
import { plural } from '../report/report.ts';
import { escaped, markdownTable } from '../report/table.ts';

/** Finds the comment again, and nobody sees it. */
export const marker = '<!-- perpetual: what this edit does -->';

/** A longer comment is not read. In bytes. */
export const room = 4000;

/** Who can reach what after an edit, as mermaid: GitHub draws it. */
export type Picture = { environment: string; mermaid: string };

/**
 * The comment on a pull request, under 4 kB: what is grave first, then the picture, then the details folded. Whatever
 * does not fit is left out whole, and said.
 */
export function commentBody(report: DiffReport, pictures: readonly Picture[]): string {
  const diffs = report.diffs.filter(differs).sort((a, b) => gravityOf(b) - gravityOf(a));
  const page = new Page(room - footer(report, plural(999, 'part')).length);
  page.add([marker, '', `**perpetual: ${escaped(summaryLine(report))}**`]);
  page.addRows(titles, diffs.map(rowOf), (left) => `and ${plural(left, 'more spec')}`);
  const bad = diffs.flatMap((diff) =>
    sectionsOf(diff)
      .filter(({ title }) => title !== 'money' && title !== 'resources')
      .flatMap(({ title, lines }) =>
        lines
          .filter(({ tone }) => tone === 'bad')
          .map(({ text }) => `- ${escaped(`${diff.environment}: ${title === 'at risk' ? 'at risk, ' : ''}${text}`)}`),
      ),
  );
  if (bad.length > 0) page.addLines(bad, (left) => `- and ${left} more`);
  for (const { environment, mermaid } of pictures)
    page.add(folded(`${environment}: who can reach what`, ['```mermaid', mermaid.trimEnd(), '```']));
  for (const diff of diffs) {
    const sections = sectionsOf(diff).filter(({ title }) => title !== 'at risk' && title !== 'findings');
    for (const section of sections)
      page.add(folded(`${diff.environment}: ${section.title} (${section.lines.length})`, [markdownSection(section)]));
  }
  return `${page.text}\n\n${footer(report, page.left > 0 ? plural(page.left, 'part') : '')}\n`;
}

/** Where there is no room for all, the gravest edits are shown. */
const gravityOf = ({ risks, findings, exposure, rights }: SpecDiff): number =>
  risks.length * 1000 +
  findings.new.filter(({ severity, waived }) => severity === 'error' && !waived).length * 100 +
  exposure.opened.length * 10 +
  rights.widened.length;

const titles = ['Environment', 'USD a month', 'What it does'];

function rowOf(diff: SpecDiff): string[] {
  const { beforeUsd, afterUsd } = diff.bill;
  const known = (usd: number | null): string => (usd === null ? 'unknown' : usd.toFixed(2));
  const rise = beforeUsd === null || afterUsd === null ? null : cents(afterUsd - beforeUsd);
  const money = rise === 0 ? known(afterUsd) : `${known(beforeUsd)} -> ${known(afterUsd)}`;
  return [diff.environment || diff.file, money, headlineOf(diff)];
}

const folded = (summary: string, lines: readonly string[]): string[] => [
  `<details><summary>${escaped(summary)}</summary>`,
  '',
  ...lines,
  '',
  '</details>',
];

function footer({ against, tool, asOf }: DiffReport, leftOut: string): string {
  const command = `perpetual diff${against === undefined ? '' : ` --against ${against}`}`;
  const missing = leftOut === '' ? '' : `${leftOut} left out for length: \`${command}\` shows all. `;
  return `<sub>${missing}perpetual ${tool.version}, prices of ${tool.catalog}, judged as on ${asOf}</sub>`;
}

/** Takes what fits, in the order of its worth, and counts what does not. */
class Page {
  readonly #parts: string[] = [];
  #space: number;
  left = 0;

  constructor(space: number) {
    this.#space = space;
  }

  get text(): string {
    return this.#parts.join('\n\n');
  }

  add(lines: readonly string[]): void {
    const part = lines.join('\n');
    if (this.#take(part)) this.#parts.push(part);
    else this.left++;
  }

  addLines(lines: readonly string[], more: (left: number) => string, before: readonly string[] = []): void {
    const kept = [...before];
    for (const each of [...before, more(lines.length)]) this.#space -= sizeOf(each) + 1;
    // Half of the room at most: the rest is for what comes after.
    const least = this.#space / 2;
    let shown = 0;
    for (const each of lines) {
      if (this.#space - sizeOf(each) - 1 < least) break;
      this.#space -= sizeOf(each) + 1;
      kept.push(each);
      shown++;
    }
    if (shown < lines.length) kept.push(more(lines.length - shown));
    this.#parts.push(kept.join('\n'));
  }

  addRows(columns: readonly string[], rows: readonly string[][], more: (left: number) => string): void {
    const [head = '', rule = '', ...drawn] = markdownTable({
      columns: columns.map((title) => ({ title })),
      rows,
      sums: [],
    });
    this.addLines(drawn, (left) => `| ${more(left)} | | |`, [head, rule]);
  }

  #take(part: string): boolean {
    const size = sizeOf(part) + 2;
    if (size > this.#space) return false;
    this.#space -= size;
    return true;
  }
}

const sizeOf = (text: string): number => Buffer.byteLength(text);
