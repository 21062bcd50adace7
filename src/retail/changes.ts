import type { Fetched, VmFigure } from '../catalog/copy.ts';
import { meterPrice, meters, meterTiers, type Price, type PriceUnit } from '../catalog/meters.ts';
import { linuxVm, managedDisk } from '../catalog/prices.ts';
import { reservation, savingsPlan, spotVm } from '../catalog/vm-commitments.ts';

/** A fetched price beside the one that answered until now; `fromUsd` is null where none did. */
export type Change = {
  meter: string;
  place: string;
  per: PriceUnit;
  fromUsd: number | null;
  toUsd: number;
  /** By how much it rose, to two places; null where there is nothing to compare with. */
  percent: number | null;
};

const vmPrices: Record<
  VmFigure,
  { name: string; per: PriceUnit; now: (place: string, size: string) => Price | undefined }
> = {
  payAsYouGo: { name: '', per: 'hour', now: linuxVm },
  spot: { name: ', spot', per: 'hour', now: spotVm },
  savingsPlan1Year: {
    name: ', savings plan of 1 year',
    per: 'hour',
    now: (place, size) => savingsPlan(place, size, 1),
  },
  savingsPlan3Years: {
    name: ', savings plan of 3 years',
    per: 'hour',
    now: (place, size) => savingsPlan(place, size, 3),
  },
  reservation1Year: { name: ', reserved', per: '1 year', now: (place, size) => reservation(place, size, 1) },
  reservation3Years: { name: ', reserved', per: '3 years', now: (place, size) => reservation(place, size, 3) },
};

/** Every fetched figure beside what the catalog says now, so it must be asked before the figures are kept. */
export function* comparisons(places: Readonly<Record<string, Fetched>>): Generator<Change> {
  for (const [place, { vm, disks, meters: fetched }] of Object.entries(places)) {
    for (const [size, figures] of Object.entries(vm)) {
      for (const [figure, usd] of Object.entries(figures)) {
        const { name, per, now } = vmPrices[figure as VmFigure];
        yield compared(`${size}${name}`, place, per, now(place, size)?.usd, usd);
      }
    }
    for (const [sku, tiers] of Object.entries(disks)) {
      for (const [tier, usd] of Object.entries(tiers))
        yield compared(`${tier} ${sku}`, place, 'month', managedDisk(place, sku, tier)?.usd, usd);
    }
    for (const [id, { usd, tiers, alternativeUsd }] of Object.entries(fetched)) {
      const per = meters()[id]?.per ?? 'month';
      // The one place under which such a meter is listed is found without naming it.
      const region = place === 'Zone 1' ? undefined : place;
      const now = meterPrice(id, region);
      if (usd !== undefined) yield compared(id, place, per, now?.usd, usd);
      if (alternativeUsd !== undefined)
        yield compared(`${id}, disputed`, place, per, now?.alternativeUsd, alternativeUsd);
      const before = tiers && meterTiers(id, region);
      for (const { from, usd: each } of tiers ?? []) {
        const old = before?.find((tier) => tier.from === from)?.price.usd;
        yield compared(from === 0 ? id : `${id} from ${from}`, place, per, old, each);
      }
    }
  }
}

function compared(meter: string, place: string, per: PriceUnit, from: number | undefined, toUsd: number): Change {
  const percent = from === undefined || from === 0 ? null : Math.round((toUsd / from - 1) * 10_000) / 100;
  return { meter, place, per, fromUsd: from ?? null, toUsd, percent };
}

/** What rounds to no percent at all differs only by how a source rounded it. */
export const isChanged = ({ fromUsd, toUsd, percent }: Change): boolean =>
  fromUsd !== null && (percent === null ? fromUsd !== toUsd : percent !== 0);
