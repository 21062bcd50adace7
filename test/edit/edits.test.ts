import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/edit/change.ts';
import { applied, editsOf, withoutEmptied } from '../../src/edit/edits.ts';
import { loadSpec } from '../../src/spec/load.ts';
import { Source } from '../../src/spec/source.ts';

const edited = (text: string, ...changes: Change[]): string | undefined => {
  const loaded = loadSpec(new Source('x.yaml', text));
  const edits = editsOf(loaded, withoutEmptied(loaded.root, changes));
  return edits && applied(loaded.source.text, edits);
};

describe('edits of the text', () => {
  it('replace a scalar where it stands, in its own quotes, and leave its comment', () => {
    expect(edited('a: 1 # one\nb: 2\n', { path: 'a', to: 3 })).toBe('a: 3 # one\nb: 2\n');
    expect(edited('a: { b: "x", c: \'y\' }\n', { path: 'a.b', to: 'z' }, { path: 'a.c', to: 'w' })).toBe(
      'a: { b: "z", c: \'w\' }\n',
    );
    expect(edited('start: 07:00\n', { path: 'start', to: '19:00' })).toBe('start: "19:00"\n');
  });

  it('replace a list, whichever way it is written', () => {
    const change = { path: 'from', to: ['cluster'] };
    expect(edited('from: [internet, 10.0.0.0/8]\nb: 1\n', change)).toBe('from: [cluster]\nb: 1\n');
    expect(edited('from:\n- internet\n- 10.0.0.0/8 # office\nb: 1\n', change)).toBe('from: [cluster] # office\nb: 1\n');
    expect(edited('from: # who\n  - internet\n', change)).toBeUndefined();
  });

  it('insert a key in the style of its surroundings', () => {
    expect(edited('a: { b: 1 }\n', { path: 'a.c', to: 2 })).toBe('a: { b: 1, c: 2 }\n');
    expect(edited('a: {}\n', { path: 'a.c', to: 2 })).toBe('a: { c: 2 }\n');
    expect(edited('a:\n  b: 1 # one\nd: 1\n', { path: 'a.c', to: 'x' })).toBe('a:\n  b: 1 # one\n  c: x\nd: 1\n');
    expect(edited('a:\n  - b: 1\n    d: 2\n', { path: 'a[0].c', to: 3 })).toBe('a:\n  - b: 1\n    d: 2\n    c: 3\n');
    expect(edited('{\n  "a": 1,\n  "b": { "d": 1 }\n}\n', { path: 'b.c', to: 'x' }, { path: 'e', to: [1] })).toBe(
      '{\n  "a": 1,\n  "b": { "d": 1, "c": "x" },\n  "e": [1]\n}\n',
    );
    expect(edited('a: 1\r\nb: 2\r\n', { path: 'c', to: 3 })).toBe('a: 1\r\nb: 2\r\nc: 3\r\n');
    expect(edited('a: 1', { path: 'c', to: 3 })).toBe('a: 1\nc: 3');
  });

  it('insert it before comments that are about what comes next', () => {
    expect(edited('a:\n  b: 1\n\n# about d\nd: 1\n', { path: 'a.c', to: 2 })).toBe(
      'a:\n  b: 1\n  c: 2\n\n# about d\nd: 1\n',
    );
    expect(edited('a:\n  b: # one\nd: 1\n', { path: 'a.c', to: 2 })).toBe('a:\n  b: # one\n  c: 2\nd: 1\n');
  });

  it('insert all that is missing on the way to a key, together', () => {
    expect(edited('a: 1\n', { path: 'b.c.d', to: 1 }, { path: 'b.c.e', to: [2] }, { path: 'b.f', to: 3 })).toBe(
      'a: 1\nb:\n  c: { d: 1, e: [2] }\n  f: 3\n',
    );
    expect(edited('a:\n  x: 1\n', { path: 'a.b.c', to: 1 })).toBe('a:\n  x: 1\n  b: { c: 1 }\n');
  });

  it('remove keys and items, the comma or the line with them, and nothing else', () => {
    const gone = (path: string): Change => ({ path, to: undefined });
    expect(edited('a: { b: 1, c: 2, d: 3 }\n', gone('a.b'))).toBe('a: { c: 2, d: 3 }\n');
    expect(edited('a: { b: 1, c: 2, d: 3 }\n', gone('a.b'), gone('a.c'))).toBe('a: { d: 3 }\n');
    expect(edited('a: { b: 1, c: 2, d: 3 }\n', gone('a.d'), gone('a.c'))).toBe('a: { b: 1 }\n');
    expect(edited('a: { b: 1, c: 2, d: 3 }\n', gone('a.b'), gone('a.d'))).toBe('a: { c: 2 }\n');
    expect(edited('# top\na:\n  b: 1 # one\n  # two\n  c: 2\nd: 1\n', gone('a.b'))).toBe(
      '# top\na:\n  # two\n  c: 2\nd: 1\n',
    );
    expect(edited('a:\n  b:\n    x: 1 # one\n  # about c\n  c: 2\n', gone('a.b'))).toBe('a:\n  # about c\n  c: 2\n');
    expect(edited('a:\n  b:\n    x: 1\n\n# about d\nd: 1\n', gone('a'))).toBe('\n# about d\nd: 1\n');
    expect(edited('a:\n  - x: 1\n    y: 2\n  - x: 3\n', gone('a[0]'))).toBe('a:\n  - x: 3\n');
    expect(edited('a: [1, 2, 3]\n', gone('a[1]'))).toBe('a: [1, 3]\n');
  });

  it('remove a collection that loses all it holds', () => {
    const gone = (path: string): Change => ({ path, to: undefined });
    expect(edited('a:\n  b: 1\n  c: 2\nd: 1\n', gone('a.b'), gone('a.c'))).toBe('d: 1\n');
    expect(edited('a:\n  b:\n    - 1\nd: 1\n', gone('a.b[0]'))).toBe('d: 1\n');
    expect(edited('a: { b: [1], c: 2 }\nd: 1\n', gone('a.b[0]'))).toBe('a: { c: 2 }\nd: 1\n');
  });

  it('never reach through an alias, and overrule what a merge key brings in', () => {
    const shared = 'a: &a { x: 1 }\nb: *a\nc:\n  <<: *a\n  y: 2\n';
    expect(edited(shared, { path: 'b.x', to: 3 })).toBeUndefined();
    expect(edited(shared, { path: 'c.x', to: 3 })).toBe('a: &a { x: 1 }\nb: *a\nc:\n  <<: *a\n  y: 2\n  x: 3\n');
    expect(edited(shared, { path: 'c.x', to: undefined })).toBeUndefined();
    expect(edited('a: &n 1\nb: *n\n', { path: 'b', to: 2 })).toBe('a: &n 1\nb: 2\n');
  });
});
