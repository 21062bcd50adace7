import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const compileCache = join(tmpdir(), 'node-compile-cache');

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/fail-on-console.ts'],
    // What the tests start is compiled once: the engine starts Node.js for each program, policy pack and provider.
    // Frozen, because a copy of the price list in the cache of whoever runs the tests must change no bill.
    env: {
      PERPETUAL_AS_OF: '2026-11-22',
      PERPETUAL_FROZEN: '1',
      NO_COLOR: '1',
      FORCE_COLOR: '',
      NODE_COMPILE_CACHE: compileCache,
    },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
