import { policies } from '../../policies/index.ts';
import type { Policy } from '../policy/policy.ts';
import { expectedOf, type Setting } from '../policy/settings.ts';
import { nearestName } from '../spec/nearest-name.ts';
import { specSchema } from '../spec/schema.ts';
import { allFields, expectation, type Field, isEmptyMapping, keysOf } from '../spec/shape.ts';
import { explanations } from './codes.ts';
import { factsInWords } from './key-facts.ts';

/** What there is to say, as titled paragraphs. */
export type Answer = { name: string; parts: [title: string, text: string][] };

/** Everything that can be asked about: codes, policies, and keys of the spec (items of lists are written `[]`). */
export const subjects = (): string[] => [...codes(), ...fields()];

export const codes = (): string[] => [...Object.keys(explanations), ...policies.map(({ id }) => id)];
export const fields = (): string[] => [...allFields(specSchema)].map(({ path }) => path);

/** The answer about a code or a key; undefined when there is neither. An index of a list may stand for any other. */
export function explain(subject: string): Answer | undefined {
  const policy = policies.find(({ id }) => id === subject);
  if (policy) return aboutPolicy(policy);
  if (Object.hasOwn(explanations, subject)) {
    const { cause, consequence, fix, example, source } = explanations[subject] as (typeof explanations)[string];
    return {
      name: subject,
      parts: compact([
        ['cause', cause],
        ['consequence', consequence],
        ['fix', fix],
        ['wrong', example?.wrong],
        ['right', example?.right],
        ['source', source],
      ]),
    };
  }
  const path = subject.replace(/\[\d+\]/g, '[]');
  const found = [...allFields(specSchema)].find((each) => each.path === path);
  return found && aboutField(path, found.field, found.schema);
}

/** What somebody may have meant. */
export const nearestSubject = (subject: string): string | undefined => nearestName(subject, subjects());

const aboutPolicy = ({ id, title, why, fix, example, source, levels, waivable, settings = {} }: Policy): Answer => ({
  name: id,
  parts: compact([
    ['rule', title],
    ['consequence', why],
    ['fix', fix],
    ['wrong', example?.wrong],
    ['right', example?.right],
    ['level', `${levels.production} in production, ${levels.development} in development`],
    [
      'waiver',
      waivable ? 'possible for a while, with a reason, an owner and an expiry' : 'none: Azure itself refuses it',
    ],
    ...Object.entries(settings).map(([name, setting]): [string, string | undefined] => [
      'setting',
      `${name}: ${setting.description} (${[expectedOf(setting), ...defaultsOf(setting)].join('; ')})`,
    ]),
    ['source', source],
  ]),
});

const defaultsOf = ({ default: values = {} }: Setting): string[] =>
  Object.entries(values).map(([stage, value]) => `${inYaml(value)} in ${stage}`);

function aboutField(name: string, { about, fallback, optional }: Field, schema: Parameters<typeof keysOf>[0]): Answer {
  const keys = Object.keys(keysOf(schema) ?? {});
  return {
    name,
    parts: compact([
      ['meaning', about.description],
      ['expects', keys.length > 0 ? undefined : expectation(schema)],
      ['unit', about.unit],
      [
        'default',
        fallback !== undefined && !isEmptyMapping(fallback)
          ? inYaml(fallback)
          : optional
            ? undefined
            : 'none: it must be written',
      ],
      ['example', about.example === undefined ? undefined : inYaml(about.example)],
      ['keys', keys.length > 0 ? keys.join(', ') : undefined],
      ['travels', about.travels ? '"perpetual promote" copies it from one environment to another' : undefined],
      ...factsInWords(name),
    ]),
  };
}

/** Flow style, as it may stand behind a colon. */
const inYaml = (value: unknown): string =>
  JSON.stringify(value)
    .replace(/"([A-Za-z][\w-]*)":/g, '$1: ')
    .replaceAll(',', ', ');

const compact = (parts: [string, string | undefined][]): [string, string][] =>
  parts.filter((part): part is [string, string] => part[1] !== undefined);
