import { own, readData } from './files.ts';
import { source } from './sources.ts';

/** A region of the public cloud. */
export type Region = {
  /** Short name, as in `eastus`. */
  name: string;
  displayName: string;
  geography: string;
  geographyGroup: string;
  /** Logical availability zones; empty = none. Says nothing about a given VM size or disk. */
  zones: readonly string[];
  pairedRegion: string | null;
  /** `restricted` regions need an access request. */
  access: 'open' | 'restricted' | 'internal-or-staging';
};

type Regions = { asOf: string; regions: Record<string, Omit<Region, 'name'>> };

const data = (): Regions => readData<Regions>('regions.json');

/** The region with this short name, in any case. */
export function region(name: string): Region | undefined {
  const short = name.toLowerCase();
  const found = own(data().regions, short);
  return found && { name: short, ...found };
}

/** Short names of all regions, sorted. */
export const regionNames = (): readonly string[] => Object.keys(data().regions);

/** Date of the list of regions, `YYYY-MM-DD`. */
export const regionsAsOf = (): string => data().asOf;

/** Date of the list of who may use which region, which is older. */
export const regionAccessAsOf = (): string => source('docs-regions').asOf ?? '';

/** The region meant by `East US`, `east us 2` or `eastus`: ARM accepts either form, the catalog keeps the short one. */
export function regionByDisplayName(text: string): Region | undefined {
  const wanted = squeeze(text);
  const name = regionNames().find(
    (short) => short === wanted || squeeze(data().regions[short]?.displayName ?? '') === wanted,
  );
  return name === undefined ? undefined : region(name);
}

const squeeze = (text: string): string => text.toLowerCase().replace(/\s+/g, '');
