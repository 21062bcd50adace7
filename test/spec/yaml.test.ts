import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/spec/parse-yaml.ts';
import { Source } from '../../src/spec/source.ts';
import { unmark } from '../support/marks.ts';

/** What is wrong stands between « and »; each case has all of its faults, in order. */
const faulty: [name: string, text: string, ...faults: [code: string, message: string][]][] = [
  [
    'an unclosed double quote is shown where it opens',
    'a: 1\nb: «"»foo\nc: 3\nd: 4\n',
    ['yaml/syntax', 'the quote that opens here is never closed'],
  ],
  ['an unclosed single quote', "a: 1\nb: «'»foo\nc: 3\n", ['yaml/syntax', 'the quote that opens here is never closed']],
  [
    'an unclosed quote with Windows line ends',
    'a: 1\r\nb: «"»x\r\nc: 1\r\n',
    ['yaml/syntax', 'the quote that opens here is never closed'],
  ],
  [
    'an unclosed mapping',
    'a: 1\nb: «{» x: 1, y: 2\nc: 3\n',
    ['yaml/syntax', 'the "{" that opens here has no "}", or what follows is not indented'],
  ],
  [
    'an unclosed list',
    'a: 1\nb: «[»1, 2\nc: 3',
    ['yaml/syntax', 'the "[" that opens here has no "]", or what follows is not indented'],
  ],
  ['a closing bracket too many', 'a: {b: 1}«}»\nc: 1\n', ['yaml/syntax', 'this bracket closes nothing']],
  ['a tab that indents', 'a:\n«\t»b: 1\n', ['yaml/syntax', "a tab can't indent YAML: use spaces"]],
  [
    'each line that a tab indents',
    'a:\n  b: 1\n«\t»c: 1\nd:\n«\t»e: 1\n',
    ['yaml/syntax', "a tab can't indent YAML: use spaces"],
    ['yaml/syntax', "a tab can't indent YAML: use spaces"],
  ],
  [
    'a line indented too deep',
    'a:\n  b: 1\n   «c: 2»\n',
    ['yaml/syntax', 'this line is indented deeper than the line above it, which already has a value'],
  ],
  [
    'a line indented too little',
    'a:\n   b: 1\n  «c: 2»\n',
    ['yaml/syntax', 'this line is indented differently from the other keys of its mapping'],
  ],
  [
    'a missing colon',
    'a:\n  b: 1\n  «ccc»\n  d: 1\n',
    ['yaml/syntax', 'a colon and a space are missing on this line, or the line before it is not finished'],
  ],
  ['a missing space after a colon', 'a:\n  b: 1\n  «c:2»\n  d: 1\n', ['yaml/syntax', 'a space must follow the colon']],
  [
    'a second colon on a line',
    'a: «b:» c\nd: 1\n',
    ['yaml/syntax', 'a second ": " on one line: quote the value, or put the mapping on lines of its own'],
  ],
  ['a missing comma between keys', 'a: { b: «1 c: 2 »}\nd: 1\n', ['yaml/syntax', 'a comma is missing in this']],
  ['a missing comma between items', 'a: ["x" «"y"»]\n', ['yaml/syntax', 'a comma is missing before this']],
  ['a comma too many', 'a: [1,«,»2]\n', ['yaml/syntax', 'there is nothing before this comma']],
  ['a list among keys', 'a:\n  b: 1\n  «-» c\n', ['yaml/syntax', "a list can't stand here: indent it under its key"]],
  [
    'a value that must be quoted',
    'a: «@foo»\nb: 1\n',
    ['yaml/syntax', 'a value that starts with this character must be quoted'],
  ],
  [
    'an unknown escape',
    'a: "x«\\qy"»\n',
    ['yaml/syntax', 'unknown escape in a double-quoted text: double the backslash, or use single quotes'],
  ],
  ['a comment without its space', 'a: "x"«#foo»\n', ['yaml/syntax', 'a space must stand before the "#" of a comment']],
  ['a tag', 'a: «!foo» bar\n', ['yaml/syntax', 'tags ("!...") are not used in a spec']],
  ['text behind a quote', 'a: "x" «y»\nb: 1\n', ['yaml/syntax', "this can't stand here"]],
  [
    'a key written twice',
    'a: 1\nb: 2\n«a»: 3\n',
    ['yaml/duplicate-key', 'the key "a" is written twice in the same mapping'],
  ],
  [
    'a key written twice between brackets',
    'a: { b: 1, «b»: 2 }\n',
    ['yaml/duplicate-key', 'the key "b" is written twice in the same mapping'],
  ],
  [
    'a second document',
    'a: 1\n«---»\nb: 2\n',
    ['yaml/several-documents', 'a second document starts here: write one environment a file'],
  ],
  [
    'a second document behind an end mark',
    '---\na: 1\n...\n«---»\nb: 2\n',
    ['yaml/several-documents', 'a second document starts here: write one environment a file'],
  ],
  [
    'an alias without an anchor',
    'a: «*foo»\n',
    ['yaml/unresolved-alias', 'the alias "*foo" refers to an anchor that is not defined above it'],
  ],
  [
    'an alias inside its anchor',
    'a: &x [«*x»]\n',
    ['yaml/unresolved-alias', 'the alias "*x" stands inside the value it refers to'],
  ],
  ['a merge of something else', 'a: &x 1\nb: { «<<»: *x }\n', ['yaml/merge', '"<<" merges mappings only']],
  ['a key that is no word', '? «[a]»\n: 1\n', ['yaml/key', 'a key must be a single word']],
  ['a key that names the prototype', '«__proto__»: 1\n', ['yaml/key', '"__proto__" can\'t be a key']],
  ['a character YAML does not have', 'a: 1«\0»\n', ['yaml/character', 'the character U+0000 may not stand in YAML']],
  ['half a character', 'a: «\ud800»\n', ['yaml/character', 'the character U+D800 may not stand in YAML']],
  ['an empty file', '«»', ['yaml/empty', 'the file holds no spec']],
  ['nothing but comments', '«»# later\n', ['yaml/empty', 'the file holds no spec']],
  [
    'characters beyond the first plane, before the fault',
    'a: "🚀🚀"\n"é🚀": { b: 1, «b»: 2 }\n',
    ['yaml/duplicate-key', 'the key "b" is written twice in the same mapping'],
  ],
];

