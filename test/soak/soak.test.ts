import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { departuresOf, leaksIn, orphansOf } from '../support/invariants.ts';
import { compileText } from '../support/specs.ts';
import { choices, editOf } from './edits.ts';
import { mishapOf } from './mishaps.ts';
import { chanceOf } from './random.ts';
import { firstSpec } from './soak.ts';

describe('a soak', () => {
  it('does the same for the same seed, and another for another', () => {
    const run = (seed: number) => {
      const chance = chanceOf(seed);
      return Array.from({ length: 20 }, () => [editOf(firstSpec, chance).text, mishapOf(chance)?.name]);
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
  });

  it('edits a spec into another one, mostly one that can be deployed', () => {
    const chance = chanceOf(3);
    const edits = Array.from({ length: 60 }, () => editOf(firstSpec, chance));
    for (const { path, text } of edits) {
      expect(Object.keys(choices)).toContain(path);
      expect(parseDocument(text).toJS()).not.toEqual(parseDocument(firstSpec).toJS());
    }
    const sound = edits.filter(({ text }) =>
      compileText(text).diagnostics.every(({ severity }) => severity !== 'error'),
    );
    expect(sound.length).toBeGreaterThan(36);
    expect(sound.length).toBeLessThan(60);
  });
});

describe('what must hold after every step', () => {
  const text = 'a spec';
  const group = '/subscriptions/1/resourceGroups/a';
  const resource = (name: string, inputs: Record<string, unknown>) => ({
    ...{ type: 'azure-native:a:B', name, inputs, options: {}, origin: '', trace: {} },
  });
  const two = {
    ...{ formatVersion: 1, environment: 'prod' },
    resources: [resource('one', { size: 8, of: { $: { ref: 'x', output: 'id' } } }), resource('two', { list: ['a'] })],
  } as never;
  const held = (name: string, inputs: Record<string, unknown>) => ({
    ...{
      urn: `urn:pulumi:prod::p::azure-native:a:B::${name}`,
      type: 'azure-native:a:B',
      id: `${group}/${name}`,
      inputs,
    },
  });
  const stack = {
    ...{ urn: 'urn:pulumi:prod::p::pulumi:pulumi:Stack::p-prod', type: 'pulumi:pulumi:Stack' },
    outputs: { spec: { sha256: '8ff5ea4f2b8b9d9c2e2b5f0d6d8f6a1d' } },
  };

  it('is that the state is what the plan says', () => {
    const good = [held('one', { size: 8, of: 'known by now' }), held('two', { list: ['a'], added: 1 })];
    const of = (resources: object[], more = {}) =>
      departuresOf(two, text, { resources: [stack, ...resources], ...more } as never).slice(1);
    expect(of(good)).toEqual([]);
    expect(of([held('one', { size: 4 }), held('three', {})])).toEqual([
      'in the state and not in the plan: azure-native:a:B::three',
      'azure-native:a:B::one.size is 4 in the state, not 8',
      'in the plan and not in the state: azure-native:a:B::two',
    ]);
    expect(
      of(
        [
          { ...good[0], initErrors: ['no'] },
          { ...good[1], delete: true },
        ],
        { pending_operations: [{}] },
      ),
    ).toEqual([
      'unfinished: {}',
      'not up: urn:pulumi:prod::p::azure-native:a:B::one: no',
      'still to be deleted: urn:pulumi:prod::p::azure-native:a:B::two',
    ]);
  });

  it('is that the stack remembers the spec it was deployed from', () => {
    expect(departuresOf({ ...(two as object), resources: [] } as never, text, { resources: [stack] } as never)).toEqual(
      ['the stack remembers another spec'],
    );
  });

  it('is that nothing is in Azure that no state knows, but for a disk and a secret that were left on purpose', () => {
    const cloud = (...ids: string[]) =>
      ({ resources: Object.fromEntries(ids.map((id) => [id.toLowerCase(), {}])), objects: {} }) as never;
    const state = { resources: [held('one', {})] } as never;
    expect(orphansOf(cloud(`${group}/one`, `${group}/providers/Microsoft.Compute/disks/old`), state)).toEqual([]);
    const vault = `${group}/providers/Microsoft.KeyVault/vaults/one`;
    const withVault = { resources: [{ ...held('vault', {}), id: vault }] } as never;
    expect(orphansOf(cloud(vault, `${vault}/secrets/old`), withVault)).toEqual([]);
    expect(orphansOf(cloud(`${group}/one`, `${vault}/secrets/old`), state)).toEqual([
      `in Azure and not in the state: ${vault.toLowerCase()}/secrets/old`,
    ]);
    expect(orphansOf(cloud(`${group}/two`), state)).toEqual([
      `in Azure and not in the state: ${group.toLowerCase()}/two`,
      `in the state and not in Azure: ${group.toLowerCase()}/one`,
    ]);
  });

  it('is that no secret is anywhere, as it is or in base64', () => {
    const secret = 'a-secret-of-this-test';
    const texts = ['one\nnothing', `two\n${Buffer.from(secret).toString('base64')}`, `three\n${secret}`];
    expect(leaksIn(texts, [secret])).toEqual(['a secret is in three', 'a secret is in two']);
  });
});
