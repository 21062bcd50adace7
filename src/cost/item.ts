import type { Price } from '../catalog/meters.ts';
import type { Resource } from '../plan.ts';
import type { Usage } from './usage.ts';

/** Azure counts a month as 730 hours. */
export const hoursPerMonth = 730;
export const daysPerMonth = hoursPerMonth / 24;

/** One line of the bill. Amounts are unrounded USD a month; `null` means the catalog has no price, never zero. */
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
  meter: string;
  source: string;
  asOf: string;
  note?: string;
  /** The keys of the spec whose assumption decides the quantity, as in `usage.egressGb`. */
  assumes?: readonly string[];
  freeAllowance?: FreeAllowance;
};

/** What a subscription has free each month, however many environments share it; each bill alone is granted all it needs of it. */
export type FreeAllowance = {
  key: string;
  /** How much of it the subscription has. */
  quantity: number;
  /** How much of it this bill takes. */
  used: number;
  /** What a unit costs that is no longer free. */
  unitPriceUsd: number;
};

export type CostContext = {
  usage: Usage;
  resources: readonly Resource[];
  region(resource: Resource): string | undefined;
};

/** What a resource type costs; a type that costs nothing has a reason in `free.ts` instead. */
export type Coster = (resource: Resource, context: CostContext) => Iterable<CostItem>;

/** An item at a price of the catalog, or one that says it has none. */
export function item(
  fields: Pick<CostItem, 'name' | 'detail' | 'resource' | 'input' | 'quantity' | 'assumes' | 'freeAllowance'> & {
    meter: string;
    unit?: string;
  },
  price: Price | undefined,
  scale = 1,
): CostItem {
  const { quantity } = fields;
  if (!price) return { ...fields, unit: fields.unit ?? '', unitPriceUsd: null, monthlyUsd: null, source: '', asOf: '' };
  return {
    ...fields,
    unit: fields.unit ?? price.per,
    unitPriceUsd: price.usd,
    monthlyUsd: price.usd * quantity * scale,
    ...(price.alternativeUsd !== undefined && { alternativeUsd: price.alternativeUsd * quantity * scale }),
    meter: price.meter,
    source: price.source,
    asOf: price.asOf,
    ...(price.note && { note: price.note }),
  };
}

/** The items that cost the most, those that cost nothing left out. */
export const largest = <T extends Pick<CostItem, 'monthlyUsd'>>(items: readonly T[], count = 3): T[] =>
  items
    .filter(({ monthlyUsd }) => monthlyUsd)
    .sort((a, b) => (b.monthlyUsd ?? 0) - (a.monthlyUsd ?? 0))
    .slice(0, count);
