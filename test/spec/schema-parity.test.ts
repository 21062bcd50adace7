import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { JsonSchema } from '../../src/spec/json-schema.ts';
import { specSchema } from '../../src/spec/schema.ts';
import { allFields, keysOf, limitsOf } from '../../src/spec/shape.ts';
import { editorSchema } from '../../src/suggest/editor-schema.ts';

const ajv = new Ajv({ strict: false });
const root = editorSchema();

/** The part of the editors' schema that stands for a key; items are `[]`, values of a mapping `{}`. */
function nodeAt(path: string): JsonSchema | undefined {
  return path
    .split(/\.|(?=\[\])|(?=\{\})/)
    .filter(Boolean)
    .reduce<JsonSchema | undefined>((node, part) => {
      if (part === '[]') return node?.items;
      if (part === '{}') return node?.additionalProperties as JsonSchema | undefined;
      return node?.properties?.[part];
    }, root);
}

/** Values of every kind, and those at and just beyond the limits of a key. */
function samples({ minimum, maximum }: ReturnType<typeof limitsOf>, example: unknown): unknown[] {
  const limits = [minimum, maximum].flatMap((limit) =>
    limit === undefined ? [] : [limit - 1, limit, limit + 1, limit + 0.5],
  );
  const texts = [
    '',
    ' ',
    'nonsense',
    '10.0.0.0/16',
    '10.0.0.0',
    'eastus',
    'Standard_D2as_v5',
    'env:NAME',
    '2026-11-01',
    '02:00',
    'PT5M',
    '1.35',
    '1:2',
  ];
  return [example, null, true, 0, 1.35, ...limits, ...texts, [], {}, ['x'], { x: 1 }].filter(
    (value) => value !== undefined,
  );
}

describe('the schema of editors', () => {
  const fields = [...allFields(specSchema)].filter(({ schema }) => !keysOf(schema));

  it.each(fields.map(({ path, schema, field }) => [path, schema, field] as const))(
    'takes and refuses what the compiler does: %s',
    (path, schema, field) => {
      const node = nodeAt(path);
      expect(node, path).toBeDefined();
      const validate = ajv.compile(JSON.parse(JSON.stringify(node)));
      const differing: string[] = [];
      for (const value of samples(limitsOf(schema), field.about.example)) {
        const result = (
          schema as unknown as {
            safeParse(value: unknown): { success: boolean; error?: { issues: { message: string }[] } };
          }
        ).safeParse(value);
        if (validate(value) === result.success) continue;
        // Never stricter than the compiler; laxer only where a schema has no words.
        const isLax = !result.success;
        if (
          isLax &&
          typeof value === 'string' &&
          /range|CIDR|address|time zone|date|day/i.test(`${field.about.expects} ${field.about.description}`)
        )
          continue;
        differing.push(
          `${JSON.stringify(value)}: ${isLax ? 'only the compiler refuses it' : 'only the schema refuses it'}`,
        );
      }
      expect(differing).toEqual([]);
    },
  );
});
