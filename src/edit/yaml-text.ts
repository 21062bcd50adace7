import type { Node } from '../spec/node.ts';
import type { Value } from './change.ts';

/** A value on one line; with quotes around every text where the surroundings are JSON. */
export function flowText(value: Value, quoted = false): string {
  if (typeof value === 'string') return quoted || !isPlain(value) ? JSON.stringify(value) : value;
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map((each) => flowText(each, quoted)).join(', ')}]`;
  const pairs = Object.entries(value).map(([key, each]) => `${keyText(key, quoted)}: ${flowText(each, quoted)}`);
  return `{ ${pairs.join(', ')} }`;
}

export const keyText = (key: string, quoted = false): string => (quoted || !isPlain(key) ? JSON.stringify(key) : key);

/** A value in place of another, in the quotes that one had. */
export function scalarLike(text: string, { range }: Node, value: Value): string {
  const quote = text[range.start];
  if (typeof value !== 'string' || (quote !== '"' && quote !== "'")) return flowText(value);
  return quote === '"' ? JSON.stringify(value) : `'${value.replaceAll("'", "''")}'`;
}

// What YAML would read as something else than text, or as the end of it; a time of day is quoted by custom.
const isPlain = (value: string): boolean =>
  // A colon within a word, as before the tag of an image, is text to YAML.
  /^([A-Za-z0-9][\w./@+-]*|[A-Za-z][\w./@+-]*(:[\w./@+-]+)+)$/.test(value) &&
  !/^(true|false|null|yes|no|on|off)$/i.test(value) &&
  !/^[\d.]+(e[+-]?\d+)?$|^0[xo][\da-f]+$/i.test(value);
