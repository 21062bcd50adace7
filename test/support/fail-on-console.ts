import { afterEach, beforeEach, expect, vi } from 'vitest';

// The core never prints: the first line on the pack's standard output must be its port.
beforeEach(() => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) vi.spyOn(console, method);
});
afterEach(() => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    expect(console[method]).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});
