import { findingsList } from '../report/markdown.ts';
import { escaped } from '../report/table.ts';
import type { Result } from './result.ts';
import { block, withFindings } from './summary.ts';

function headline({ environment, drift }: Result): string {
  if (!drift) return `${environment}: not compared with what is there`;
  const { resources, drifted } = drift;
  const added = drifted.filter(({ kind }) => kind === 'added').length;
  const broken = drifted.length - added;
  const kept =
    broken > 0 ? `${broken} of ${resources} resources are not as promised` : `${resources} resources, all as promised`;
  return `${environment}: ${kept}${added > 0 ? `; beside them ${added} that nobody promised` : ''}`;
}

const linesOf = ({ notes = [], problems }: Result): string[] => [
  ...notes,
  ...problems.map((problem) => `error: ${problem}`),
];

/** What is not as promised, for people. */
export const driftSummary = (result: Result): Promise<string> =>
  withFindings(block(headline(result), linesOf(result)), result);

/** The same for the summary of a job, or an issue. */
export function driftMarkdown(result: Result): string {
  const { findings = [], source } = result;
  const list = findingsList({ diagnostics: findings, source: () => source });
  const lines = linesOf(result).map((line) => escaped(line));
  return `${[`**${escaped(headline(result))}**`, '', ...list, ...(list.length > 0 ? [''] : []), lines.join('\n\n')].join('\n')}\n`;
}
