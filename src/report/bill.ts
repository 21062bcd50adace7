import { cents } from '../cost/bill.ts';
import { largest } from '../cost/item.ts';
import { type BillItem, type Report, type SourceText, type SpecReport, totalOf } from './report.ts';
import { type Column, type Table, withoutEmpty } from './table.ts';

/** A bill as tables and sentences, for whatever draws them. */

export type Grouping = 'item' | 'line' | 'resource';

/** Each item with its price, where that comes from and how old it is. */
export function itemsTable({ bill }: SpecReport, asOf: string, meters: boolean): Table {
  const { items = [] } = bill ?? {};
  const rows = byCost(items).map((item) => [
    item.name,
    item.detail,
    number(item.quantity, 4),
    item.freeAllowance?.granted ? number(item.freeAllowance.granted, 4) : '',
    item.unit,
    item.unitPriceUsd === null ? '' : number(item.unitPriceUsd, 6),
    amount(item.monthlyUsd),
    item.alternativeUsd === undefined ? '' : amount(item.alternativeUsd),
    item.source,
    item.asOf,
    item.asOf === '' ? '' : `${daysBetween(item.asOf, asOf)} d`,
    meters ? item.meter : '',
  ]);
  const columns: Column[] = [
    { title: 'item' },
    { title: 'detail', gives: 'room' },
    { title: 'quantity', right: true, gives: 'way' },
    { title: 'free', right: true, gives: 'way' },
    { title: 'unit', gives: 'way' },
    { title: 'USD/unit', right: true, gives: 'way' },
    { title: 'USD/month', right: true },
    { title: 'disputed', right: true },
    { title: 'source', gives: 'way' },
    { title: 'of' },
    { title: 'age', right: true },
    { title: 'meter', gives: 'way' },
  ];
  return withoutEmpty({ columns, rows, sums: [['sum', '', '', '', '', '', ...sums(items)]] });
}

/** What each resource of the plan costs, with the key of the spec it comes from. */
export function resourcesTable({ bill, resources }: SpecReport): Table {
  const { items = [] } = bill ?? {};
  const groups = [...Map.groupBy(items, ({ resource }) => resource)].map(([name, all]) => ({
    name,
    items: all,
    monthlyUsd: priced(all),
  }));
  const rows = byCost(groups).map(({ name, items: all }) => {
    const { type = '', path = '' } = resources.find((each) => each.name === name) ?? {};
    const [, alternative = ''] = sums(all);
    return [name, type, path, [...new Set(all.map((each) => each.name))].join(', '), together(all), alternative];
  });
  const columns: Column[] = [
    { title: 'resource' },
    { title: 'type', gives: 'way' },
    { title: 'spec' },
    { title: 'items', gives: 'room' },
    { title: 'USD/month', right: true },
    { title: 'disputed', right: true },
  ];
  return withoutEmpty({ columns, rows, sums: [['sum', '', '', '', ...sums(items)]] });
}

/** The text of a spec with what each line costs before it, and the sum below. */
export function pricedLines({ bill }: SpecReport, source: SourceText): string[] {
  const items = bill?.items ?? [];
  const byLine = Map.groupBy(items, ({ line }) => line);
  const count = source.line(source.lineCount) === '' ? source.lineCount - 1 : source.lineCount;
  const isDisputed = items.some(({ alternativeUsd }) => alternativeUsd !== undefined);
  const draw = (cost: string, alternative: string, text: string): string =>
    `${cost.padStart(11)}${isDisputed ? alternative.padStart(10) : ''} | ${text}`.trimEnd();
  const lines = Array.from({ length: count }, (_, index) => {
    const here = byLine.get(index + 1) ?? [];
    return draw(here.length > 0 ? together(here) : '', sums(here)[1], source.line(index + 1));
  });
  return [draw('USD/month', 'disputed', ''), ...lines, draw(...sums(items), 'sum')];
}

