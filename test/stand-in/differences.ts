import type { Change, ChangeKind, Properties } from './provider.ts';
import { isObject, pathText } from './values.ts';

/** Whether a change at this path, written without indexes as in `networkProfile.serviceCidr`, forces a new resource. */
export type Replaces = (path: string, kind: ChangeKind) => boolean;

type Path = readonly (string | number)[];

/** The leaves that differ between two sets of inputs, by their paths. */
export function differences(olds: Properties, news: Properties, replaces: Replaces): Record<string, Change> {
  const changes: Record<string, Change> = {};
  const note = (path: Path, kind: ChangeKind): void => {
    const names = path.filter((key) => typeof key === 'string').join('.');
    changes[pathText(path)] = { kind, replaces: replaces(names, kind) };
  };
  const compare = (before: unknown, after: unknown, path: Path): void => {
    if (before === after) return;
    if (before === undefined) note(path, 'add');
    else if (after === undefined) note(path, 'delete');
    else if (Array.isArray(before) && Array.isArray(after)) {
      const length = Math.max(before.length, after.length);
      for (let index = 0; index < length; index++) compare(before[index], after[index], [...path, index]);
    } else if (isObject(before) && isObject(after)) {
      for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
        compare(before[key], after[key], [...path, key]);
      }
    } else {
      note(path, 'update');
    }
  };
  compare(olds, news, []);
  return changes;
}

/** Whether `path` is one of `listed`, or lies below one. */
export const isWithin = (path: string, listed: readonly string[]): boolean =>
  listed.some((parent) => path === parent || path.startsWith(`${parent}.`));
