import type { FetchedMeter, VmFigure } from '../catalog/copy.ts';
import type { PriceUnit } from '../catalog/meters.ts';
import type { Row } from './rows.ts';
import { factorOf } from './units.ts';

type Tier = { from: number; usd: number };

/** Why rows give no price: the shipped one stays. */
export type Problem = { problem: string };

const severalPrices: Problem = { problem: 'the price list has several prices for it' };

/** The tiers of one meter from its rows, lowest first. All rows are of today; where they disagree there is no price. */
export function tiersOf(rows: readonly Row[], per: PriceUnit): Tier[] | Problem {
  const known = rows.filter(({ unitOfMeasure }) => factorOf(per, unitOfMeasure) !== undefined);
  if (rows.length === 0) return { problem: 'the price list does not have it' };
  if (known.length === 0) return { problem: `the price list has it by "${rows[0]?.unitOfMeasure}"` };
  // Rows with other names of product or SKU may be the same thing twice; then they have the same price.
  const groups = Map.groupBy(known, ({ productName, skuName, meterName }) =>
    JSON.stringify([productName, skuName, meterName]),
  );
  let agreed: Tier[] | undefined;
  for (const group of groups.values()) {
    const current = inForce(group);
    const tiers = current && scaled(current, per);
    if (!tiers || (agreed && JSON.stringify(agreed) !== JSON.stringify(tiers))) return severalPrices;
    agreed = tiers;
  }
  return agreed as Tier[];
}

/** Of old and new rows of a meter those that count. New tiers replace all old ones, even those that begin elsewhere. */
function inForce(rows: readonly Row[]): readonly Row[] | undefined {
  const newest = rows
    .map(({ effectiveStartDate }) => effectiveStartDate)
    .sort()
    .at(-1);
  const latest = rows.filter(({ effectiveStartDate }) => effectiveStartDate === newest);
  const startsAtZero = latest.some(({ tierMinimumUnits }) => tierMinimumUnits === 0);
  const hasTiers = (some: readonly Row[]): boolean => some.some(({ tierMinimumUnits }) => tierMinimumUnits > 0);
  if (startsAtZero) return hasTiers(latest) || !hasTiers(rows) ? latest : undefined;
  // Only the upper tiers are new: each tier counts as it was last listed.
  const byAge = rows.toSorted((a, b) => (a.effectiveStartDate < b.effectiveStartDate ? -1 : 1));
  const perTier = new Map(byAge.map((row) => [row.tierMinimumUnits, row]));
  return latest.length === rows.length ? latest : [...perTier.values()];
}

/** Undefined when a tier has two prices. */
function scaled(rows: readonly Row[], per: PriceUnit): Tier[] | undefined {
  const tiers = new Map<number, number>();
  for (const { tierMinimumUnits, retailPrice, unitOfMeasure } of rows) {
    const usd = retailPrice * (factorOf(per, unitOfMeasure) ?? Number.NaN);
    if ((tiers.get(tierMinimumUnits) ?? usd) !== usd) return undefined;
    tiers.set(tierMinimumUnits, usd);
  }
  return [...tiers].map(([from, usd]) => ({ from, usd })).sort((a, b) => a.from - b.from);
}

/** A meter's figure as the catalog keeps it: all tiers, or the first paid one and what is free before it. */
export function meterFigure(rows: readonly Row[], per: PriceUnit, tiered: boolean): FetchedMeter | Problem {
  const tiers = tiersOf(rows, per);
  if ('problem' in tiers) return tiers;
  const paid = tiers.find(({ usd }) => usd > 0);
  // Nothing that is billed costs nothing; a list that says so is wrong or means something else.
  if (!paid) return { problem: 'the price list has it at 0' };
  if (tiered) return tiers[0]?.from === 0 ? { tiers } : { problem: "the price list's tiers do not begin at 0" };
  return { usd: paid.usd, ...(paid.from > 0 && { free: paid.from }) };
}

/** One price without tiers. */
export function onePrice(rows: readonly Row[], per: PriceUnit): number | Problem {
  const figure = meterFigure(rows, per, false);
  return 'problem' in figure ? figure : (figure.usd as number);
}

/** Rows that carry the Windows rate, though not all say so, or that rent a whole host. */
const isLinuxVm = ({ productName, skuName, meterName }: Row): boolean =>
  !/Windows|Cloud ?Services|Dedicated Host/i.test(productName) && !/Low Priority/i.test(`${skuName} ${meterName}`);
const isSpot = ({ skuName, meterName }: Row): boolean => /Spot/i.test(`${skuName} ${meterName}`);

/** All that the rows of one size say about it as a Linux VM. */
export function vmFigures(rows: readonly Row[]): { figures: Partial<Record<VmFigure, number>>; problem?: string } {
  const linux = rows.filter(isLinuxVm);
  const hourly = linux.filter((row) => row.type === 'Consumption' && !isSpot(row));
  const figures: Partial<Record<VmFigure, number>> = {};
  const problems: string[] = [];
  const keep = (figure: VmFigure, some: readonly Row[], price: number | Problem): void => {
    if (typeof price === 'number') figures[figure] = price;
    else if (some.length > 0) problems.push(price.problem);
  };
  keep('payAsYouGo', hourly, onePrice(hourly, 'hour'));
  const spot = linux.filter((row) => row.type === 'Consumption' && isSpot(row));
  keep('spot', spot, onePrice(spot, 'hour'));
  const newest = hourly.toSorted((a, b) => (a.effectiveStartDate < b.effectiveStartDate ? 1 : -1))[0];
  for (const [years, term] of [
    ['1Year', '1 Year'],
    ['3Years', '3 Years'],
  ] as const) {
    const plan = newest?.savingsPlan?.find((each) => each.term === term)?.retailPrice;
    if (figures.payAsYouGo !== undefined && plan) figures[`savingsPlan${years}`] = plan;
    // Their unit says an hour, and the price is that of the whole term.
    const reserved = linux.filter(({ type, reservationTerm }) => type === 'Reservation' && reservationTerm === term);
    keep(`reservation${years}`, reserved, onePrice(reserved, 'hour'));
  }
  return { figures, ...(problems[0] !== undefined && { problem: problems[0] }) };
}
