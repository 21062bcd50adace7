import { dirname, join, resolve } from 'node:path';
import { type CatalogChoice, catalogDateInUse, userCopy } from './catalog/copy.ts';
import { digestOfText, shippedDigest } from './catalog/digest.ts';
import type { Diagnostic } from './diagnostic.ts';
import { display, nearestAbove, readText } from './files.ts';
import { Source } from './spec/source.ts';

/** The file that pins what verdicts depend on, beside Pulumi.yaml or anywhere above a spec. */
export const lockName = 'perpetual.lock.json';

/** What a lock pins: the shipped facts by their digest and, when it was in use, the copy by its own. */
export type Lock = { formatVersion: 1; catalog: { date: string; sha256: { shipped: string; copy?: string } } };

/** Which figures answer for a spec, and what is wrong with the lock that decides it. */
export type Pinned = { catalog: CatalogChoice; diagnostics: Diagnostic[]; source?: Source };

const pin = 'perpetual catalog lock';

/** By the nearest lock above a file, of which each is read once; without one the copy answers, unless it is frozen. */
export function pinnedAt(
  file: string,
  frozen: boolean,
  known = new Map<string, Pinned>(),
  shown: (path: string) => string = display,
): Pinned {
  const path = nearestAbove(file, lockName) ?? '';
  const found = known.get(path) ?? pinnedBy(path === '' ? undefined : new Source(shown(path), readText(path)), frozen);
  known.set(path, found);
  return found;
}

/** Green today stays green tomorrow: what a lock does not name is not used, and if even that can't be, it is an error. */
export function pinnedBy(source: Source | undefined, frozen: boolean): Pinned {
  if (!source) return { catalog: frozen ? 'shipped' : 'copy', diagnostics: [] };
  const says = (severity: 'error' | 'info', code: string, at: string, message: string, help: string): Pinned => {
    const start = Math.max(source.text.indexOf(at), 0);
    const range = { start, end: start + (source.text.startsWith(at, start) ? at.length : 0) };
    const diagnostic: Diagnostic = { code, severity, message, path: '', labels: [{ file: source.file, range }], help };
    return { catalog: 'shipped', diagnostics: [diagnostic], source };
  };

  const lock = parse(source.text);
  if (!lock)
    return says('error', 'catalog/lock-mismatch', '', 'this is no lock of the catalog', `write it anew with "${pin}"`);
  const { date, sha256 } = lock.catalog;
  if (sha256.shipped !== shippedDigest())
    return says(
      'error',
      'catalog/lock-mismatch',
      sha256.shipped,
      `the catalog of ${date} is pinned, and this perpetual has another`,
      `use the perpetual that wrote the lock, or judge by the new facts: "${pin}"`,
    );
  if (sha256.copy === undefined) return { catalog: 'shipped', diagnostics: [], source };
  const { text } = userCopy();
  if (!frozen && text !== undefined && digestOfText(text) === sha256.copy)
    return { catalog: 'copy', diagnostics: [], source };
  return says(
    'info',
    'catalog/lock-copy',
    sha256.copy,
    `the prices fetched on ${date} are pinned and not here: those shipped with perpetual are used`,
    `pin what is here with "${pin}", or keep the copy in the repository and name its folder in PERPETUAL_CACHE`,
  );
}

/** The lock that pins what is here. */
export function lockOf(catalog: CatalogChoice): Lock {
  const text = catalog === 'copy' ? userCopy().text : undefined;
  const sha256 = { shipped: shippedDigest(), ...(text !== undefined && { copy: digestOfText(text) }) };
  return { formatVersion: 1, catalog: { date: catalogDateInUse(catalog), sha256 } };
}

/** Where a lock belongs: where one is, else beside Pulumi.yaml, else here. */
export function lockFile(folder = '.'): string {
  const here = join(resolve(folder), lockName);
  const project = nearestAbove(here, 'Pulumi.yaml');
  return nearestAbove(here, lockName) ?? (project === undefined ? here : join(dirname(project), lockName));
}

function parse(text: string): Lock | undefined {
  try {
    const lock = JSON.parse(text) as Lock;
    const { date, sha256 } = lock.catalog;
    const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
    const isLock = isText(date) && isText(sha256.shipped) && (sha256.copy === undefined || isText(sha256.copy));
    return lock.formatVersion === 1 && isLock ? lock : undefined;
  } catch {
    return undefined;
  }
}
