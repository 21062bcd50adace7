import type { Fetched } from '../catalog/copy.ts';
import { isTiered, meters } from '../catalog/meters.ts';
import { diskTiers, tieredDiskSkus } from '../catalog/prices.ts';
import { vmSizeNames } from '../catalog/vm-sizes.ts';
import { UsageError } from '../files.ts';
import { type Client, rowsOf } from './client.ts';
import { meterFigure, onePrice, vmFigures } from './figures.ts';
import { holdsOn, isRetail, type Row } from './rows.ts';
import { fits, meterRules, type Rule } from './rules.ts';

/** A figure that stays as shipped, and why. */
export type LeftAlone = { meter: string; place: string; why: string };

export type FetchedPlaces = { places: Record<string, Fetched>; leftAlone: LeftAlone[] };

type Query = { service: string; place: string; filter: string };

const diskProducts: Readonly<Record<string, string>> = {
  Premium: 'Premium SSD Managed Disks',
  StandardSSD: 'Standard SSD Managed Disks',
  Standard: 'Standard HDD Managed Disks',
};

/** The price list's own names for a place. The control plane costs the same everywhere; one region speaks for all. */
const namesOf = (place: string): readonly string[] =>
  place === 'any' ? ['eastus'] : place === 'Zone 1' ? ['Zone 1', ''] : [place];

const anyOf = (field: string, values: readonly string[]): string => {
  const tests = values.map((value) => `${field} eq '${value}'`);
  return tests.length === 1 ? (tests[0] as string) : `(${tests.join(' or ')})`;
};

/** What has to be asked to price these regions: one query for each service in each place. */
export function queriesFor(regions: readonly string[]): Query[] {
  const queries: Query[] = [];
  const add = (service: string, place: string, priceType: string, ...more: string[]): void => {
    const filter = [
      `serviceName eq '${service}'`,
      `priceType eq '${priceType}'`,
      anyOf('armRegionName', namesOf(place)),
      ...more,
    ].join(' and ');
    queries.push({ service, place, filter });
  };
  for (const place of regions) {
    add('Virtual Machines', place, 'Consumption', "contains(productName, 'Windows') eq false");
    add('Virtual Machines', place, 'Reservation');
  }
  for (const place of [...regions, 'Global', 'Zone 1', 'any']) {
    for (const [service, rules] of Map.groupBy(rulesAt(place), (rule) => rule.service)) {
      const products = new Set(rules.map(({ product }) => product));
      // Storage alone has tens of thousands of rows: where all products are known no others are asked for.
      if (service === 'Storage') for (const product of Object.values(diskProducts)) products.add(product);
      const named = [...products].filter((product) => product !== undefined).sort();
      add(service, place, 'Consumption', ...(named.length === products.size ? [anyOf('productName', named)] : []));
    }
  }
  return queries;
}

function rulesAt(place: string): Rule[] {
  const isElsewhere = ['Global', 'Zone 1', 'any'].includes(place);
  return meterRules().filter(({ where }) => (isElsewhere ? where === place : where === 'region'));
}

/** Fetches all figures of these regions, and those that hold in all. Whatever fails, nothing of it counts. */
export async function fetchPrices(
  regions: readonly string[],
  today: string,
  client: Client,
  tell: (done: number, total: number, what: string) => void = () => {},
): Promise<FetchedPlaces> {
  const rows = new Map<string, Map<string, Row[]>>();
  const queries = queriesFor(regions);
  for (const [index, { service, place, filter }] of queries.entries()) {
    tell(index, queries.length, `${service}, ${place}`);
    const ofPlace = rows.get(place) ?? new Map<string, Row[]>();
    rows.set(place, ofPlace);
    const found = ofPlace.get(service) ?? [];
    ofPlace.set(service, found);
    const names = namesOf(place).map((name) => name.toLowerCase());
    for await (const page of rowsOf(filter, client)) {
      const usable = (row: Row) =>
        isRetail(row) && holdsOn(today, row) && names.includes(row.armRegionName.toLowerCase());
      found.push(...page.filter(usable));
    }
  }
  tell(queries.length, queries.length, 'done');
  const leftAlone: LeftAlone[] = [];
  const places = Object.fromEntries(
    [...rows].map(([place, found]) => [place, figuresOf(place, found, today, leftAlone)]),
  );
  const empty = regions.find((region) => Object.keys(places[region]?.vm ?? {}).length === 0);
  if (empty !== undefined) throw new UsageError(`the price list has no VM of a known size in "${empty}"`);
  return { places, leftAlone };
}

function figuresOf(place: string, rows: Map<string, Row[]>, asOf: string, leftAlone: LeftAlone[]): Fetched {
  const fetched: Fetched = { asOf, vm: {}, disks: {}, meters: {} };
  const sizes = Map.groupBy(rows.get('Virtual Machines') ?? [], ({ armSkuName }) => armSkuName?.toLowerCase());
  for (const size of vmSizeNames()) {
    const { figures, problem } = vmFigures(sizes.get(size.toLowerCase()) ?? []);
    if (problem !== undefined) leftAlone.push({ meter: size, place, why: problem });
    if (Object.keys(figures).length > 0) fetched.vm[size] = figures;
  }
  const storage = rows.get('Storage') ?? [];
  for (const sku of storage.length > 0 ? tieredDiskSkus : []) {
    const [kind = '', redundancy] = sku.split('_');
    for (const { tier } of diskTiers(sku)) {
      const meter = `${tier} ${redundancy} Disk`;
      const found = storage.filter((row) => row.productName === diskProducts[kind] && row.meterName === meter);
      const price = onePrice(found, 'month');
      if (typeof price === 'number') fetched.disks[sku] = { ...fetched.disks[sku], [tier]: price };
      else if (found.length > 0) leftAlone.push({ meter, place, why: price.problem });
    }
  }
  for (const rule of rulesAt(place)) {
    const meter = meters()[rule.id];
    if (!meter) continue;
    const found = (rows.get(rule.service) ?? []).filter((row) => fits(rule, row));
    const figure = meterFigure(found, meter.per, isTiered(meter));
    if ('problem' in figure) leftAlone.push({ meter: rule.id, place, why: figure.problem });
    else fetched.meters[rule.id] = rule.isAlternative ? { alternativeUsd: figure.usd as number } : figure;
  }
  return fetched;
}
