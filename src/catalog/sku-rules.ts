import { own, readData } from './files.ts';

/** What a kind of disk can be asked for; without `speed` it has that of its size. */
export type DiskLimits = { minGiB?: number; maxGiB: number; speed?: DiskSpeed };
type DiskSpeed = { baseIops: number; iopsPerGiB: number; maxIops: number; mbpsPerIops: number; maxMbps: number };

/** The end of the older versions of a service's interface, or of its previews only. */
export type ApiEnd = { olderThan: string; preview?: true; retires: string };

type Rules = {
  apis: Record<string, ApiEnd & { source: string }>;
  disks: { limits: Record<string, DiskLimits>; source: string };
  retirements: Record<string, { retires: string; source: string }>;
};

const rules = (): Rules => readData<Rules>('sku-rules.json');

/** The limits of a kind of disk, as in `UltraSSD_LRS`, in any case. */
export function diskLimits(sku: string): DiskLimits | undefined {
  const { limits } = rules().disks;
  return own(limits, Object.keys(limits).find((name) => name.toLowerCase() === sku.toLowerCase()) ?? '');
}

/** The day on which something other than a VM size ends, as in `publicIp.Basic`. */
export const skuRetires = (id: string): string | undefined => own(rules().retirements, id)?.retires;

/** When the older versions of a service's interface end, by azure-native's name of the service, as in `keyvault`. */
export const apiEnds = (service: string): ApiEnd | undefined => own(rules().apis, service);

/** The days on which something other than a VM size ends. */
export const skuEnds = (): string[] =>
  [...Object.values(rules().apis), ...Object.values(rules().retirements)].map(({ retires }) => retires);

/** The sources of these rules, see `sources.ts`. */
export const skuRuleSources = (): string[] => [
  rules().disks.source,
  ...Object.values(rules().apis).map(({ source }) => source),
  ...Object.values(rules().retirements).map(({ source }) => source),
];

const day = 24 * 60 * 60 * 1000;

/** Days from one day to another, both `YYYY-MM-DD`. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / day);
