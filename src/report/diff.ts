import { cents } from '../cost/bill.ts';
import type { SpecDiff } from '../diff/diff.ts';
import { headlineOf, type Section, sectionsOf, type Tone } from './diff-sections.ts';
import { painter, type Style } from './paint.ts';
import { plural } from './report.ts';
import { escaped } from './table.ts';

/** The edits of a run, those without a difference included. */
export type DiffReport = {
  diffs: readonly SpecDiff[];
  /** The commit of the base, where there is one. */
  against?: string;
  asOf: string;
  tool: { version: string; catalog: string };
};

const styles: Record<Tone, Style | undefined> = { bad: 'red', good: 'green', plain: undefined };

export const differs = ({ kind }: SpecDiff): boolean => kind !== 'same';

const titleOf = ({ file, baseFile, environment }: SpecDiff): string =>
  `${baseFile === undefined ? '' : `${baseFile} -> `}${file}: ${environment || 'no environment'}`;

/** For people, section by section. */
export function prettyDiff(report: DiffReport, color: boolean): string {
  const paint = painter(color);
  const parts = report.diffs.filter(differs).map((diff) => {
    const sections = sectionsOf(diff).flatMap(({ title, lines }) => [
      `  ${paint('bold', title)}`,
      ...lines.map(({ text, tone }) => {
        const style = styles[tone];
        return `    ${style ? paint(style, text) : text}`;
      }),
    ]);
    return `${[`${paint('bold', titleOf(diff))}, ${headlineOf(diff)}`, ...sections].join('\n')}\n`;
  });
  return [...parts, `${summaryLine(report)}\n`].join('\n');
}

export function summaryLine({ diffs }: DiffReport): string {
  const differing = diffs.filter(differs).length;
  const { beforeUsd, afterUsd } = totalOf(diffs);
  const money =
    beforeUsd === null || afterUsd === null ? '' : `, ${beforeUsd.toFixed(2)} -> ${afterUsd.toFixed(2)} USD/month`;
  return `${differing === 0 ? `no differences in ${plural(diffs.length, 'spec')}` : `${differing} of ${plural(diffs.length, 'spec')} ${differing === 1 ? 'differs' : 'differ'}`}${money}`;
}

function totalOf(diffs: readonly SpecDiff[]): { beforeUsd: number | null; afterUsd: number | null } {
  const sum = (of: (diff: SpecDiff) => number | null): number | null =>
    diffs.reduce<number | null>((total, diff) => {
      const usd = of(diff);
      return total === null || usd === null ? null : cents(total + usd);
    }, 0);
  return { beforeUsd: sum(({ bill }) => bill.beforeUsd), afterUsd: sum(({ bill }) => bill.afterUsd) };
}

/** The same as Markdown, whole. */
export function markdownDiff(report: DiffReport): string {
  const parts = report.diffs
    .filter(differs)
    .flatMap((diff) => [
      `### ${escaped(titleOf(diff))}`,
      escaped(headlineOf(diff)),
      ...sectionsOf(diff).map((section) => markdownSection(section)),
    ]);
  return `${[`**${escaped(summaryLine(report))}**`, ...parts].join('\n\n')}\n`;
}

export const markdownSection = ({ title, lines }: Section): string =>
  [`**${title}**`, '', ...lines.map(({ text }) => `- ${escaped(text)}`)].join('\n');

/** The contract for programs, formatVersion 1: lines count from 1, amounts are USD a month. */
export const jsonDiff = ({ diffs, against, asOf, tool }: DiffReport): string =>
  `${JSON.stringify(
    {
      formatVersion: 1,
      tool,
      asOf,
      ...(against !== undefined && { against }),
      specs: diffs,
      summary: { differing: diffs.filter(differs).length, ...totalOf(diffs) },
    },
    null,
    2,
  )}\n`;
