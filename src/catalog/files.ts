import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const parsed = new Map<string, unknown>();

/** A file of `data/`, parsed on first use and kept: a run that never asks for prices never reads them. */
export function readData<T>(name: string): T {
  let data = parsed.get(name);
  if (data === undefined) {
    data = JSON.parse(readFileSync(join(import.meta.dirname, 'data', name), 'utf8'));
    parsed.set(name, data);
  }
  return data as T;
}

/** `record[key]` without what every object inherits: keys come from specs, and `constructor` is not a region. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
