import type { Report } from './report.ts';
import { acceptanceOf, gravityOf, messageOf } from './words.ts';

/** A line for each finding as compilers write them, which editors and `grep` know; nothing where nothing was found. */
export function compact(report: Report): string {
  return report.diagnostics
    .map((diagnostic) => {
      const [{ file, range }] = diagnostic.labels;
      const { line, column } = report.source(file)?.position(range.start) ?? { line: 1, column: 1 };
      const accepted = acceptanceOf(diagnostic);
      // What is accepted is no error to whoever counts them.
      const gravity = accepted === undefined ? gravityOf(diagnostic) : 'note';
      const text = `${messageOf(diagnostic)} [${diagnostic.code}]${accepted === undefined ? '' : ` (waived ${accepted})`}`;
      return `${file}:${line}:${column}: ${gravity}: ${text.replace(/\s*[\r\n]+\s*/g, ' ')}\n`;
    })
    .join('');
}
