import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Copy, type Fetched, forgetCopy } from '../../src/catalog/copy.ts';

/** A copy of the price list as `catalog update` writes it, all of one day. */
export const copyOf = (places: Record<string, Partial<Fetched>>): Copy => ({
  formatVersion: 1,
  source: 'azure-retail-prices-api',
  url: 'https://prices.example.org/api',
  places: Object.fromEntries(
    Object.entries(places).map(([place, fetched]) => [
      place,
      { asOf: '2026-11-25', vm: {}, disks: {}, meters: {}, ...fetched },
    ]),
  ),
});

export type CacheFolder = { folder: string; keep(copy: Copy | string): void; close(): void };

/** An empty cache folder that this process and those it starts use, frozen no longer, until it is closed. */
export function useCacheFolder(): CacheFolder {
  const { PERPETUAL_CACHE: cache, PERPETUAL_FROZEN: frozen } = process.env;
  const folder = mkdtempSync(join(tmpdir(), 'perpetual-cache-'));
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  set('PERPETUAL_CACHE', folder);
  set('PERPETUAL_FROZEN', undefined);
  forgetCopy();
  return {
    folder,
    keep(copy) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'catalog.json'), typeof copy === 'string' ? copy : JSON.stringify(copy));
      forgetCopy();
    },
    close() {
      set('PERPETUAL_CACHE', cache);
      set('PERPETUAL_FROZEN', frozen);
      forgetCopy();
    },
  };
}
