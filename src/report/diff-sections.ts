import { cents } from '../cost/bill.ts';
import { riseOf } from '../cost/compare.ts';
import type { Severity } from '../diagnostic.ts';
import type { SpecDiff } from '../diff/diff.ts';
import type { FieldChange } from '../diff/fields.ts';
import type { Found } from '../diff/findings.ts';
import type { Grant } from '../diff/rights.ts';
import { plural } from './report.ts';

/** How grave what a line says is: what colours it, and what comes first where room is scarce. */
export type Tone = 'bad' | 'good' | 'plain';
export type DiffLine = { text: string; tone: Tone };
export type Section = { title: string; lines: DiffLine[] };

const line = (text: string, tone: Tone = 'plain'): DiffLine => ({ text, tone });

/** What an edit does in words, the gravest first; every format draws these. */
export function sectionsOf(diff: SpecDiff): Section[] {
  return [
    { title: 'at risk', lines: diff.risks.map((risk) => line(`line ${risk.line}: ${saying(risk)}`, 'bad')) },
    { title: 'exposure', lines: exposureLines(diff) },
    { title: 'rights', lines: rightsLines(diff) },
    { title: 'findings', lines: findingLines(diff) },
    { title: 'waivers', lines: waiverLines(diff) },
    { title: 'money', lines: moneyLines(diff) },
    { title: 'resources', lines: resourceLines(diff) },
    { title: 'fields', lines: diff.fields.map((field) => line(fieldText(field))) },
  ].filter(({ lines }) => lines.length > 0);
}

/** The whole edit of a spec in one line. */
export function headlineOf(diff: SpecDiff): string {
  const { kind, fields, resources, exposure, rights, findings, risks, incomplete } = diff;
  if (kind === 'same') return 'no differences';
  const of = (wanted: string): number => resources.filter((each) => each.kind === wanted).length;
  const counted = (number: number, what: string): string[] => (number > 0 ? [`${number} ${what}`] : []);
  const news = (severity: Severity): number =>
    findings.new.filter((each) => each.severity === severity && !each.waived).length;
  return [
    ...(kind === 'added' ? ['new'] : kind === 'removed' ? ['its file is gone'] : []),
    ...(fields.length > 0 ? [plural(fields.length, 'field')] : []),
    ...counted(of('replaced'), 'replaced'),
    ...counted(of('deleted'), 'deleted'),
    ...counted(of('refused'), 'that Azure refuses'),
    ...counted(of('created'), 'created'),
    ...counted(of('updated'), 'updated'),
    riseText(diff),
    ...counted(exposure.opened.length, 'opened'),
    ...counted(exposure.closed.length, 'closed'),
    ...counted(rights.widened.length, rights.widened.length === 1 ? 'right more' : 'rights more'),
    ...(news('error') > 0 ? [`${plural(news('error'), 'new error')}`] : []),
    ...(news('warning') > 0 ? [`${plural(news('warning'), 'new warning')}`] : []),
    ...counted(findings.fixed.length, 'fixed'),
    ...counted(risks.length, 'at risk'),
    ...(incomplete.length > 0 ? [`as far as the errors of the ${incomplete.join(' and the ')} let see`] : []),
  ].join(', ');
}

export function riseText({ bill: { beforeUsd, afterUsd, partial } }: SpecDiff): string {
  const without = partial ? ' without what has no price' : '';
  if (beforeUsd === null || afterUsd === null) return 'no bill to compare';
  const rise = cents(afterUsd - beforeUsd);
  return rise === 0 ? `${afterUsd.toFixed(2)} USD/month as before${without}` : `${signed(rise)} USD/month${without}`;
}

const signed = (usd: number): string => `${usd < 0 ? '-' : '+'}${Math.abs(usd).toFixed(2)}`;

