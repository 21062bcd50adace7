import { type CompletionItem, CompletionItemKind, InsertTextFormat } from 'vscode-languageserver';
import type { Compiled } from '../compile.ts';
import type { Policy } from '../policy/policy.ts';
import type { Segment } from '../spec/path.ts';
import { specSchema } from '../spec/schema.ts';
import { at, choicesOf, elementOf, fieldOf, isEmptyMapping, keysOf } from '../spec/shape.ts';
import { keysFor, type Suggestion, suggestionsFor } from '../suggest/values.ts';
import { type Cursor, cursorAt, valueAt } from './cursor.ts';
import { rangeAt } from './positions.ts';

type Schema = NonNullable<ReturnType<typeof at>>;

/** What can be written at an offset: keys that the mapping lacks, or the values that are known for a key. */
export function completionsAt(compiled: Compiled, offset: number, policies: readonly Policy[]): CompletionItem[] {
  const { source, root } = compiled.loaded;
  const cursor = cursorAt(source.text, offset);
  if (!cursor) return [];
  const region = valueAt(root, ['azure', 'region']);
  const asker = { region: typeof region === 'string' ? region : 'eastus', policies };
  const schema = at(specSchema, cursor.path);
  if (!schema) return [];
  const path = pathOf(cursor.path);
  const range = rangeAt(source, cursor);
  // A word alone where a mapping belongs is the beginning of its first key.
  const items =
    cursor.kind === 'key' || keysOf(schema)
      ? [...keyItems(schema, cursor), ...keysFor(path, asker).map((each) => item(each, `${each.value}: `))]
      : valueItems(schema, path, suggestionsFor(path, asker));
  return items.map((each, index) => ({
    ...each,
    sortText: String(index).padStart(4, '0'),
    textEdit: { range, newText: each.insertText ?? each.label },
  }));
}

/** As the fields are written: `cluster.pools[].vmSize`. */
const pathOf = (path: readonly Segment[]): string =>
  path.reduce<string>(
    (known, segment) => (typeof segment === 'number' ? `${known}[]` : known === '' ? segment : `${known}.${segment}`),
    '',
  );

function keyItems(schema: Schema, { taken, inFlow }: Cursor): CompletionItem[] {
  return Object.entries(keysOf(schema) ?? {})
    .filter(([key]) => !taken.includes(key))
    .sort(([, a], [, b]) => Number(fieldOf(a).optional) - Number(fieldOf(b).optional))
    .map(([key, child]) => {
      const { about, fallback, optional } = fieldOf(child);
      const hasDefault = fallback !== undefined && !isEmptyMapping(fallback);
      return {
        label: key,
        kind: keysOf(child) ? CompletionItemKind.Module : CompletionItemKind.Property,
        detail: !optional ? 'must be written' : hasDefault ? `default ${JSON.stringify(fallback)}` : 'optional',
        documentation: { kind: 'markdown', value: about.description },
        insertText: `${key}: ${snippetOf(child, inFlow)}`,
        insertTextFormat: InsertTextFormat.Snippet,
      };
    });
}

/** What a key begins with: its example where that is short, a mapping opened where it has keys. */
function snippetOf(schema: Schema, inFlow: boolean): string {
  const { about, type } = fieldOf(schema);
  if (keysOf(schema) && !inFlow) return '{ $0 }';
  if (keysOf(schema) || elementOf(schema)) {
    const { example } = about;
    return typeof example === 'object' && example !== null ? inFlowStyle(example) : keysOf(schema) ? '{ $0 }' : '[$0]';
  }
  const choices = choicesOf(type as Schema);
  if (choices.length > 0) return `\${1|${choices.map((each) => each.replace(/[,|\\]/g, '\\$&')).join(',')}|}`;
  return about.example === undefined ? '$1' : `\${1:${escaped(quoted(about.example))}}`;
}

function valueItems(schema: Schema, path: string, known: readonly Suggestion[]): CompletionItem[] {
  const { about, fallback } = fieldOf(schema);
  const choices = about.among?.map(String) ?? choicesOf(schema);
  const values: Suggestion[] = [
    ...known,
    ...choices.map((value) => ({ value, detail: value === fallback ? 'default' : '' })),
    ...(choices.length === 0 && known.length === 0 ? plainValues(schema, fallback, about.example) : []),
  ];
  return values.map((each) => item(each, path.endsWith('kubernetesVersion') ? `"${each.value}"` : quoted(each.value)));
}

function plainValues(schema: Schema, fallback: unknown, example: unknown): Suggestion[] {
  const kind = (fieldOf(schema).type as unknown as { _zod: { def: { type: string } } })._zod.def.type;
  if (kind === 'boolean')
    return ['true', 'false'].map((value) => ({ value, detail: String(fallback) === value ? 'default' : '' }));
  const found: Suggestion[] = [];
  if (fallback !== undefined && typeof fallback !== 'object')
    found.push({ value: String(fallback), detail: 'default' });
  if (example !== undefined && typeof example !== 'object' && example !== fallback)
    found.push({ value: String(example), detail: 'example' });
  return found;
}

const item = ({ value, detail }: Suggestion, insertText: string): CompletionItem => ({
  label: value,
  kind: CompletionItemKind.Value,
  detail,
  filterText: value,
  insertText,
});

/** What YAML would read as something else is a text only in quotes. */
const quoted = (value: unknown): string =>
  typeof value === 'string' &&
  /^([\d.]+|true|false|null|~|.*[:#,[\]{}*&!|>'"%@`].*)?$/i.test(value) &&
  !/^\d+$/.test(value) &&
  !/^(true|false)$/.test(value)
    ? JSON.stringify(value)
    : String(value);

const inFlowStyle = (value: object): string =>
  escaped(
    JSON.stringify(value)
      .replace(/"([A-Za-z][\w-]*)":/g, '$1: ')
      .replaceAll(',', ', ')
      .replace(/^\{(.*)\}$/, '{ $1 }'),
  );

const escaped = (text: string): string => text.replace(/[$}\\]/g, '\\$&');
