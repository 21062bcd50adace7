import type { Explanation } from './explanation.ts';

const yaml = 'https://yaml.org/spec/1.2.2/';

/** Of the text itself, before it is a spec. */
export const yamlCodes: Readonly<Record<string, Explanation>> = {
  'yaml/syntax': {
    cause: 'the text is not YAML from there on',
    consequence: 'nothing after it can be read, so nothing after it is checked',
    fix: 'close the bracket or quote, or indent with blanks',
    example: { wrong: 'tags: { a: 1', right: 'tags: { a: "1" }' },
    source: yaml,
  },
  'yaml/character': {
    cause: 'a control character stands in the text',
    consequence: 'YAML readers disagree about what follows it',
    fix: 'remove it; it often comes from copying out of a terminal or a word processor',
    source: `${yaml}#51-character-set`,
  },
  'yaml/empty': {
    cause: 'the file holds nothing but blanks and comments',
    consequence: 'there is no spec to deploy',
    fix: 'start from specs/dev/perpetual-node.yaml',
  },
  'yaml/several-documents': {
    cause: 'a line with --- begins a second document',
    consequence: 'only one environment is in a file, so the second one would be ignored',
    fix: 'give each environment a file of its own under specs/<environment>/',
    source: `${yaml}#91-documents`,
  },
  'yaml/too-deep': {
    cause: 'mappings and lists are nested deeper than any spec can be',
    consequence: 'such a text is made to exhaust whoever reads it',
    fix: 'remove the nesting',
  },
  'yaml/too-large': {
    cause: 'aliases stand for more values than any spec has',
    consequence: 'such a text is made to exhaust whoever reads it',
    fix: 'write the values out instead of repeating them by aliases',
  },
  'yaml/key': {
    cause: 'a key is a list, a mapping or a name that programs keep for themselves',
    consequence: 'no key of the spec is called like that',
    fix: 'use a single word',
    example: { wrong: '? [a, b] : 1', right: 'a: 1' },
  },
  'yaml/duplicate-key': {
    cause: 'a mapping has the same key twice',
    consequence: 'readers of YAML take either of the two',
    fix: 'keep one of them',
    example: { wrong: 'node: {}\nnode: { image: a:1 }', right: 'node: { image: a:1 }' },
    source: `${yaml}#3213-node-comparison`,
  },
  'yaml/merge': {
    cause: 'the merge key "<<" stands before something that is not a mapping',
    consequence: 'there is nothing to merge',
    fix: 'let it refer to a mapping, or write the keys out',
    example: { wrong: '<<: *list', right: '<<: *defaults' },
  },
  'yaml/unresolved-alias': {
    cause: 'an alias such as *name has no anchor &name before it, or stands inside it',
    consequence: 'there is no value',
    fix: 'define the anchor first, or write the value out',
    source: `${yaml}#71-alias-nodes`,
  },
};
