import type { PriceUnit } from '../catalog/meters.ts';

const hoursPerMonth = 730;

/** What one of the price list's units is in ours. */
const factors: Partial<Record<PriceUnit, Readonly<Record<string, number>>>> = {
  hour: { '1 Hour': 1, '1/Hour': 1 },
  day: { '1/Day': 1, '1 Day': 1 },
  month: { '1/Month': 1, '1 Month': 1 },
  GB: { '1 GB': 1 },
  'GB-month': { '1 GB/Month': 1 },
  'GiB-month': { '1 GiB/Month': 1, '1 GiB/Hour': hoursPerMonth },
  'IOPS-hour': { '1/Hour': 1, '1 Hour': 1 },
  'MBps-hour': { '1/Hour': 1, '1 Hour': 1 },
  'vCPU-second': { '1 Second': 1 },
  'time series-month': { '1/Month': 1, '1 Month': 1 },
  '10k operations': { '10K': 1, '100K': 0.1, '1M': 0.01 },
  '1M queries': { '1M': 1 },
  '10M samples': { '10M': 1 },
  renewal: { '1': 1 },
  rotation: { '1': 1 },
};

/**
 * By what a price is multiplied to be per `unit`; undefined for a measure that is not listed here: better no price
 * than one that is off by 730.
 */
export function factorOf(unit: PriceUnit, unitOfMeasure: string): number | undefined {
  const known = factors[unit] ?? {};
  return Object.hasOwn(known, unitOfMeasure) ? known[unitOfMeasure] : undefined;
}
