import type { Price, PriceTier } from '../catalog/meters.ts';
import type { Resource } from '../plan.ts';
import type { Usage } from './usage.ts';

/** Azure counts a month as 730 hours. */
export const hoursPerMonth = 730;
export const daysPerMonth = hoursPerMonth / 24;
export const hoursPerWeek = 168;

/** What happens so often in a week, in a month. */
export const monthly = (perWeek: number): number => (perWeek * hoursPerMonth) / hoursPerWeek;

/** Another way to pay for the same thing, by the month; never counted in the sum. */
export type Alternative = { name: string; monthlyUsd: number; note?: string; source: string; asOf: string };

/**
 * Units that a subscription gets for nothing each month. A bill grants itself the whole of it, `limit`, as far as it
 * needs it, `granted`; where bills of one subscription stand together, `shareAllowances` grants it once.
 */
export type FreeAllowance = { of: string; limit: number; granted: number };

/**
 * One line of the bill. Amounts are unrounded USD a month; `null` means the catalog has no price, never zero.
 * `monthlyUsd` is `unitPriceUsd` times what is left of `quantity` after the free allowance.
 */
export type CostItem = {
  name: string;
  detail?: string;
  /** The plan resource that causes the cost, and the input that decides it. */
  resource: string;
  input: string;
  unit: string;
  quantity: number;
  unitPriceUsd: number | null;
  monthlyUsd: number | null;
  /** What it would be if the other of two disputed prices were right. */
  alternativeUsd?: number;
  alternatives?: Alternative[];
  /** The keys of the spec whose assumption decides the quantity, as in `usage.egressGb`. */
  assumes?: readonly string[];
  freeAllowance?: FreeAllowance;
  meter: string;
  /** Where the price list holds the figure: a region, `Global`, `Zone 1`, `any` or `not stated`; absent without a price. */
  region?: string;
  source: string;
  asOf: string;
  note?: string;
};

export type CostContext = {
  usage: Usage;
  resources: readonly Resource[];
  region(resource: Resource): string | undefined;
  /** Hours of a week in which each cluster runs, by its name in the plan. */
  running: ReadonlyMap<string, number>;
};

/** For the details of what costs the same while the cluster is stopped. */
export const whileStopped = ({ running }: CostContext): string =>
  [...running.values()].some((hours) => hours < hoursPerWeek) ? ', also while stopped' : '';

/** What a resource type costs; a type that costs nothing has a reason in `free` instead. */
export type Coster = (resource: Resource, context: CostContext) => Iterable<CostItem>;

type Fields = Pick<
  CostItem,
  'name' | 'detail' | 'resource' | 'input' | 'quantity' | 'alternatives' | 'assumes' | 'note'
> & {
  meter: string;
  unit?: string;
  /** `atMost` is what the spec leaves of it to itself. */
  allowance?: { of: string; limit: number; atMost?: number };
};

/** An item at a price of the catalog, or one that says it has none. */
export function item({ allowance, note, ...fields }: Fields, price: Price | undefined): CostItem {
  const { quantity } = fields;
  const granted = allowance ? Math.min(quantity, allowance.limit, allowance.atMost ?? allowance.limit) : 0;
  const notes = [note, price?.note].filter((each) => each !== undefined).join('; ');
  const common = {
    ...fields,
    ...(allowance && { freeAllowance: { of: allowance.of, limit: allowance.limit, granted } }),
    ...(notes !== '' && { note: notes }),
  };
  if (!price) return { ...common, unit: fields.unit ?? '', unitPriceUsd: null, monthlyUsd: null, source: '', asOf: '' };
  return {
    ...common,
    unit: fields.unit ?? price.per,
    unitPriceUsd: price.usd,
    monthlyUsd: price.usd * (quantity - granted),
    ...(price.alternativeUsd !== undefined && { alternativeUsd: price.alternativeUsd * (quantity - granted) }),
    meter: price.meter,
    region: price.region,
    source: price.source,
    asOf: price.asOf,
  };
}

const countedIn: Partial<Record<Price['per'], string>> = { 'GB-month': 'GB', '1M queries': 'million' };

/** An item for each tier of a price that something of the quantity falls into; a first tier at no price is a free allowance. */
export function* tiered(
  fields: Omit<Fields, 'allowance'>,
  tiers: readonly PriceTier[] | undefined,
  allowanceOf: string,
): Generator<CostItem> {
  const [first, ...others] = tiers ?? [];
  const isFree = first?.price.usd === 0 && others.length > 0;
  const paid = isFree ? others : (tiers ?? []);
  if (paid.length === 0) yield item(fields, undefined);
  for (const [index, { from, price }] of paid.entries()) {
    const start = index === 0 ? 0 : from;
    const quantity = Math.min(fields.quantity, paid[index + 1]?.from ?? Number.POSITIVE_INFINITY) - start;
    if (quantity <= 0 && index > 0) return;
    const name = index === 0 ? fields.name : `${fields.name} over ${from} ${countedIn[price.per] ?? price.per}`;
    const allowance = index === 0 && isFree ? { allowance: { of: allowanceOf, limit: from } } : {};
    yield item({ ...fields, ...allowance, name, quantity }, price);
  }
}

/** The items that cost the most, those that cost nothing left out. */
export const largest = <T extends Pick<CostItem, 'monthlyUsd'>>(items: readonly T[], count = 3): T[] =>
  items
    .filter(({ monthlyUsd }) => monthlyUsd)
    .sort((a, b) => (b.monthlyUsd ?? 0) - (a.monthlyUsd ?? 0))
    .slice(0, count);
