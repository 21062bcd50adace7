import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Node, ScalarNode } from '../../src/spec/node.ts';
import { childPath, parsePath } from '../../src/spec/path.ts';
import { specSchema } from '../../src/spec/schema.ts';
import { allFields, at, choicesOf, expectation, fieldOf, keysOf, limitsOf } from '../../src/spec/shape.ts';
import { compileText } from '../support/specs.ts';

const text = readFileSync('test/fixtures/specs/all-keys.yaml', 'utf8');
const whole = compileText(text, 'test/fixtures/specs/all-keys.yaml');

function* leavesOf(node: Node | undefined, path = ''): Generator<[string, ScalarNode]> {
  if (node?.kind === 'scalar') yield [path, node];
  else if (node?.kind === 'list')
    for (const [index, item] of node.items.entries()) yield* leavesOf(item, childPath(path, index));
  else
    for (const { key, value } of node?.kind === 'map' ? node.entries : []) yield* leavesOf(value, childPath(path, key));
}

const leaves = [...leavesOf(whole.loaded.root)];

/** Values a leaf must not have, as they are typed: of another kind, and just outside of its limits. */
function wrongValues(path: string): string[] {
  const schema = at(specSchema, parsePath(path));
  if (!schema) throw new Error(`no schema for ${path}`);
  const wrong = [...(path.endsWith(']') ? [] : ['']), '{ a: 1 }', '[1, 2]'];
  if (/number/.test(expectation(schema))) {
    const { minimum, maximum, whole: isWhole } = limitsOf(schema);
    wrong.push(
      'many',
      '"1"',
      'true',
      ...(isWhole ? ['1.5'] : []),
      ...(minimum === undefined ? [] : [String(minimum - 1)]),
      ...(maximum === undefined ? [] : [String(maximum + 1)]),
    );
  } else if (expectation(schema) === 'true or false') wrong.push('maybe', '1');
  else if (choicesOf(schema).length > 0) wrong.push('quux', '7');
  else
    wrong.push(
      'true',
      ...(fieldOf(schema).about.expects?.startsWith('text') || /reason|path$/.test(path) ? [] : ['"§ § §"']),
    );
  return wrong;
}

describe('every leaf set wrong is found there', () => {
  it('starts from a spec that has every key and nothing wrong', () => {
    expect(whole.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const written = new Set(
      leaves.flatMap(([path]) => [path, ...parents(path)]).map((path) => path.replace(/\[\d+\]/g, '[]')),
    );
    const missing = [...allFields(specSchema)]
      .map(({ path }) => path)
      .filter((path) => !path.includes('{}') && !written.has(path));
    // Only a registry of kind acr has these.
    expect(missing).toEqual(['registry.name', 'registry.sku', 'registry.create', 'registry.resourceGroup']);
  });

  it.each(leaves.map(([path, node]) => [path, node] as const))('%s', (path, { range }) => {
    for (const value of wrongValues(path)) {
      const edited = text.slice(0, range.start) + value + text.slice(range.end);
      const { diagnostics, loaded } = compileText(edited, 'test/fixtures/specs/all-keys.yaml');
      const found = diagnostics.filter((diagnostic) => diagnostic.severity === 'error' && diagnostic.path === path);
      expect(found.length, `${path}: ${value}`).toBe(1);
      const line = loaded.source.position(found[0]?.labels[0].range.start as number).line;
      expect(line, `${path}: ${value}`).toBe(loaded.source.position(range.start).line);
      if (value !== '' && !value.startsWith('{') && !value.startsWith('['))
        expect(found[0]?.labels[0].range.start).toBe(range.start);
    }
  });

  it('says that a key is unknown in every section', () => {
    for (const [path, node] of sections(whole.loaded.root)) {
      if (!keysOf(at(specSchema, parsePath(path)) as never)) continue;
      const first = node.kind === 'map' ? node.entries[0] : undefined;
      if (!first) continue;
      const isFlow = text[node.range.start] === '{';
      const indent = ' '.repeat(whole.loaded.source.position(first.keyRange.start).column - 1);
      const edited = `${text.slice(0, first.keyRange.start)}quux: 1${isFlow ? ', ' : `\n${indent}`}${text.slice(first.keyRange.start)}`;
      const { diagnostics, loaded } = compileText(edited, 'test/fixtures/specs/all-keys.yaml');
      const found = diagnostics.find(({ code }) => code === 'spec/unknown-key');
      expect(found?.path, path).toBe(childPath(path, 'quux'));
      expect(loaded.source.text.slice(found?.labels[0].range.start, found?.labels[0].range.end)).toBe('quux');
    }
  });

  it('misses every key that is needed', () => {
    for (const [path, node] of sections(whole.loaded.root)) {
      for (const [key, schema] of Object.entries(keysOf(at(specSchema, parsePath(path)) as never) ?? {})) {
        if (fieldOf(schema).optional || node.kind !== 'map') continue;
        const entry = node.entries.find((each) => each.key === key);
        if (!entry || node.entries.length === 1) continue;
        const edited = `${text.slice(0, entry.keyRange.start)}xx${key}xx${text.slice(entry.keyRange.end)}`;
        const { diagnostics } = compileText(edited, 'test/fixtures/specs/all-keys.yaml');
        expect(
          diagnostics.some(
            ({ code, path: at }) =>
              (code === 'spec/missing-key' && at === childPath(path, key)) ||
              (code === 'spec/unknown-key' && at.includes(key)),
          ),
          `${path}.${key}`,
        ).toBe(true);
      }
    }
  });
});

function* sections(node: Node | undefined, path = ''): Generator<[string, Node]> {
  if (node?.kind === 'map') yield [path, node];
  if (node?.kind === 'map') for (const { key, value } of node.entries) yield* sections(value, childPath(path, key));
  if (node?.kind === 'list')
    for (const [index, item] of node.items.entries()) yield* sections(item, childPath(path, index));
}

function parents(path: string): string[] {
  const segments = parsePath(path);
  return segments.map((_, length) => segments.slice(0, length).reduce<string>(childPath, ''));
}
