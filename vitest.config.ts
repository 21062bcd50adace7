import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    setupFiles: ['test/support/fail-on-console.ts'],
    // Frozen, because a copy of the price list in the cache of whoever runs the tests must change no bill.
    env: { PERPETUAL_AS_OF: '2026-11-22', PERPETUAL_FROZEN: '1', NO_COLOR: '1', FORCE_COLOR: '' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
