import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDocument, visit } from 'yaml';
import { same } from '../../src/edit/change.ts';
import { orderAt } from '../../src/edit/insertion.ts';
import { inOrder } from '../../src/edit/order.ts';
import { allSpecs, compileText } from '../support/specs.ts';

const ordered = (text: string): string => inOrder('a.yaml', text) ?? '';
const commentsOf = (text: string): string[] => (text.match(/(?<=^|\s)#.*/gm) ?? []).sort();

/** The same spec with the keys of each mapping in another order, as the library writes it. */
function shuffled(text: string, random: () => number): string {
  const document = parseDocument(text);
  visit(document, {
    Map(_, map) {
      map.items = map.items
        .map((item) => ({ item, rank: random() }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ item }) => item);
    },
  });
  return document.toString({ lineWidth: 0 });
}

describe('order', () => {
  it.each(allSpecs)('%s: means the same, has every comment, and stays as it is', (file) => {
    const text = readFileSync(file, 'utf8');
    const result = inOrder(file, text);
    if (result === undefined) return;
    expect(commentsOf(result)).toEqual(commentsOf(text));
    expect(inOrder(file, result)).toBe(result);
    const [before, after] = [compileText(text, file), compileText(result, file)];
    expect(after.plan?.resources.map(({ inputs }) => inputs)).toEqual(
      before.plan?.resources.map(({ inputs }) => inputs),
    );
    expect(result.split('\n').length).toBe(text.split('\n').length);
  });

  it('of keys in any order is that of the schema, and the plan is the same', () => {
    const text = readFileSync('test/fixtures/specs/all-keys.yaml', 'utf8');
    const plan = compileText(text).plan?.resources;
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (stream) => {
        const wild = shuffled(text, () => stream.next().value as number);
        const result = ordered(wild);
        expect(commentsOf(result)).toEqual(commentsOf(wild));
        const { loaded, plan: after } = compileText(result);
        expect(same(after?.resources, plan)).toBe(true);
        expect(loaded.root?.kind === 'map' && loaded.root.entries.map(({ key }) => key)).toEqual(orderAt(''));
        expect(ordered(result)).toBe(result);
      }),
      { numRuns: 25, seed: 10 },
    );
  });

  it.each([
    // A comment goes with the key below it, one that is indented more stays with the key above it.
    [
      'azure:\n  # where\n  region: eastus\n  subscription: x # whose\n',
      'azure:\n  subscription: x # whose\n  # where\n  region: eastus\n',
    ],
    [
      'cluster:\n  nodePool:\n    count: 1\n    # vmSize: later\n  kubernetesVersion: "1.35"\n',
      'cluster:\n  kubernetesVersion: "1.35"\n  nodePool:\n    count: 1\n    # vmSize: later\n',
    ],
    // Groups stay groups, and the head of the file its head.
    ['# head\nnode: { image: a }\n\nazure: {}\n', '# head\nazure: {}\n\nnode: { image: a }\n'],
    // Brackets stay brackets, on one line and on several.
    ['azure: { region: eastus, subscription: x }\n', 'azure: { subscription: x, region: eastus }\n'],
    ['azure: {\n  region: eastus,\n  subscription: x\n}\n', 'azure: {\n  subscription: x,\n  region: eastus\n}\n'],
    [
      'network:\n  rules:\n    - priority: 1\n      name: a\n',
      'network:\n  rules:\n    - name: a\n      priority: 1\n',
    ],
    ['node: {}\r\nazure: {}\r\n', 'azure: {}\r\nnode: {}\r\n'],
    ['node: {}\nazure: {}', 'azure: {}\nnode: {}'],
    // Unknown keys stay behind those that are known.
    ['quux: 1\nnode: {}\nazure: {}\n', 'azure: {}\nnode: {}\nquux: 1\n'],
    // Nothing moves before the anchor that it refers to.
    ['node: &a { image: x }\nazure: *a\n', 'node: &a { image: x }\nazure: *a\n'],
  ])('%j becomes %j', (text, expected) => {
    expect(ordered(text)).toBe(expected);
    expect(ordered(expected)).toBe(expected);
  });

  it('is not made of what is not YAML', () => {
    expect(inOrder('a.yaml', 'a: [1\n')).toBeUndefined();
  });
});
