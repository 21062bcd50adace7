import * as z from 'zod/mini';
import type { Value } from '../edit/change.ts';
import { ipv4Range } from '../ip-ranges.ts';
import { networkOf } from './field.ts';
import { nearNames } from './nearest-name.ts';
import { type Node, type ScalarNode, toPlain } from './node.ts';
import { choicesOf, elementOf, fieldOf } from './shape.ts';

type Schema = z.core.$ZodType;

/** A value that the schema takes in place of one that it does not; safe when it is the same, only written as it must be. */
export type Meant = { value: Value; safe: boolean };

/** What was most likely meant by a value that does not fit: the first reading of it that does. */
export function meantBy(schema: Schema, node: Node): Meant | undefined {
  // What may be a secret is read by nobody.
  if (fieldOf(schema).about.secret) return undefined;
  for (const meant of readingsOf(schema, node))
    if (z.safeParse(schema as z.ZodMiniType, meant.value).success) return meant;
  return undefined;
}

function* readingsOf(schema: Schema, node: Node): Generator<Meant> {
  const { type } = (fieldOf(schema).type as z.core.$ZodTypes)._zod.def;
  if (node.kind === 'list') {
    const [only] = node.items;
    if (only && node.items.length === 1) yield { value: toPlain(only) as Value, safe: true };
    return;
  }
  if (node.kind !== 'scalar' || node.value === null) return;
  if (type === 'array') yield* asList(schema, node);
  else if (type === 'number') yield* asNumber(schema, node);
  else if (type === 'boolean') yield* asFlag(node);
  else if (choicesOf(schema).length > 0) {
    const near = nearNames(String(node.value), choicesOf(schema));
    if (near[0] !== undefined) yield { value: near[0], safe: near.length === 1 };
  } else if (type === 'string') yield* asText(node);
}

function* asList(schema: Schema, node: ScalarNode): Generator<Meant> {
  const parts = String(node.value).split(/\s*,\s*|\s+/);
  const values = typeof node.value === 'string' ? parts : [node.value];
  yield { value: values as Value, safe: true };
  const element = elementOf(schema);
  const each = element && values.length === 1 ? meantBy(element, node) : undefined;
  if (each) yield { value: [each.value], safe: each.safe };
}

/** A number with its unit is one without it; with another unit only nearly. */
function* asNumber(schema: Schema, { value }: ScalarNode): Generator<Meant> {
  const [, digits, unit = ''] = /^\s*([\d_]+(?:\.\d+)?)\s*([A-Za-z%]*)\s*$/.exec(String(value)) ?? [];
  if (digits === undefined) return;
  const own = fieldOf(schema).about.unit?.toLowerCase() ?? '';
  const isSame = unit === '' || (own !== '' && own.startsWith(unit.toLowerCase()) && !/^gb$/i.test(unit));
  const isPercent = unit === '%' && own.includes('percent');
  const amount = Number(digits.replaceAll('_', ''));
  if (isSame || isPercent) yield { value: amount, safe: true };
  else if (/^g(i?b)?$/i.test(unit) && own.startsWith('gi')) yield { value: amount, safe: false };
}

function* asFlag({ value }: ScalarNode): Generator<Meant> {
  const word = String(value).toLowerCase();
  if (/^(true|yes|on|y|enabled)$/.test(word)) yield { value: true, safe: true };
  if (/^(false|no|off|n|disabled)$/.test(word)) yield { value: false, safe: true };
}

/** The same text in another spelling, from the surest to the boldest. */
function* asText({ value, source }: ScalarNode): Generator<Meant> {
  const text = typeof value === 'string' ? value.trim() : source;
  yield { value: text, safe: true };
  const sure = [
    text.toLowerCase(),
    text.replace(/\s+/g, ''),
    ...(/^pt?\d/i.test(text) ? [text.toUpperCase()] : []),
    ...(ipv4Range(text) ? [text.includes('/') ? networkOf(text) : `${text}/32`] : []),
    // 7:00 is 07:00, and 2027-1-5 is 2027-01-05.
    ...(/^[\d:-]+$/.test(text) ? [text.replace(/(?<!\d)\d(?!\d)/g, (digit) => `0${digit}`)] : []),
  ];
  for (const each of sure) yield { value: each, safe: true };
  const quantity = /^([\d.]+) ?([kmg])i?b?$/i.exec(text);
  if (quantity) yield { value: `${quantity[1]}${quantity[2]?.toUpperCase()}i`, safe: /i/i.test(text) };
  const minutes = /^(\d+) ?(m|min|minutes?|h|hours?)$/i.exec(text);
  if (minutes) yield { value: `PT${minutes[1]}${minutes[2]?.[0]?.toUpperCase()}`, safe: true };
  // A budget counts from the first day of a month.
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) yield { value: `${text.slice(0, 8)}01`, safe: false };
}