describe('a fault of the YAML is shown at the very text', () => {
  it.each(faulty)('%s', (_, marked, ...faults) => {
    const { text, ranges } = unmark(marked);
    for (const [prefix, shift] of [
      ['', 0],
      ['\uFEFF', 0],
    ] as const) {
      const found = parseYaml(new Source('x.yaml', prefix + text)).faults;
      expect(found.map(({ code, message }) => [code, message])).toEqual(faults);
      expect(found.map(({ range }) => ({ start: range.start - shift, end: range.end - shift }))).toEqual(ranges);
    }
  });

  it('knows lines and columns in UTF-16 units, with every kind of line end', () => {
    const source = new Source('x.yaml', '\uFEFFa: 1\r\nb: "🚀" # x\rc: 2\nd');
    const at = (text: string) => source.position(source.text.indexOf(text));
    expect([at('a'), at('b'), at('#'), at('c'), at('d')]).toEqual([
      { line: 1, column: 1 },
      { line: 2, column: 1 },
      { line: 2, column: 9 },
      { line: 3, column: 1 },
      { line: 4, column: 1 },
    ]);
    expect([source.line(1), source.line(2), source.line(5)]).toEqual(['a: 1', 'b: "🚀" # x', '']);
  });

  it('stays within bounds', () => {
    const bomb = [
      'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
      ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`),
    ].join('\n');
    const codes = (text: string) => parseYaml(new Source('x.yaml', text)).faults.map(({ code }) => code);
    expect(codes(bomb)).toEqual(['yaml/too-large']);
    expect(codes(`a: ${'['.repeat(200)}${']'.repeat(200)}`)).toEqual(['yaml/too-deep']);
    expect(codes('['.repeat(50_000))).toContain('yaml/too-deep');
  });

  it('lets a map take the keys of another, its own first', () => {
    const { root, faults } = parseYaml(new Source('x.yaml', 'a: &x { b: 1, c: 2 }\nd: { <<: *x, c: 3 }\n'));
    expect(faults).toEqual([]);
    const d = root?.kind === 'map' ? root.entries[1]?.value : undefined;
    expect(
      d?.kind === 'map' && d.entries.map(({ key, value }) => [key, value.kind === 'scalar' && value.value]),
    ).toEqual([
      ['c', 3],
      ['b', 1],
    ]);
  });
});
