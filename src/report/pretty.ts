import { largest } from '../cost/item.ts';
import type { Diagnostic, Label } from '../diagnostic.ts';
import { type Paint, painter, type Style } from './paint.ts';
import { type Report, type SpecReport, summaryOf } from './report.ts';
import { type Columns, columnsOf } from './width.ts';
import { notesOf } from './words.ts';

export type PrettyOptions = {
  color: boolean;
  quiet: boolean;
  /** The width of the terminal; a line of the spec that is longer is shown around what is marked. */
  width?: number;
};

/** For people: each finding with its line, its reason and its fix, then what each spec comes to. */
export async function pretty(
  report: Report,
  { color, quiet, width = Number.POSITIVE_INFINITY }: PrettyOptions,
): Promise<string> {
  const paint = painter(color);
  const findings = await prettyFindings(report, paint, width);
  if (quiet) return findings.join('\n');
  const specs = report.specs.map((spec) => prettySpec(spec, paint));
  return [...findings, ...specs, `${summaryOf(report)}\n`].join('\n');
}

/** The findings alone, each ending in a line break. */
export async function prettyFindings(
  report: Pick<Report, 'diagnostics' | 'source'>,
  paint: Paint,
  width: number,
): Promise<string[]> {
  const { diagnostics } = report;
  const columns = await columnsOf(diagnostics.flatMap(({ labels }) => labels.map((label) => lineOf(report, label))));
  return diagnostics.map((diagnostic) => prettyFinding(report, diagnostic, { paint, columns, width }));
}

type Medium = { paint: Paint; columns: Columns; width: number };

const colors: Record<Diagnostic['severity'], Style> = {
  error: ['bold', 'red'],
  warning: ['bold', 'yellow'],
  info: ['bold', 'cyan'],
};

function prettyFinding(report: Pick<Report, 'source'>, diagnostic: Diagnostic, medium: Medium): string {
  const { paint } = medium;
  const { severity, code, message, labels, waived } = diagnostic;
  const [{ file, range }] = labels;
  const start = report.source(file)?.position(range.start) ?? { line: 1, column: 1 };
  const lineNumbers = labels.map((label) => report.source(label.file)?.position(label.range.start).line ?? 1);
  const gutter = ' '.repeat(String(Math.max(...lineNumbers)).length);
  const bar = paint('blue', '|');
  const headline = `${paint(waived ? 'dim' : colors[severity], waived ? `waived ${severity}` : severity)}${paint('bold', `[${code}]: ${message}`)}`;
  const lines = [
    headline,
    `${gutter}${paint('blue', '-->')} ${file}:${start.line}:${start.column}`,
    `${gutter} ${bar}`,
  ];
  labels.forEach((label, index) => {
    if (index > 0) lines.push(paint('blue', `${gutter}...`));
    const [mark, style] = index === 0 ? ['^', colors[severity]] : ['-', 'blue' as const];
    lines.push(...excerpt(report, label, mark, style, gutter.length, medium));
  });
  const notes = withCommand(notesOf(diagnostic), diagnostic);
  if (notes.length > 0) lines.push(`${gutter} ${bar}`);
  for (const [title, text] of notes)
    lines.push(
      `${gutter} ${paint('blue', '=')} ${paint('bold', `${title}:`.padEnd(5))} ${text.replaceAll('\n', `\n${gutter}         `)}`,
    );
  return `${lines.join('\n')}\n`;
}

/** What writes the fix stands behind it. */
function withCommand(notes: [title: string, text: string][], { code, fixes = [], waived }: Diagnostic): typeof notes {
  if (fixes.length === 0 || waived) return notes;
  const command = `perpetual fix ${code}`;
  if (!notes.some(([title]) => title === 'fix')) return [...notes, ['fix', command]];
  return notes.map(([title, text]) => [title, title === 'fix' ? `${text}        ${command}` : text]);
}

/** The line of a label with its text underlined; tabs are drawn as one blank each, so that the mark stays below what it marks. */
function excerpt(
  report: Pick<Report, 'source'>,
  { file, range, note }: Label,
  mark: string,
  style: Style,
  gutter: number,
  { paint, columns, width }: Medium,
): string[] {
  const source = report.source(file);
  if (!source) return [];
  const { line, column } = source.position(range.start);
  const whole = source.line(line).replaceAll('\t', ' ');
  const { text, start } = around(whole, column - 1, Math.max(width - gutter - 4, 20));
  const marked = text.slice(start, start + Math.max(range.end - range.start, 1));
  const indent = ' '.repeat(columns(text.slice(0, start)));
  const underline = mark.repeat(Math.max(columns(marked), 1));
  const bar = paint('blue', '|');
  return [
    `${paint('blue', String(line).padStart(gutter))} ${bar} ${text}`.trimEnd(),
    `${' '.repeat(gutter)} ${bar} ${indent}${paint(style, underline)}${note ? ` ${paint(style, note)}` : ''}`,
  ];
}

/** The part of a long line that fits, with what is marked in it; "..." stands for what is left out. */
function around(line: string, start: number, room: number): { text: string; start: number } {
  if (line.length <= room) return { text: line, start };
  const from = Math.max(0, Math.min(start - Math.floor(room / 3), line.length - room + 3));
  const head = from > 0 ? '...' : '';
  const tail = from + room - head.length < line.length ? '...' : '';
  const text = head + line.slice(from, from + room - head.length - tail.length) + tail;
  return { text, start: start - from + head.length };
}

function lineOf(report: Pick<Report, 'source'>, { file, range }: Label): string {
  const source = report.source(file);
  return source ? source.line(source.position(range.start).line) : '';
}

function prettySpec({ file, environment, stage, ok, complete, resources, bill }: SpecReport, paint: Paint): string {
  const head = `${paint('bold', file)}: ${ok ? paint('green', 'ok') : paint('red', 'not ok')}`;
  if (!bill) return `${head}\n`;
  const disputed = bill.items.find(({ alternativeUsd }) => alternativeUsd !== undefined);
  const lines = [
    `${head}, ${environment || 'no environment'} (${stage}), ${resources.length} resources${complete ? '' : ' so far'}`,
    `  ${usd(bill.monthlyUsd)} USD/month${bill.partial ? ', without what has no price or no usable value' : ''}`,
    ...largest(bill.items).map(
      ({ name, detail, monthlyUsd }) => `  ${usd(monthlyUsd ?? 0)}   ${name}${detail ? ` (${detail})` : ''}`,
    ),
  ];
  if (disputed?.alternativeUsd !== undefined) {
    lines.push(
      `  ${usd(disputed.alternativeUsd)}   more if Azure bills the ${disputed.name.toLowerCase()} (${disputed.detail}) by its meter: sources disagree`,
    );
  }
  return `${lines.join('\n')}\n`;
}

const usd = (amount: number): string => amount.toFixed(2).padStart(9);
