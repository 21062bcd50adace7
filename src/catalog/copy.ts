import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../files.ts';
import { catalogDate } from '../version.ts';
import { cacheFolder } from './cache-folder.ts';
import { own } from './files.ts';

/** The source of every figure of the copy, see `sources.ts`. */
export const copySource = 'azure-retail-prices-api';

/** What a Linux VM costs: an hour as you go, at its Spot price or under a savings plan; a whole term reserved. */
export type VmFigure =
  | 'payAsYouGo'
  | 'spot'
  | 'savingsPlan1Year'
  | 'savingsPlan3Years'
  | 'reservation1Year'
  | 'reservation3Years';

/** As in `data/prices/meters.json`; only `alternativeUsd` where the price list is but one side of a dispute. */
export type FetchedMeter = {
  usd?: number;
  tiers?: { from: number; usd: number }[];
  free?: number;
  alternativeUsd?: number;
};

/** The figures fetched for one place of the price list, all on one day. */
export type Fetched = {
  asOf: string;
  vm: Record<string, Partial<Record<VmFigure, number>>>;
  /** By SKU, then by tier, as in `managed-disks.json`. */
  disks: Record<string, Record<string, number>>;
  meters: Record<string, FetchedMeter>;
};

/** The user's copy of the price list. Places are regions, `Global`, `Zone 1` and, for what is the same in all, `any`. */
export type Copy = { formatVersion: 1; source: string; url: string; places: Record<string, Fetched> };

/** Which figures answer: those shipped alone, or the copy's before them. */
export type CatalogChoice = 'shipped' | 'copy';

type Loaded = { file: string | undefined; text?: string; copy?: Copy; problem?: string };

let loaded: Loaded | undefined;
let chosen: CatalogChoice | undefined;

/** Is the copy to be left alone by the wish of whoever started us? */
export const isFrozen = (env: NodeJS.ProcessEnv): boolean => !['', '0', undefined].includes(env.PERPETUAL_FROZEN);

/**
 * Sets which figures answer from now on, and returns what answered before. It is a setting of the room and no argument
 * of its readers, because policies and costs ask for prices without knowing where a spec lies.
 */
export function useCatalog(choice: CatalogChoice): CatalogChoice {
  const before = catalogChoice();
  chosen = choice;
  return before;
}

/** Does some work by other figures than those before and after it. */
export function underCatalog<T>(choice: CatalogChoice, work: () => T): T {
  const before = useCatalog(choice);
  try {
    return work();
  } finally {
    useCatalog(before);
  }
}

export const catalogChoice = (): CatalogChoice => {
  chosen ??= isFrozen(process.env) ? 'shipped' : 'copy';
  return chosen;
};

/** The copy's figures for a place, if the copy is in use and has any; reads the copy on first use. */
export const fetchedAt = (place: string): Fetched | undefined => {
  if (catalogChoice() === 'shipped') return undefined;
  const { copy } = load();
  return copy && own(copy.places, place);
};

/** The user's copy, whether in use or not: where it lies, its text, and what is wrong with it. */
export const userCopy = (): Loaded => load();

/** Has the next question read the copy anew, after it was written. */
export function forgetCopy(): void {
  loaded = undefined;
}

/** The warning for a copy that can't be used, once it was wanted. */
export function copyWarning(choice = catalogChoice()): string | undefined {
  if (choice === 'shipped' || loaded?.problem === undefined) return undefined;
  return `the copy of the price list "${loaded.file}" is not used: ${loaded.problem}; "perpetual catalog update" makes it anew`;
}

/** The day of the newest figures that may answer. */
export function catalogDateInUse(choice = catalogChoice()): string {
  const copy = choice === 'shipped' ? undefined : load().copy;
  return [catalogDate, ...Object.values(copy?.places ?? {}).map(({ asOf }) => asOf)].sort().at(-1) as string;
}

function load(): Loaded {
  loaded ??= read(copyFile());
  return loaded;
}

function copyFile(): string | undefined {
  const { env, platform } = process;
  // Nearly everybody has a HOME, and then the system need not be asked: a check loads no module for this.
  const home = () => (platform !== 'win32' && env.HOME) || process.getBuiltinModule('node:os').homedir();
  const folder = cacheFolder({ env, platform, home });
  return folder && join(folder, 'catalog.json');
}

function read(file: string | undefined): Loaded {
  if (file === undefined) return { file };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const isAbsent = ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
    return { file, ...(!isAbsent && { problem: reasonOf(error) }) };
  }
  try {
    const copy: unknown = JSON.parse(text);
    return isCopy(copy) ? { file, text, copy } : { file, problem: 'it is none that this version of perpetual wrote' };
  } catch {
    return { file, problem: 'it is not JSON' };
  }
}

// A price that is no number would make a bill that is none: the whole file is looked at before any of it counts.
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const every = (value: unknown, test: (each: unknown) => boolean): boolean =>
  isRecord(value) && Object.values(value).every(test);
const isFigure = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isMeter = (value: unknown): boolean =>
  isRecord(value) &&
  Object.entries(value).every(([key, each]) =>
    key === 'tiers' ? Array.isArray(each) && each.length > 0 && each.every(isTier) : isFigure(each),
  );
const isTier = (value: unknown): boolean => isRecord(value) && isFigure(value.from) && isFigure(value.usd);
const isFetched = (value: unknown): boolean =>
  isRecord(value) &&
  /^\d{4}-\d{2}-\d{2}$/.test(String(value.asOf)) &&
  every(value.vm, (sizes) => every(sizes, isFigure)) &&
  every(value.disks, (tiers) => every(tiers, isFigure)) &&
  every(value.meters, isMeter);

const isCopy = (value: unknown): value is Copy =>
  isRecord(value) &&
  value.formatVersion === 1 &&
  value.source === copySource &&
  typeof value.url === 'string' &&
  every(value.places, isFetched);
