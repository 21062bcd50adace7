/** One row of the price list, as far as we read it. */
export type Row = {
  currencyCode: string;
  tierMinimumUnits: number;
  retailPrice: number;
  armRegionName: string;
  effectiveStartDate: string;
  effectiveEndDate?: string;
  meterName: string;
  productName: string;
  skuName: string;
  unitOfMeasure: string;
  type: string;
  isPrimaryMeterRegion?: boolean;
  armSkuName?: string;
  reservationTerm?: string;
  savingsPlan?: { term: string; retailPrice: number }[];
};

export type Page = { rows: Row[]; next: string | undefined };

/** The answer is none that we know: one line that says where. */
export class ChangedShape extends Error {}

const texts = [
  'currencyCode',
  'armRegionName',
  'effectiveStartDate',
  'meterName',
  'productName',
  'skuName',
  'unitOfMeasure',
  'type',
] as const;
const amounts = ['tierMinimumUnits', 'retailPrice'] as const;
const optionalTexts = ['effectiveEndDate', 'armSkuName', 'reservationTerm'] as const;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isAmount = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;

/** A page of the answer. Prices decide what may be built: whatever has another shape than expected is refused as a whole. */
export function pageOf(answer: unknown): Page {
  if (!isRecord(answer) || !Array.isArray(answer.Items)) throw new ChangedShape('it has no list "Items"');
  const next = answer.NextPageLink ?? '';
  if (typeof next !== 'string') throw new ChangedShape('"NextPageLink" is no text');
  return { rows: answer.Items.map(rowOf), next: next === '' ? undefined : next };
}

function rowOf(row: unknown, index: number): Row {
  const refuse = (what: string): never => {
    throw new ChangedShape(`"Items[${index}]${what}`);
  };
  if (!isRecord(row)) return refuse('" is no row');
  for (const key of texts) if (typeof row[key] !== 'string') refuse(`.${key}" is no text`);
  for (const key of amounts) if (!isAmount(row[key])) refuse(`.${key}" is no amount`);
  for (const key of optionalTexts)
    if (!['string', 'undefined'].includes(typeof (row[key] ?? undefined))) refuse(`.${key}" is no text`);
  const plans = row.savingsPlan ?? [];
  const arePlans =
    Array.isArray(plans) &&
    plans.every((plan) => isRecord(plan) && typeof plan.term === 'string' && isAmount(plan.retailPrice));
  if (!arePlans) refuse('.savingsPlan" is no list of prices');
  return row as Row;
}

/** Does the row hold today? Azure lists what is to come and what has ended beside what is. */
export const holdsOn = (today: string, { effectiveStartDate, effectiveEndDate }: Row): boolean =>
  effectiveStartDate.slice(0, 10) <= today && (!effectiveEndDate || effectiveEndDate.slice(0, 10) >= today);

/** Rows in another currency, for development subscriptions or of a region's second meter are no retail prices. */
export const isRetail = ({ currencyCode, type, isPrimaryMeterRegion }: Row): boolean =>
  currencyCode === 'USD' && (type === 'Consumption' || type === 'Reservation') && isPrimaryMeterRegion !== false;
