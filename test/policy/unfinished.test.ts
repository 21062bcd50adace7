import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Compiled, isWhole } from '../../src/compile.ts';
import { allSpecs, compileText } from '../support/specs.ts';

const whole = allSpecs.filter((file) => {
  const compiled = compileText(readFileSync(file, 'utf8'), file);
  return /^specs|everything/.test(file) && isWhole(compiled);
});

// True as long as nobody who is told has been written, whatever else is.
const always = 'alert-without-action';

/** The text while it is typed from above, and with one value that is none. */
function* unfinished(text: string): Generator<[what: string, text: string]> {
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    yield [`up to line ${index + 1}`, `${lines.slice(0, index + 1).join('\n')}\n`];
    const [, key] = /^(\s*(?:- )?[\w-]+:) [^#\s]/.exec(line) ?? [];
    if (key === undefined) continue;
    yield [`line ${index + 1} of the wrong type`, lines.with(index, `${key} { x: [1] }`).join('\n')];
    yield [`line ${index + 1} left open`, lines.with(index, `${key} { x: `).join('\n')];
  }
}

const violatedIn = ({ diagnostics }: Compiled): string[] =>
  diagnostics.flatMap(({ code, level }) => (level ? [code] : []));

describe('a spec that is not finished', () => {
  it.each(whole)('%s: violates nothing that it does not violate when it is', (file) => {
    const text = readFileSync(file, 'utf8');
    const known = [always, ...violatedIn(compileText(text, file))];
    for (const [what, part] of unfinished(text)) {
      // Without an error it is finished, only another one.
      const compiled = compileText(part, file);
      if (isWhole(compiled)) continue;
      expect(
        violatedIn(compiled).filter((code) => !known.includes(code)),
        what,
      ).toEqual([]);
    }
  });
});
