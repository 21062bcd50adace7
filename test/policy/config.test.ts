import { describe, expect, it } from 'vitest';
import { settingsOf } from '../../src/policy/config.ts';
import { definePolicy } from '../../src/policy/policy.ts';
import { readConfig } from '../../src/policy/read-config.ts';
import { expectedOf, schemaOf } from '../../src/policy/settings.ts';
import { Source } from '../../src/spec/source.ts';
import { unmark } from '../support/marks.ts';

const about = {
  title: 'a size that the owners do not allow',
  why: 'each size has a price of its own',
  fix: 'take another one',
  source: 'https://example.org/',
  levels: { production: 'mandatory', development: 'advisory' },
} as const;
const sized = definePolicy({
  ...about,
  id: 'size-not-allowed',
  waivable: true,
  settings: {
    allow: { type: 'strings', description: 'what is allowed', default: { production: ['a'], development: ['a', 'b'] } },
    most: { type: 'number', minimum: 1, maximum: 9, description: 'how many' },
    strict: { type: 'boolean', description: 'whether it matters', default: { production: true } },
  },
  *plan({ settings }) {
    // Typed by the declaration: a list with defaults is always there, a number without one may not be.
    const [most, first]: [number | undefined, string | undefined] = [settings.most, settings.allow[0]];
    if (most === undefined && first) yield { message: first };
  },
});
const refused = definePolicy({
  ...about,
  id: 'always-refused',
  waivable: false,
  levels: { production: 'mandatory', development: 'mandatory' },
});

const read = (text: string) => readConfig(new Source('policies/config.yaml', text), [sized, refused]);
const inBoth = (text: string) => {
  const { config, diagnostics } = read(text);
  expect(diagnostics).toEqual([]);
  return [settingsOf(sized, 'production', config), settingsOf(sized, 'development', config)];
};

describe("owners' settings", () => {
  it('are the defaults of the policy where nothing is written', () => {
    const defaults = [
      { allow: ['a'], most: undefined, strict: true },
      { allow: ['a', 'b'], most: undefined, strict: undefined },
    ];
    expect(inBoth('')).toEqual(defaults);
    expect(inBoth('# nothing yet\n')).toEqual(defaults);
    expect(inBoth('policies:\n  size-not-allowed: { production: advisory }\n')).toEqual(defaults);
  });

  it('are one value for both stages or one for each', () => {
    const text =
      'policies: { size-not-allowed: { most: 3, allow: { production: [c], development: [] }, strict: { development: false } } }';
    expect(inBoth(text)).toEqual([
      { allow: ['c'], most: 3, strict: true },
      { allow: [], most: 3, strict: false },
    ]);
  });
});

it('where an image comes from is said by environment', () => {
  const { promotions, diagnostics } = read('promotion: { prod: { from: dev, requireLive: true }, dev: { from: lab } }');
  expect(diagnostics).toEqual([]);
  expect([...promotions]).toEqual([
    ['prod', { from: 'dev', requireLive: true }],
    ['dev', { from: 'lab', requireLive: false }],
  ]);
});

describe("a mistake in the owners' settings is shown at its place", () => {
  it.each([
    ['«policy»: {}', 'unknown key "policy"; expected "policies" or "promotion"'],
    ['«constructor»: {}', 'unknown key "constructor"; expected "policies" or "promotion"'],
    ['promotion: { prod: { «frm»: dev } }', 'unknown key "frm"; expected one of from, requireLive'],
    ['promotion: { prod: { from: «prod» } }', 'expected the name of another environment'],
    ['promotion: { prod: { from: dev, requireLive: «yes» } }', 'expected true or false'],
    ['promotion: { «prod»: { requireLive: true } }', 'expected "from", the environment that its image comes from'],
    ['«policies»: [a]', 'expected a mapping such as { production: mandatory }'],
    ['«[»a]', 'expected a mapping such as { production: mandatory }'],
    ['policies: { «size-not-allowd»: {} }', 'there is no policy "size-not-allowd"; did you mean "size-not-allowed"?'],
    ['policies: { «size-not-allowed»: yes }', 'expected a mapping such as { production: mandatory }'],
    ['policies: { size-not-allowed: { production: «strict» } }', 'expected one of mandatory, advisory, disabled'],
    ['policies: { size-not-allowed: { «production»: } }', 'expected one of mandatory, advisory, disabled'],
    ['policies: { size-not-allowed: { waivable: «"no"» } }', 'expected true or false'],
    ['policies: { size-not-allowed: { «alow»: [a] } }', 'unknown key "alow"; did you mean "allow"?'],
    ['policies: { size-not-allowed: { allow: «a» } }', 'expected a list of texts such as [a, b]'],
    ['policies: { size-not-allowed: { allow: [a, «1»] } }', 'expected a list of texts such as [a, b]'],
    ['policies: { size-not-allowed: { most: «10» } }', 'expected a number from 1 to 9'],
    ['policies: { size-not-allowed: { «most»: [3] } }', 'expected a number from 1 to 9'],
    ['policies: { size-not-allowed: { most: { production: «"3"» } } }', 'expected a number from 1 to 9'],
    [
      'policies: { size-not-allowed: { most: { «staging»: 3 } } }',
      'unknown stage "staging"; expected production or development',
    ],
    ['policies: { size-not-allowed: { strict: «1» } }', 'expected true or false'],
    [
      'policies: { always-refused: { production: «advisory» } }',
      '"always-refused" is always mandatory: what it finds is certainly refused',
    ],
    [
      'policies: { always-refused: { waivable: «true» } }',
      '"always-refused" can\'t be waived: what it finds is certainly refused',
    ],
  ])('%s', (marked, message) => {
    const { text, ranges } = unmark(marked);
    const { diagnostics } = read(text);
    expect(diagnostics.map((each) => [each.code, each.message, each.labels[0].range])).toEqual([
      ['spec/policy-config', message, ranges[0]],
    ]);
  });
});

it('a setting is a property of a JSON Schema for the engine, with its default', () => {
  const { allow, most, strict } = sized.settings ?? {};
  expect(allow && schemaOf(allow, ['a'])).toEqual({
    type: 'array',
    items: { type: 'string' },
    description: 'what is allowed',
    default: ['a'],
  });
  expect(most && schemaOf(most, undefined)).toEqual({
    type: 'number',
    minimum: 1,
    maximum: 9,
    description: 'how many',
  });
  expect(strict && expectedOf(strict)).toBe('true or false');
});
