import * as z from 'zod/mini';
import { policies } from '../../policies/index.ts';
import { specSchema } from './schema.ts';
import { expectation, fieldOf, isEmptyMapping } from './shape.ts';

export type JsonSchema = Record<string, unknown> & {
  description?: string;
  default?: unknown;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
};

/**
 * The schema editors complete and check a spec with, draft 7 because that is what they all know. It is made from the
 * compiler's own; what JSON Schema can't say (a range's canonical form, relations between keys) only the compiler checks.
 * With `expectations` each part says what it takes in words, for whoever makes messages of it.
 */
export function jsonSchema({ expectations = false } = {}): JsonSchema {
  const schema = z.toJSONSchema(specSchema, {
    io: 'input',
    target: 'draft-7',
    override({ zodSchema, jsonSchema }) {
      const json = jsonSchema as JsonSchema;
      const { about, fallback } = fieldOf(zodSchema);
      if (expectations) json.expectation = expectation(zodSchema);
      for (const key of ['expects', 'secret', 'versionLike', 'travels', 'unit', 'among', 'example']) delete json[key];
      if (about.among) {
        delete json.minimum;
        delete json.maximum;
        json.enum = [...about.among];
      }
      if (about.example !== undefined) json.examples = [about.example];
      if (about.unit && json.description) json.description = `${about.description} Unit: ${about.unit}.`;
      if (fallback === undefined || isEmptyMapping(fallback)) delete json.default;
    },
  }) as JsonSchema;
  const levels = schema.properties?.policies?.properties?.levels;
  if (levels) levels.propertyNames = { enum: policies.map(({ id }) => id) };
  return {
    $schema: schema.$schema,
    $id: 'https://perpetual.dev/schema/perpetual-node.schema.json',
    title: 'PerpetualNode',
    ...schema,
  };
}
