import { afterAll, beforeAll, expect, vi } from 'vitest';

// The core never prints: the first line on the pack's standard output must be its port. Once a file, because tests may run side by side.
const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;
beforeAll(() => {
  for (const method of methods) vi.spyOn(console, method);
});
afterAll(() => {
  for (const method of methods) expect(console[method]).not.toHaveBeenCalled();
});
