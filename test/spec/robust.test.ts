import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileText, leastSpec } from '../support/specs.ts';

const specs = [
  leastSpec,
  ...[
    'specs/dev/perpetual-node.yaml',
    'specs/prod/perpetual-node.yaml',
    'test/fixtures/specs/everything.yaml',
    'test/fixtures/specs/wrong.yaml',
  ].map((file) => readFileSync(file, 'utf8')),
];
const fragments = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ': ',
  '- ',
  '\t',
  '\n',
  '\r\n',
  '"',
  "'",
  '&a ',
  '*a',
  '<<: ',
  '#',
  '|',
  '>',
  '!x',
  '%',
  '---\n',
  '\0',
  '\uFEFF',
  '🚀',
  '\ud800',
  'null',
  '~',
  '1e999',
  '.inf',
  '-0',
  '0x10',
  '__proto__',
  'constructor',
  '"1.35"',
  'env:X',
];

/** Whatever a file holds: findings with places inside the file, or none; never an exception. */
function survives(text: string): void {
  const { diagnostics, loaded } = compileText(text);
  for (const { labels, message, code } of diagnostics) {
    expect(code).toMatch(/^([a-z]+\/)?[a-z-]+$/);
    expect(message).not.toMatch(/undefined|\[object|NaN|expected (string|number|object|array)\b/);
    for (const { range } of labels) {
      expect(range.start).toBeLessThanOrEqual(range.end);
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.end).toBeLessThanOrEqual(loaded.source.text.length);
    }
  }
}

const options = { numRuns: Number(process.env.PROPERTY_RUNS ?? 300), seed: 20261122 };

describe('nothing a file can hold breaks the compiler', () => {
  it('a piece cut out or put in anywhere', () => {
    const edit = fc.tuple(
      fc.constantFrom(...specs),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(40),
      fc.array(fc.constantFrom(...fragments), { maxLength: 4 }),
    );
    fc.assert(
      fc.property(edit, ([text, where, cut, pieces]) =>
        survives(text.slice(0, where * text.length) + pieces.join('') + text.slice(where * text.length + cut)),
      ),
      options,
    );
  });

  it('a file that ends too early', () => {
    for (const text of specs) for (let end = 0; end <= text.length; end += 7) survives(text.slice(0, end));
  });

  it('any text at all', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), survives), options);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...fragments, 'cluster', 'nodePool', 'metadata', 'a'), { maxLength: 30 }),
        (pieces) => survives(pieces.join('')),
      ),
      options,
    );
  });

  it('any values in the place of any others', () => {
    const text = readFileSync('test/fixtures/specs/all-keys.yaml', 'utf8');
    const leaves = [...text.matchAll(/: ([^{}[\]\n#]+?)(?=[,}\]\n])/g)].map(
      ({ index, 0: match }) => [index + 2, index + match.length] as const,
    );
    const value = fc.oneof(
      fc.constantFrom(
        'null',
        '{}',
        '[]',
        '[[]]',
        '{ a: 1 }',
        '-1',
        '1e30',
        '""',
        '"🚀"',
        'true',
        '*none',
        '!!str x',
        '§',
      ),
      fc.string({ maxLength: 12 }).map((each) => JSON.stringify(each)),
    );
    const edits = fc.uniqueArray(fc.tuple(fc.nat(leaves.length - 1), value), { maxLength: 6, selector: ([at]) => at });
    fc.assert(
      fc.property(edits, (chosen) => {
        const fromTheEnd = [...chosen].sort(([a], [b]) => b - a);
        survives(
          fromTheEnd.reduce((edited, [at, with_]) => {
            const [start, end] = leaves[at] as readonly [number, number];
            return edited.slice(0, start) + with_ + edited.slice(end);
          }, text),
        );
      }),
      options,
    );
  });
});
