import { compile } from '../compile.ts';
import { UsageError } from '../files.ts';
import { type Coming, comingDates, daysAfter, monthsAfter } from '../horizon/coming.ts';
import type { Position } from '../spec/source.ts';
import { inputsOf } from './inputs.ts';
import { expectEnvironments, Judging } from './judging.ts';
import { type Arguments, manyOf, type Streams } from './options.ts';
import { outputsOf, pageFormats, print } from './outputs.ts';
import { table } from './table.ts';

/** What decides on findings of today, and would do nothing here. */
const idle = ['allow', 'against', 'fail-on', 'max-cost', 'max-increase', 'only', 'out', 'quiet', 'skip', 'timing'];

type Due = Coming & { file: string; environment: string; range: { start: Position; end: Position } };

/** What becomes of specs that nobody touches, by date; never a reason to fail. */
export async function horizon(args: Arguments, streams: Streams): Promise<number> {
  const { values } = args;
  const given = idle.find((name) => values[name] !== undefined);
  if (given !== undefined)
    throw new UsageError(`"--horizon" shows days to come, and "--${given}" does nothing with it`);
  const outputs = outputsOf(values.format, pageFormats);
  const judging = new Judging(args, streams);
  const { today } = judging;
  const until = untilOf(String(values.horizon), today);
  const wanted = manyOf(values.env);
  const environments: string[] = [];
  const due: Due[] = [];
  for await (const { file, text } of inputsOf(args, streams)) {
    const terms = judging.termsFor(file);
    const compileOn = (day: string) => compile(file, text, { ...terms, today: day });
    const { environment = '', loaded } = compileOn(today);
    environments.push(environment);
    if (wanted.length > 0 && !wanted.includes(environment)) continue;
    for (const coming of comingDates(compileOn, today, until)) {
      const [{ range }] = coming.diagnostic.labels;
      const [start, end] = [loaded.source.position(range.start), loaded.source.position(range.end)];
      due.push({ ...coming, file, environment, range: { start, end } });
    }
  }
  expectEnvironments(wanted, environments);
  // Findings of one day stay in the order of files and lines.
  due.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  const about = judging.about();
  await print(
    outputs,
    async (format) => {
      if (format === 'json') return json(due, until, about);
      return format === 'markdown' ? markdown(due, until) : pretty(due, until);
    },
    values,
    streams,
  );
  return 0;
}

/** `12m`, `90d`, `2y`, or a day. */
function untilOf(text: string, today: string): string {
  const [, amount, unit] = /^(\d{1,4})([dmy])$/.exec(text) ?? [];
  const until =
    unit === undefined
      ? /^\d{4}-\d{2}-\d{2}$/.test(text) && daysAfter(text, 0)
      : unit === 'd'
        ? daysAfter(today, Number(amount))
        : monthsAfter(today, Number(amount) * (unit === 'y' ? 12 : 1));
  if (!until || (unit === undefined && until !== text))
    throw new UsageError(`"${text}" is not a horizon; expected one such as 12m, 90d or 2y, or a day YYYY-MM-DD`);
  if (until <= today) throw new UsageError(`"${text}" does not lie after ${today}`);
  return until;
}

const nothing = (until: string): string => `nothing comes due until ${until}\n`;
const placeOf = ({ file, range }: Due): string => `${file}:${range.start.line}:${range.start.column}`;
const weightOf = ({ diagnostic: { severity, waived } }: Due): string => (waived ? 'waived' : severity);

function pretty(due: readonly Due[], until: string): string {
  if (due.length === 0) return nothing(until);
  const rows = due.map((each) => [
    each.date,
    weightOf(each),
    each.diagnostic.code,
    placeOf(each),
    each.diagnostic.message,
  ]);
  return table([['DATE', 'BECOMES', 'CODE', 'SPEC', 'MESSAGE'], ...rows]);
}

function markdown(due: readonly Due[], until: string): string {
  if (due.length === 0) return nothing(until);
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  return [
    row(['Date', 'Becomes', 'Finding', 'Spec', 'Message']),
    '|---|---|---|---|---|',
    ...due.map((each) =>
      row([each.date, weightOf(each), `\`${each.diagnostic.code}\``, placeOf(each), each.diagnostic.message]),
    ),
    '',
  ].join('\n');
}

function json(due: readonly Due[], until: string, { tool, asOf }: ReturnType<Judging['about']>): string {
  const dates = due.map(({ date, diagnostic: { code, severity, level, message, path, waived }, ...place }) => ({
    date,
    code,
    severity,
    ...(level && { level }),
    message,
    ...place,
    path,
    ...(waived && { waived }),
  }));
  return `${JSON.stringify({ formatVersion: 1, tool, asOf, until, dates }, null, 2)}\n`;
}
