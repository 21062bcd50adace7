import type { Change } from '../edit/change.ts';
import { parsePath } from '../spec/path.ts';
import type { Trial } from './trial.ts';

/** A key of the spec before and after, null where it is not written and has no default, or goes. */
export type FitEdit = { path: string; from: unknown; to: unknown };

export const editsFromTo = ({ compiled }: Trial, changes: readonly Change[]): FitEdit[] =>
  changes.map(({ path, to }) => ({ path, from: valueAt(compiled.loaded.spec, path) ?? null, to: to ?? null }));

const valueAt = (spec: unknown, path: string): unknown =>
  parsePath(path).reduce<unknown>(
    (at, segment) =>
      typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[segment] : undefined,
    spec,
  );
