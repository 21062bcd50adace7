import type { Paint } from './paint.ts';
import { type Columns, columnsOf } from './width.ts';

/** A column; where there is too little room one `gives` of its own, and others their place, the last first. */
export type Column = { title: string; right?: boolean; gives?: 'room' | 'way' };
export type Table = {
  columns: readonly Column[];
  rows: readonly (readonly string[])[];
  /** The rows of sums below. */
  sums: readonly (readonly string[])[];
};

const gap = '  ';
const narrowest = 12;

/** Without the columns that have nothing to say; every row with all the others. */
export function withoutEmpty({ columns, rows, sums }: Table): Table {
  const used = columns.map((_, index) => [...rows, ...sums].some((row) => row[index]));
  const keep = (row: readonly string[]): string[] =>
    columns.map((_, index) => row[index] ?? '').filter((_, index) => used[index]);
  return { columns: columns.filter((_, index) => used[index]), rows: rows.map(keep), sums: sums.map(keep) };
}

/** For a terminal: aligned, each line indented by two; what must leave to fit the width is named below. */
export async function plainTable(table: Table, paint: Paint, width: number): Promise<string[]> {
  const widthOf = await columnsOf([table.columns.map(({ title }) => title), ...table.rows, ...table.sums].flat());
  const { shown, left, widths } = fitted(table, width, widthOf);
  const line = (row: readonly string[]): string =>
    shown
      .map((index) => {
        const space = widths[index] as number;
        const cell = row[index] ?? '';
        const text = widthOf(cell) > space ? `${shortened(cell, space - 3, widthOf)}...` : cell;
        const blank = ' '.repeat(space - widthOf(text));
        return gap + (table.columns[index]?.right ? blank + text : text + blank);
      })
      .join('')
      .trimEnd();
  return [
    paint('dim', line(table.columns.map(({ title }) => title))),
    ...table.rows.map(line),
    ...table.sums.map((row) => paint('bold', line(row))),
    ...(left.length > 0 ? [paint('dim', `${gap}a wider terminal shows: ${left.join(', ')}`)] : []),
  ];
}

/** Which columns fit into the width, and how wide each is. */
function fitted({ columns, rows, sums }: Table, width: number, widthOf: Columns) {
  const all = [columns.map(({ title }) => title), ...rows, ...sums];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => widthOf(row[index] ?? ''))));
  let shown = columns.map((_, index) => index);
  const over = (): number => shown.reduce((sum, index) => sum + (widths[index] as number) + gap.length, 0) - width;
  const shrinking = columns.findIndex(({ gives }) => gives === 'room');
  const shrink = (): void => {
    if (over() > 0 && shrinking >= 0)
      widths[shrinking] = Math.min(
        widths[shrinking] as number,
        Math.max(narrowest, (widths[shrinking] as number) - over()),
      );
  };
  const whole = widths[shrinking] ?? 0;
  const left: string[] = [];
  shrink();
  for (const [index, { title, gives }] of [...columns.entries()].reverse()) {
    if (gives !== 'way' || over() <= 0) continue;
    shown = shown.filter((each) => each !== index);
    left.unshift(title);
    widths[shrinking] = whole;
    shrink();
  }
  return { shown, left, widths };
}

function shortened(text: string, room: number, widthOf: (text: string) => number): string {
  let kept = '';
  for (const character of text) {
    if (widthOf(kept + character) > room) break;
    kept += character;
  }
  return kept;
}

export function markdownTable({ columns, rows, sums }: Table): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ title }) => title)),
    `|${columns.map(({ right }) => (right ? '--:' : '---')).join('|')}|`,
    ...rows.map((row) => line(row.map(escaped))),
    ...sums.map((row) => line(row.map((cell) => (cell === '' ? '' : `**${escaped(cell)}**`)))),
  ];
}

/** Text that Markdown would read as something else; nobody is to be called by an "@" in a value of a spec. */
export const escaped = (text: string): string =>
  text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*{}[\]<>#|~&!]|(?<!\w)_|_(?!\w)/g, '\\$&')
    .replaceAll('@', '@<!-- -->');
