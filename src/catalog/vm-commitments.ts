import { readData } from './files.ts';
import { newer, type Price, price } from './meters.ts';
import { fetchedVm } from './prices.ts';
import { source } from './sources.ts';

// `region` is null where the source does not state it; such rows are kept as evidence and answer no question.
type Row = { size: string; region: string | null; source: string };
type Commitments = {
  savingsPlan: (Row & { usdPerHour1Year?: number; usdPerHour3Years?: number })[];
  reservation: (Row & { usdTotal1Year?: number; usdTotal3Years?: number })[];
  spot: (Row & { usdPerHour: number })[];
};

const commitments = (): Commitments => readData<Commitments>('prices/vm-commitments.json');

/** A Linux VM under a savings plan, USD per hour. */
export function savingsPlan(region: string, size: string, years: 1 | 3): Price | undefined {
  const row = find(commitments().savingsPlan, region, size);
  return newer(
    fetchedVm(region, size, years === 1 ? 'savingsPlan1Year' : 'savingsPlan3Years', 'hour'),
    toPrice(row, years === 1 ? row?.usdPerHour1Year : row?.usdPerHour3Years, 'hour'),
  );
}

/** A Linux VM reserved for a term, USD for the whole term. */
export function reservation(region: string, size: string, years: 1 | 3): Price | undefined {
  const row = find(commitments().reservation, region, size);
  const per = years === 1 ? '1 year' : '3 years';
  return newer(
    fetchedVm(region, size, years === 1 ? 'reservation1Year' : 'reservation3Years', per),
    toPrice(row, years === 1 ? row?.usdTotal1Year : row?.usdTotal3Years, per),
  );
}

/** A Linux VM at its Spot price, USD per hour; undefined where the only figure is undated. */
export function spotVm(region: string, size: string): Price | undefined {
  const row = find(commitments().spot, region, size);
  const isDated = row !== undefined && source(row.source).asOf !== null;
  return newer(fetchedVm(region, size, 'spot', 'hour'), isDated ? toPrice(row, row.usdPerHour, 'hour') : undefined);
}

function find<T extends Row>(rows: readonly T[], region: string, size: string): T | undefined {
  const [place, name] = [region.toLowerCase(), size.toLowerCase()];
  return rows.find((row) => row.region === place && row.size.toLowerCase() === name);
}

function toPrice(row: Row | undefined, usd: number | undefined, per: Price['per']): Price | undefined {
  if (!row?.region || usd === undefined) return undefined;
  return price({ usd, per, meter: row.size, region: row.region, source: row.source });
}
