import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package itself: one folder above both the sources and the build. */
export const packageFolder = join(import.meta.dirname, '..');

export const version: string = (
  JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
).version;

/** The day up to which the catalog's facts were collected; single figures carry their own dates. */
export const catalogDate = '2026-11-22';
