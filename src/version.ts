import { readFileSync } from 'node:fs';

/** The package itself: one folder above both the sources and the build. */
export const packageFolder = new URL('../', import.meta.url);

export const version: string = (
  JSON.parse(readFileSync(new URL('package.json', packageFolder), 'utf8')) as { version: string }
).version;

/** The day up to which the catalog's facts were collected; single figures carry their own dates. */
export const catalogDate = '2026-11-22';