/** What a table can't say: what is disputed, what has no price, what is assumed. */
export function notesOn({ bill, complete }: SpecReport): string[] {
  const items = bill?.items ?? [];
  const disputed = items.filter(({ alternativeUsd }) => alternativeUsd !== undefined);
  const unpriced = [...new Set(items.filter(({ monthlyUsd }) => monthlyUsd === null).map(titleOf))];
  const alternatives = items.flatMap((item) =>
    (item.alternatives ?? []).map((each) => `instead: ${titleOf(item)} as ${each.name}: ${amount(each.monthlyUsd)}`),
  );
  const assumed = Map.groupBy(
    items.flatMap(({ name, assumes = [] }) => assumes.map((key) => ({ key, name }))),
    ({ key }) => key,
  );
  return [
    ...disputed.map((item) => `disputed: ${titleOf(item)}${item.note === undefined ? '' : `: ${item.note}`}`),
    ...alternatives,
    ...(unpriced.length > 0 ? [`not priced, and not in the sum: ${unpriced.join(', ')}`] : []),
    ...(complete ? [] : ['without what has no usable value in the spec']),
    ...(assumed.size > 0
      ? [
          `assumed: ${[...assumed].map(([key, all]) => `${key} for ${[...new Set(all.map(({ name }) => name))].join(' and ')}`).join(', ')}`,
        ]
      : []),
  ];
}

/** What several specs cost, one by one and together. */
export function environmentsTable({ specs }: Report, withLargest = false): Table {
  const { monthlyUsd, missing } = totalOf(specs);
  const rows = specs.map((spec) => {
    const { file, environment, stage, bill } = spec;
    return [
      environment,
      stage,
      file,
      hasBill(spec) ? amount(bill?.monthlyUsd ?? 0) : 'no bill',
      sums(bill?.items ?? [])[1],
      bill?.partial ? 'partial' : '',
      withLargest
        ? largest(bill?.items ?? [])
            .map((item) => `${item.name} ${amount(item.monthlyUsd)}`)
            .join(', ')
        : '',
    ];
  });
  const more = missing.map((each) => [
    each.of,
    '',
    `${number(each.quantity, 4)} ${each.unit} more than their subscription has free`,
    amount(each.monthlyUsd),
  ]);
  const alternative = alternativeOf(specs.flatMap(({ bill }) => bill?.items ?? []));
  const columns: Column[] = [
    { title: 'environment' },
    { title: 'stage' },
    { title: 'spec', gives: 'room' },
    { title: 'USD/month', right: true },
    { title: 'disputed', right: true },
    { title: '' },
    { title: 'largest' },
  ];
  return withoutEmpty({
    columns,
    rows,
    sums: [...more, ['sum', '', '', amount(monthlyUsd), alternative === 0 ? '' : amount(monthlyUsd + alternative)]],
  });
}

/** A spec of which nothing is usable costs nothing, and saying so would be wrong. */
export const hasBill = ({ bill, complete }: SpecReport): boolean =>
  bill !== undefined && (complete || bill.items.length > 0);

type Priced = Pick<BillItem, 'monthlyUsd'>;

/** The dearest first; what has no price last, because nobody knows where it belongs. */
const byCost = <T extends Priced>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => (b.monthlyUsd ?? -1) - (a.monthlyUsd ?? -1));

/** The sum of what has a price; null where nothing has. */
const priced = (items: readonly Priced[]): number | null =>
  items.every(({ monthlyUsd }) => monthlyUsd === null)
    ? null
    : items.reduce((sum, { monthlyUsd }) => sum + (monthlyUsd ?? 0), 0);

/** The sum in words that hide no item without a price. */
const together = (items: readonly Priced[]): string => {
  const sum = priced(items);
  const isPartial = sum !== null && items.some(({ monthlyUsd }) => monthlyUsd === null);
  return `${amount(sum)}${isPartial ? ' + ?' : ''}`;
};

/** By how much the other of the disputed prices would change the sum. */
const alternativeOf = (items: readonly BillItem[]): number =>
  items.reduce(
    (sum, { alternativeUsd, monthlyUsd }) => sum + ((alternativeUsd ?? monthlyUsd ?? 0) - (monthlyUsd ?? 0)),
    0,
  );

function sums(items: readonly BillItem[]): [string, string] {
  const sum = items.reduce((total, { monthlyUsd }) => total + (monthlyUsd ?? 0), 0);
  const isDisputed = items.some(({ alternativeUsd }) => alternativeUsd !== undefined);
  return [amount(sum), isDisputed ? amount(sum + alternativeOf(items)) : ''];
}

const titleOf = ({ name, detail }: BillItem): string => (detail === '' ? name : `${name} (${detail})`);

export const amount = (usd: number | null): string => (usd === null ? 'no price' : cents(usd).toFixed(2));
const number = (value: number, digits: number): string => String(Number(value.toFixed(digits)));

/** A month without a day counts from its first: how old a price is at most. */
function daysBetween(from: string, to: string): number {
  const day = (date: string): number => Date.parse(date.length === 7 ? `${date}-01` : date) / 86_400_000;
  return Math.round(day(to) - day(from));
}
