import { join } from 'node:path';
import { type Pack, type PackOptions, startPack as start } from '../../src/pulumi/analyzer.ts';

export type { Pack };

/** Starts the pack that the tests' build made. */
export const startPack = (options: Omit<PackOptions, 'file'> = {}): Promise<Pack> =>
  start({ ...options, file: join(process.cwd(), 'dist', 'pack.js') });
