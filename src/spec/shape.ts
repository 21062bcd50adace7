import * as z from 'zod/mini';
import type { About } from './field.ts';
import { formatPath, type Segment } from './path.ts';

type Schema = z.core.$ZodType;

/** A schema without the wrappers that say what happens when it is absent. */
export type Field = {
  type: Schema;
  about: About;
  /** May be left out. */
  optional: boolean;
  /** What stands in for an absent value, as one would write it. */
  fallback: unknown;
};

const fields = new WeakMap<Schema, Field>();

export function fieldOf(schema: Schema): Field {
  const known = fields.get(schema);
  if (known) return known;
  let type = schema;
  let about: Partial<About> = {};
  let optional = false;
  let fallback: unknown;
  for (;;) {
    about = { ...(z.globalRegistry.get(type) as Partial<About> | undefined), ...about };
    const { def } = (type as z.core.$ZodTypes)._zod;
    if (def.type === 'optional') optional = true;
    else if (def.type === 'default' || def.type === 'prefault') {
      optional = true;
      fallback = def.defaultValue;
    } else break;
    type = def.innerType;
  }
  const field: Field = { type, about: { description: '', ...about }, optional, fallback };
  fields.set(schema, field);
  return field;
}

/** A fallback that only says that everything inside has its own. */
export const isEmptyMapping = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

/** The keys of an object schema with their schemas; undefined for anything else. */
export function keysOf(schema: Schema): Record<string, Schema> | undefined {
  const { def } = (fieldOf(schema).type as z.core.$ZodTypes)._zod;
  return def.type === 'object' ? def.shape : undefined;
}

/** The schema of an array's items or of a record's values. */
export function elementOf(schema: Schema): Schema | undefined {
  const { def } = (fieldOf(schema).type as z.core.$ZodTypes)._zod;
  return def.type === 'array' ? def.element : def.type === 'record' ? def.valueType : undefined;
}

export function at(root: Schema, path: readonly Segment[]): Schema | undefined {
  let schema: Schema | undefined = root;
  for (const segment of path) {
    if (!schema) return undefined;
    const keys = keysOf(schema);
    schema = keys ? (Object.hasOwn(keys, segment) ? keys[segment] : undefined) : elementOf(schema);
  }
  return schema;
}

/** Every key of the spec with its path; items are written `[]`, a record's values `{}`. */
export function* allFields(
  schema: Schema,
  path = '',
): Generator<{ path: string; key: string; schema: Schema; field: Field }> {
  const keys = keysOf(schema);
  for (const [key, child] of Object.entries(keys ?? {})) {
    const childPath = path === '' ? formatPath([key]) : `${path}.${key}`;
    yield { path: childPath, key, schema: child, field: fieldOf(child) };
    yield* allFields(child, childPath);
  }
  const element = elementOf(schema);
  if (element) {
    const kind = (fieldOf(schema).type as z.core.$ZodTypes)._zod.def.type === 'array' ? '[]' : '{}';
    yield* allFields(element, path + kind);
  }
}

/** What a schema takes, in words. */
export function expectation(schema: Schema): string {
  const { type, about } = fieldOf(schema);
  const { def } = (type as z.core.$ZodTypes)._zod;
  if (about.expects && def.type !== 'record') return about.expects;
  switch (def.type) {
    case 'number': {
      const unit = about.unit ? ` (${about.unit})` : '';
      if (about.among) return `${oneOf(about.among.map(String))}${unit}`;
      const { minimum, maximum, whole } = limitsOf(schema);
      const range = minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : '';
      return `a ${whole ? 'whole ' : ''}number${range}${unit}`;
    }
    case 'boolean':
      return 'true or false';
    case 'enum':
      return oneOf(Object.values(def.entries).map(String));
    case 'literal':
      return oneOf(def.values.map(String));
    case 'array':
      return 'a list';
    case 'object':
    case 'record':
      return 'a mapping';
    default:
      return 'text';
  }
}

const oneOf = (values: string[]): string => {
  if (values.length === 1) return `"${values[0]}"`;
  return values.length <= 12
    ? `one of ${values.join(', ')}`
    : `one of ${values.length} values such as ${values.slice(0, 3).join(', ')}`;
};

/** The bounds of a number, both inclusive, or of the length of a list. */
export function limitsOf(schema: Schema): { minimum?: number; maximum?: number; whole: boolean } {
  const limits: { minimum?: number; maximum?: number; whole: boolean } = { whole: false };
  for (const check of (fieldOf(schema).type as z.core.$ZodTypes)._zod.def.checks ?? []) {
    const def = check._zod.def as { check: string; value?: number; minimum?: number; maximum?: number };
    if (def.check === 'number_format') limits.whole = true;
    else if (def.check === 'greater_than' && def.value !== undefined) limits.minimum = def.value;
    else if (def.check === 'less_than' && def.value !== undefined) limits.maximum = def.value;
    else if (def.check === 'min_length' && def.minimum !== undefined) limits.minimum = def.minimum;
    else if (def.check === 'max_length' && def.maximum !== undefined) limits.maximum = def.maximum;
  }
  return limits;
}

/** The values a leaf can have, when it is a choice. */
export function choicesOf(schema: Schema): string[] {
  const { def } = (fieldOf(schema).type as z.core.$ZodTypes)._zod;
  return def.type === 'enum'
    ? Object.values(def.entries).map(String)
    : def.type === 'literal'
      ? def.values.map(String)
      : [];
}
