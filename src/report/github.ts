import type { Diagnostic } from '../diagnostic.ts';
import { plural, type Report } from './report.ts';
import { messageOf, notesOf } from './words.ts';

/** GitHub shows that many annotations of a level from one step and drops the others without a word. */
const most = 10;

type Level = 'error' | 'warning' | 'notice';

const levelOf = ({ severity, waived }: Diagnostic): Level =>
  // What is accepted stays visible, and is no fault of this change.
  waived || severity === 'info' ? 'notice' : severity;

/** Workflow commands that GitHub Actions shows at the lines of a change, and a notice of how many it would not have shown. */
export function github(report: Report, fromRoot: (file: string) => string = (file) => file): string {
  const of = (level: Level): Diagnostic[] => report.diagnostics.filter((each) => levelOf(each) === level);
  const levels = { error: of('error'), warning: of('warning'), notice: of('notice') };
  const isTooMuch = Object.values(levels).some(({ length }) => length > most);
  // The closing notice is one, too.
  const room = { error: most, warning: most, notice: isTooMuch ? most - 1 : most };
  const shown = new Set(Object.entries(levels).flatMap(([level, all]) => all.slice(0, room[level as Level])));
  const lines = report.diagnostics
    .filter((diagnostic) => shown.has(diagnostic))
    .map((diagnostic) => annotation(report, diagnostic, fromRoot));
  if (isTooMuch) {
    const left = Object.entries(levels)
      .map(([level, all]) => ({ level, count: all.length - room[level as Level] }))
      .filter(({ count }) => count > 0)
      .map(({ level, count }) => plural(count, `more ${level}`));
    lines.push(command('notice', { title: 'perpetual' }, `${left.join(', ')}: "perpetual check" shows everything`));
  }
  return lines.join('');
}

function annotation(report: Report, diagnostic: Diagnostic, fromRoot: (file: string) => string): string {
  const [{ file, range }] = diagnostic.labels;
  const source = report.source(file);
  const start = source?.position(range.start) ?? { line: 1, column: 1 };
  const end = source?.position(range.end) ?? start;
  const place = {
    file: fromRoot(file),
    line: start.line,
    endLine: end.line,
    // GitHub takes columns within one line only.
    ...(start.line === end.line && { col: start.column, endColumn: end.column }),
    title: diagnostic.waived ? `${diagnostic.code} (waived)` : diagnostic.code,
  };
  const text = [messageOf(diagnostic), ...notesOf(diagnostic).map(([title, note]) => `${title}: ${note}`)].join('\n');
  return command(levelOf(diagnostic), place, text);
}

function command(level: Level, properties: Readonly<Record<string, string | number>>, text: string): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${inProperty(String(value))}`);
  return `::${level} ${list.join(',')}::${inText(text)}\n`;
}

// As the runner's own toolkit escapes them: "%" first, or the others would be escaped twice.
const inText = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const inProperty = (text: string): string => inText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
