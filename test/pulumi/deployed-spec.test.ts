import { describe, expect, it } from 'vitest';
import {
  type DeployedSpec,
  type KeptSpecs,
  keptAfter,
  keptSpecsIn,
  outputsFor,
} from '../../src/pulumi/deployed-spec.ts';
import { packed, unpacked } from '../../src/pulumi/handed.ts';

const spec = (sha256: string): DeployedSpec => ({ file: 'a.yaml', sha256, text: `# ${sha256}\n` });
/** Deploys specs one after another, each known by a letter. */
const deployed = (letters: string): string => {
  const kept = [...letters].reduce<KeptSpecs>((before, each) => keptAfter(before, spec(each)), { earlier: [] });
  return [kept.deployed, ...kept.earlier].map((each) => each?.sha256).join('');
};

describe('what a stack keeps', () => {
  it.each([
    ['the first alone', 'a', 'a'],
    ['those before it, the latest first', 'abc', 'cba'],
    ['nothing twice', 'aab', 'ba'],
    ['after going back nothing of what came after', 'abca', 'a'],
    ['after going back by one what was before that', 'abcb', 'ba'],
    ['no more than five', 'abcdefgh', 'hgfedc'],
  ])('is %s', (_, letters, expected) => expect(deployed(letters)).toBe(expected));

  it('is read from its outputs as it was written, and from those of others nothing', () => {
    const kept = keptAfter({ deployed: spec('a'), earlier: [] }, spec('b'));
    expect(keptSpecsIn(outputsFor(kept))).toEqual(kept);
    expect(outputsFor({ earlier: [] })).toEqual({});
    for (const spec of [undefined, 'a', null, { file: 'a' }])
      expect(keptSpecsIn({ spec, earlierSpecs: [spec] })).toEqual({ earlier: [] });
  });

  it('fits into a variable, however long its texts are', () => {
    const long = {
      earlier: Array.from({ length: 6 }, (_, index) => ({ ...spec('a'), text: `a: ${index}\n`.repeat(20_000) })),
    };
    expect(packed(long).length).toBeLessThan(100_000);
    expect(unpacked(packed(long))).toEqual(long);
    expect(unpacked(undefined)).toBe(undefined);
    expect(unpacked('')).toBe(undefined);
  });
});
