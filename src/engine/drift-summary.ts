import { findingsList } from '../report/markdown.ts';
import { escaped } from '../report/table.ts';
import type { Result } from './result.ts';
import { block, withFindings } from './summary.ts';

/** What the engine knows nothing of it can't see; whoever reads "as promised" must know that. */
const unseen =
  'only what was deployed from the spec is looked at: a role given elsewhere, or another resource beside it, is not seen';

function headline({ environment, drift, findings = [] }: Result): string {
  if (!drift) return `${environment}: not compared with what is there`;
  const { resources } = drift;
  return findings.length > 0
    ? `${environment}: ${findings.length} of ${resources} resources are not as promised`
    : `${environment}: ${resources} resources, all as promised`;
}

const linesOf = ({ drift, notes = [], problems }: Result): string[] => [
  ...notes,
  ...(drift ? [unseen] : []),
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
