import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { automation } from '../../src/engine/find.ts';

it('loads the Automation API without the compiler and the package manager, and leaves them to whoever asks', async () => {
  const sdk = createRequire(createRequire(import.meta.url).resolve('@pulumi/pulumi/package.json'));
  const heavy = ['typescript', '@npmcli/arborist'];
  const { LocalWorkspace } = await automation();
  expect(LocalWorkspace.create).toBeTypeOf('function');
  expect(heavy.filter((name) => sdk.resolve(name) in sdk.cache)).toEqual([]);
  expect(sdk('./typescript-shim.js').version).toMatch(/^\d/);
  expect(sdk('@npmcli/arborist').Arborist).toBeTypeOf('function');
});
