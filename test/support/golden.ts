import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'vitest';

/** Compares with a file that is reviewed like code. Missing or different fails, unless `UPDATE=1` writes it. */
export function expectGolden(file: string, actual: string): void {
  if (process.env.UPDATE === '1') {
    if (!existsSync(file) || readFileSync(file, 'utf8') !== actual) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, actual);
    }
    return;
  }
  expect(existsSync(file), `there is no ${file}; UPDATE=1 npm test writes it`).toBe(true);
  expect(actual).toBe(readFileSync(file, 'utf8'));
}
