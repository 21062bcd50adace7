import { own, readData } from './files.ts';

/** Where a figure was read. `repository`, `path` and `version` are null for a public file of unknown origin. */
export type Source = {
  repository: string | null;
  path: string | null;
  version: string | null;
  /** `YYYY-MM-DD`, or `YYYY-MM` where the day is not known; the earliest possible one if in doubt. Null = undated. */
  asOf: string | null;
  kind: string;
  /** How exact `asOf` is, in the words of the source. */
  dated?: string;
};

/** The source with this id. Ids come from the catalog itself, so an unknown one is a fault of its data. */
export function source(id: string): Source {
  const found = own(readData<Record<string, Source>>('sources.json'), id);
  if (!found) throw new Error(`the catalog names no source "${id}"`);
  return found;
}

/** Ids of all sources, sorted. */
export const sourceIds = (): readonly string[] => Object.keys(readData<Record<string, Source>>('sources.json'));