function moneyLines({ bill: { beforeUsd, afterUsd, items } }: SpecDiff): DiffLine[] {
  if (items.length === 0) return [];
  const known = (usd: number | null): string => (usd === null ? 'unknown' : usd.toFixed(2));
  const rows = items.map((item) => ({ item, rise: riseOf(item) }));
  const sorted = rows.sort((a, b) => Math.abs(b.rise ?? Infinity) - Math.abs(a.rise ?? Infinity));
  return [
    line(`${known(beforeUsd)} -> ${known(afterUsd)} USD/month`),
    ...sorted.map(({ item, rise }) =>
      line(
        `${rise === null ? 'not priced' : signed(cents(rise))} ${item.name} (${item.resource})`,
        rise === null || rise > 0 ? 'bad' : 'good',
      ),
    ),
  ];
}

const exposureLines = ({ exposure: { opened, closed } }: SpecDiff): DiffLine[] => [
  ...opened.map(({ from, to }) => line(`opened: ${from} -> ${to}`, 'bad')),
  ...closed.map(({ from, to }) => line(`closed: ${from} -> ${to}`, 'good')),
];

const rightsLines = ({ rights: { widened, narrowed } }: SpecDiff): DiffLine[] => {
  const said = ({ who, may, on }: Grant): string => `${who}: ${may} on ${on}`;
  return [
    ...widened.map((grant) => line(`given: ${said(grant)}`, 'bad')),
    ...narrowed.map((grant) => line(`taken: ${said(grant)}`, 'good')),
  ];
};

const findingLines = ({ findings }: SpecDiff): DiffLine[] => [
  ...[...findings.new]
    .sort((a, b) => rank(a) - rank(b))
    .map((each) =>
      line(`new ${kindOf(each)}, line ${each.line}: ${saying(each)}`, each.severity === 'info' ? 'plain' : 'bad'),
    ),
  ...findings.fixed.map((each) => line(`fixed ${kindOf(each)}: ${saying(each)}`, 'good')),
];

const severities: readonly Severity[] = ['error', 'warning', 'info'];
const rank = ({ severity, waived }: Found): number => (waived ? severities.length : severities.indexOf(severity));
const kindOf = ({ severity, waived }: Found): string =>
  `${waived ? 'waived ' : ''}${severity === 'info' ? 'note' : severity}`;
const saying = ({ code, message }: Found): string => `${code}: ${message}`;

const waiverLines = ({ waivers }: SpecDiff): DiffLine[] =>
  waivers.map(({ kind, policy, path, base, head }) => {
    const waiver = head ?? base;
    const where = path === '' ? '' : ` at ${path}`;
    return line(
      `${kind}: ${policy}${where} until ${waiver?.expires} by ${waiver?.owner}: ${waiver?.reason}`,
      kind === 'removed' ? 'good' : 'bad',
    );
  });

const kinds = ['refused', 'replaced', 'deleted', 'created', 'updated'] as const;

// A whole new environment is no news by name.
const namesAtMost = 8;

function resourceLines({ resources, unchanged }: SpecDiff): DiffLine[] {
  const lines = kinds.flatMap((kind) => {
    const tone = kind === 'created' || kind === 'updated' ? 'plain' : 'bad';
    const all = resources.filter((each) => each.kind === kind);
    const alone = all.filter(({ inputs }) => inputs.length > 0);
    const names = all.filter(({ inputs }) => inputs.length === 0).map(({ name }) => name);
    const more = names.length > namesAtMost ? ` and ${names.length - namesAtMost} more` : '';
    return [
      ...alone.map(({ name, inputs }) => line(`${kind}: ${name} (${inputs.join(', ')})`, tone)),
      ...(names.length > 0 ? [line(`${kind}: ${names.slice(0, namesAtMost).join(', ')}${more}`, tone)] : []),
    ];
  });
  return lines.length > 0 && unchanged > 0 ? [...lines, line(`unchanged: ${unchanged}`)] : lines;
}

function fieldText({ kind, from, to, base, head }: FieldChange): string {
  const { path, line: at } = head ?? base ?? { path: '', line: 1 };
  const before = valueText(from);
  const after = valueText(to);
  if (kind === 'added') return `+ line ${at}: ${path}: ${after}`;
  if (kind === 'removed') return `- ${path}: ${before}`;
  return `line ${at}: ${path}: ${before} -> ${after}`;
}

/** As in YAML's flow style, and no longer than what can be read. */
function valueText(value: unknown): string {
  if (value === undefined) return '(not usable)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
