import { copySource, fetchedAt } from './copy.ts';
import { own, readData } from './files.ts';
import { source } from './sources.ts';

/** What one unit of a price buys; a month is 730 hours. */
export type PriceUnit =
  | 'hour'
  | 'day'
  | 'month'
  | '1 year'
  | '3 years'
  | 'GB'
  | 'GB-month'
  | 'GiB-month'
  | 'IOPS-hour'
  | 'MBps-hour'
  | 'vCPU-hour'
  | 'vCPU-second'
  | 'time series-month'
  | '10k operations'
  | '1M queries'
  | '10M samples'
  | 'notification'
  | 'action'
  | 'renewal'
  | 'rotation';

/** One retail, pay-as-you-go figure in USD before tax, with its origin. */
export type Price = {
  usd: number;
  per: PriceUnit;
  /** Azure's meter name (for a VM its size); in parentheses where only a description is known. */
  meter: string;
  /** Where the price list holds the figure: a region, `Global`, `Zone 1`, `any` or `not stated`. */
  region: string;
  /** Id of the source, see `sources.ts`. */
  source: string;
  /** `YYYY-MM-DD` or `YYYY-MM`. */
  asOf: string;
  /** Units of each month that cost nothing. */
  free?: number;
  /** What the figure leaves open, for people to read. */
  note?: string;
  /** Another figure that a source gives for the same thing; `note` says which and why. */
  alternativeUsd?: number;
  /** Probably wrong: `note` says why. */
  suspect?: boolean;
};

/** From `from` units of the month on (0 = the first), up to where the next tier begins. */
export type PriceTier = { from: number; price: Price };

type Figure = {
  usd?: number;
  tiers?: { from: number; usd: number; source?: string }[];
  source: string;
  note?: string;
  alternativeUsd?: number;
  /** Of a fetched figure its day; a shipped one has that of its source. */
  asOf?: string;
  free?: number;
};
type Meter = {
  meter: string;
  per: PriceUnit;
  product?: string;
  free?: number;
  /** Who says so, when the allowance holds everywhere and is not a tier of the price list. */
  freeSource?: string;
  note?: string;
  figures: Record<string, Figure>;
  /** By a region with figures, the others for which the price list has the very same meter. */
  sameMeter?: { source: string; regions: Record<string, string[]> };
};

/** A price whose date is that of its source; undated figures are no prices. */
export function price(fields: Omit<Price, 'asOf'>): Price {
  const asOf = dayOf(fields.source);
  if (asOf === null) throw new Error(`source "${fields.source}" has no date`);
  return { ...fields, asOf };
}

const dayOf = (id: string): string | null => source(id).asOf;

/** Of a fetched and a shipped price the newer: a later release may know better than an old copy. */
export const newer = (fetched: Price | undefined, shipped: Price | undefined): Price | undefined =>
  fetched && (!shipped || fetched.asOf >= shipped.asOf) ? fetched : shipped;

/** Ids of all meters in `data/prices/meters.json`, sorted. */
export const meterIds = (): readonly string[] => Object.keys(meters());

/** Regions in which a meter has a figure. */
export const meterRegions = (id: string): readonly string[] => Object.keys(own(meters(), id)?.figures ?? {});

/** The units of a month that are free in every region, whatever the price is. */
export function meterAllowance(id: string): { units: number; source: string; asOf: string } | undefined {
  const { free, freeSource } = own(meters(), id) ?? {};
  if (free === undefined || freeSource === undefined) return undefined;
  return { units: free, source: freeSource, asOf: source(freeSource).asOf ?? '' };
}

/**
 * The figure of a meter in a region. Figures listed as Global or for any region hold in each of them; no other figure
 * is carried from one region to another. Without a region, the figure of a meter that has just one.
 */
export function meterPrice(id: string, region?: string): Price | undefined {
  const found = find(id, region);
  if (found?.figure.usd === undefined) return undefined;
  return toPrice(found, found.figure.usd, found.figure.source);
}

/** The tiers of a meter in a region, lowest first; undefined when the catalog has none. */
export function meterTiers(id: string, region?: string): readonly PriceTier[] | undefined {
  const found = find(id, region);
  return found?.figure.tiers
    ?.map((tier) => ({ from: tier.from, price: toPrice(found, tier.usd, tier.source ?? found.figure.source) }))
    .sort((a, b) => a.from - b.from);
}

type Found = { meter: Meter; region: string; figure: Figure };

function find(id: string, region: string | undefined): Found | undefined {
  const meter = own(meters(), id);
  if (!meter) return undefined;
  const place = region?.toLowerCase();
  const candidates = place === undefined ? onlyOne(meter) : [place, 'Global', 'any'];
  for (const name of candidates) {
    const figure = newest(meter, own(meter.figures, name), fetchedFigure(id, name));
    if (figure) return { meter, region: name, figure };
  }
  return place === undefined ? undefined : bySameMeter(meter, place);
}

const onlyOne = ({ figures }: Meter): string[] => {
  const listed = Object.keys(figures);
  return listed.length === 1 ? listed : [];
};

/** One meter of the price list may serve many regions; then the figure of one is the figure of all. */
function bySameMeter(meter: Meter, place: string): Found | undefined {
  for (const [name, others] of Object.entries(meter.sameMeter?.regions ?? {})) {
    const figure = others.includes(place) ? own(meter.figures, name) : undefined;
    if (!figure) continue;
    const note = [figure.note, `read in ${name}, which has the same meter (${meter.sameMeter?.source})`];
    return { meter, region: place, figure: { ...figure, note: note.filter((text) => text !== undefined).join('; ') } };
  }
  return undefined;
}

function fetchedFigure(id: string, place: string): Figure | undefined {
  const fetched = fetchedAt(place);
  const figure = fetched && own(fetched.meters, id);
  return figure && { ...figure, source: copySource, asOf: fetched.asOf };
}

function newest(meter: Meter, shipped: Figure | undefined, fetched: Figure | undefined): Figure | undefined {
  if (!fetched || (shipped && (fetched.asOf ?? '') < (dayOf(shipped.source) ?? ''))) return shipped;
  if (fetched.usd === undefined && !fetched.tiers)
    return shipped && fetched.alternativeUsd !== undefined
      ? { ...shipped, alternativeUsd: fetched.alternativeUsd }
      : shipped;
  // A copy made when the meter was asked for in the other way answers no question of today.
  return (fetched.tiers !== undefined) === isTiered(meter) ? fetched : shipped;
}

/** Is the meter asked for by its tiers? Each has figures of one kind only. */
export const isTiered = ({ figures }: Pick<Meter, 'figures'>): boolean =>
  Object.values(figures).some(({ tiers }) => tiers !== undefined);

function toPrice({ meter, region, figure }: Found, usd: number, from: string): Price {
  const note = [meter.note, figure.note].filter((text) => text !== undefined).join('; ');
  const free = figure.free ?? meter.free;
  const fields = {
    usd,
    per: meter.per,
    meter: meter.meter,
    region,
    source: from,
    ...(free === undefined ? {} : { free }),
    ...(note === '' ? {} : { note }),
    ...(figure.alternativeUsd === undefined ? {} : { alternativeUsd: figure.alternativeUsd }),
  };
  return figure.asOf === undefined ? price(fields) : { ...fields, asOf: figure.asOf };
}

/** All meters as they are listed, by id. */
export const meters = (): Record<string, Meter> =>
  readData<{ meters: Record<string, Meter> }>('prices/meters.json').meters;
