import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { policies } from '../../policies/index.ts';
import { actionsFor } from '../../src/lsp/actions.ts';
import { completionsAt } from '../../src/lsp/completions.ts';
import { diagnosticsOf } from '../../src/lsp/diagnostics.ts';
import { hintsIn } from '../../src/lsp/hints.ts';
import { hoverAt } from '../../src/lsp/hovers.ts';
import { positionAt } from '../../src/lsp/positions.ts';
import { linksOf, symbolsOf } from '../../src/lsp/symbols.ts';
import { Source } from '../../src/spec/source.ts';
import { compileText } from '../support/specs.ts';

const files = [
  'specs/prod/perpetual-node.yaml',
  'test/fixtures/specs/everything.yaml',
  'test/fixtures/specs/everything-else.yaml',
  'test/fixtures/specs/wrong.yaml',
];
const texts = files.map((file) => readFileSync(file, 'utf8'));
const [prod = ''] = texts;

/** Everything that an editor asks at a place. */
function askAll(text: string, offset: number): void {
  const compiled = compileText(text);
  const { source } = compiled.loaded;
  const end = positionAt(source, text.length);
  completionsAt(compiled, offset, policies);
  hoverAt(compiled, offset);
  diagnosticsOf(compiled, 'file:///x');
  actionsFor(compiled, 'file:///x', { start: { line: 0, character: 0 }, end });
  hintsIn(compiled, { start: { line: 0, character: 0 }, end });
  symbolsOf(compiled);
  linksOf(compiled, policies);
}

describe('whatever is asked', () => {
  it('at every token boundary of specs/prod, it is answered', () => {
    const boundaries = [...prod.matchAll(/[\s,[\]{}:"]+|[^\s,[\]{}:"]+/g)].map(({ index }) => index);
    expect(boundaries.length).toBeGreaterThan(200);
    for (const offset of boundaries) {
      const compiled = compileText(prod);
      completionsAt(compiled, offset, policies);
      hoverAt(compiled, offset);
      // Half of the file, as if it were being written from the top.
      askAll(prod.slice(0, offset), offset);
    }
  });

  it('in 200 cuts of other files, it is answered', () => {
    const cut = fc
      .constantFrom(...texts)
      .chain((text) => fc.tuple(fc.constant(text), fc.nat(text.length), fc.nat(40), fc.nat(text.length)));
    fc.assert(
      fc.property(cut, ([text, start, length, offset]) => {
        const rest = text.slice(0, start) + text.slice(start + length);
        askAll(rest, Math.min(offset, rest.length));
      }),
      { numRuns: 200, seed: 11 },
    );
  });

  it('a place and its offset are the same thing', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\r\n', '🚀', ' ') }), fc.nat(50), (text, at) => {
        const offset = Math.min(at, text.length);
        // Between the two halves of a line break there is no place.
        fc.pre(!(text[offset - 1] === '\r' && text[offset] === '\n'));
        const document = TextDocument.create('', 'yaml', 0, text);
        expect(document.offsetAt(positionAt(new Source('', text), offset))).toBe(offset);
      }),
    );
  });
});
