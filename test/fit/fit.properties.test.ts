import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { compile } from '../../src/compile.ts';
import { type Change, changed, same } from '../../src/edit/change.ts';
import { applied, editsOf, withoutEmptied } from '../../src/edit/edits.ts';
import { fit as fitSpec } from '../../src/fit/fit.ts';
import { hasRoom } from '../../src/fit/levers/sizes.ts';
import type { Fit } from '../../src/fit/sets.ts';
import { loadSpec } from '../../src/spec/load.ts';
import { toPlain } from '../../src/spec/node.ts';
import type { Spec } from '../../src/spec/schema.ts';
import { Source } from '../../src/spec/source.ts';
import { leastSpec, today } from '../support/specs.ts';

const runs = Number(process.env.PROPERTY_RUNS ?? 8);

const specs = [
  'specs/dev/perpetual-node.yaml',
  'specs/prod/perpetual-node.yaml',
  'test/fixtures/specs/everything.yaml',
  'test/fixtures/specs/everything-else.yaml',
  'test/fixtures/specs/seeds-wish.yaml',
].map((file) => readFileSync(file, 'utf8'));

/** The same spec as others would have written it. */
const styles: ((text: string) => string)[] = [
  (text) => text,
  (text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`,
  (text) => stringify(parse(text)).replaceAll(/\n(?= *[a-z])/gi, '\n# a comment\n'),
  (text) => stringify(parse(text), { indent: 4, indentSeq: false }),
  (text) => JSON.stringify(parse(text), null, 2),
  (text) => JSON.stringify(parse(text)),
];

const texts = fc
  .tuple(fc.constantFrom(leastSpec, ...specs), fc.constantFrom(...styles))
  .map(([text, style]) => style(text));
const part = fc.double({ min: 0.1, max: 1.2, noNaN: true });

const result = (text: string, share: number) => {
  const { bill } = compile('x.yaml', text, { today });
  const targetUsd = Math.max(1, Math.round((bill?.monthlyUsd ?? 0) * share * 100) / 100);
  return fitSpec('x.yaml', text, { today, targetUsd });
};
const changesOf = ({ edits }: Fit): Change[] =>
  edits.map(({ path, to }) => ({ path, to: to === null ? undefined : (to as Change['to']) }));

/** Written into the text, as the compiler judges it. */
function judged(text: string, changes: readonly Change[]) {
  const loaded = loadSpec(new Source('x.yaml', text));
  const edits = editsOf(loaded, withoutEmptied(loaded.root, changes));
  if (!edits) return undefined;
  const compiled = compile('x.yaml', applied(loaded.source.text, edits), { today });
  const isSound =
    compiled.diagnostics.every(({ severity, waived }) => severity !== 'error' || waived !== undefined) &&
    (!changes.some(({ path }) => /^(cluster\.nodePool|node\.resources)/.test(path)) ||
      hasRoom(compiled.loaded.spec as Spec));
  return { edits, compiled, isSound, totalUsd: compiled.bill?.monthlyUsd ?? 0 };
}

describe('whatever the spec and the amount', () => {
  it('every proposed set is accepted by the compiler, costs what it says, and fits', () => {
    fc.assert(
      fc.property(texts, part, (text, share) => {
        const { fits, targetUsd } = result(text, share);
        for (const fit of fits) {
          const after = judged(text, changesOf(fit));
          expect(after).toMatchObject({ isSound: true, totalUsd: fit.totalUsd, edits: fit.fix.edits });
          expect(fit.totalUsd).toBeLessThanOrEqual(targetUsd);
        }
      }),
      { numRuns: runs },
    );
  });

  it('none of its edits can be left out', () => {
    fc.assert(
      fc.property(texts, part, (text, share) => {
        const { fits, targetUsd } = result(text, share);
        for (const fit of fits) {
          const changes = changesOf(fit);
          for (const change of changes) {
            const without = judged(
              text,
              changes.filter((each) => each !== change),
            );
            expect(without?.isSound && without.totalUsd <= targetUsd, `without ${change.path}`).toBeFalsy();
          }
        }
      }),
      { numRuns: Math.ceil(runs / 2) },
    );
  });

  it('it changes what it says and nothing else: no assumption, no comment, no other line', () => {
    fc.assert(
      fc.property(texts, part, (text, share) => {
        for (const fit of result(text, share).fits) {
          const loaded = loadSpec(new Source('x.yaml', text));
          const after = loadSpec(new Source('x.yaml', applied(loaded.source.text, fit.fix.edits)));
          const root = loaded.root as NonNullable<typeof loaded.root>;
          const written = withoutEmptied(root, changesOf(fit));
          expect(same(toPlain(after.root as typeof root), changed(toPlain(root), written))).toBe(true);
          expect(fit.edits.filter(({ path }) => path.startsWith('usage'))).toEqual([]);
          // Lines that no edit touches are there as they were, in their order.
          const { source } = loaded;
          const touched = new Set(
            fit.fix.edits.flatMap(({ range }) => {
              const [from, to] = [source.position(range.start).line, source.position(range.end).line];
              return Array.from({ length: to - from + 1 }, (_, index) => from + index);
            }),
          );
          const rest = after.source.text.split('\n');
          let at = 0;
          source.text.split('\n').forEach((line, index) => {
            if (touched.has(index + 1)) return;
            at = rest.indexOf(line, at) + 1;
            expect(at, `"${line}" is gone`).toBeGreaterThan(0);
          });
        }
      }),
      { numRuns: runs },
    );
  });

  it('the answer is always the same, and there is one: it fits, can be made to, or a reason why not', () => {
    fc.assert(
      fc.property(texts, part, (text, share) => {
        const first = result(text, share);
        expect(result(text, share)).toEqual(first);
        const answers = [first.alreadyFits, first.fits.length > 0, first.floor !== undefined, first.errors.length > 0];
        expect(answers.filter(Boolean)).toHaveLength(1);
        if (first.floor) expect(first.floor.totalUsd).toBeGreaterThan(first.targetUsd);
      }),
      { numRuns: Math.ceil(runs / 2) },
    );
  });

  it('what can be had for less can be had for more', () => {
    fc.assert(
      fc.property(texts, part, part, (text, one, other) => {
        const [less, more] = [one, other].sort((a, b) => a - b).map((share) => result(text, share));
        if (less && more && less.fits.length > 0) expect(more.alreadyFits || more.fits.length > 0).toBe(true);
      }),
      { numRuns: Math.ceil(runs / 2) },
    );
  });
});
