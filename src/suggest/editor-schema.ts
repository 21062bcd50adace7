import { policies } from '../../policies/index.ts';
import { type JsonSchema, jsonSchema } from '../spec/json-schema.ts';
import { type Suggestion, suggestedPaths, suggestionsFor } from './values.ts';

/** The region whose prices are shown where none is known: that of most price lists. */
const priceRegion = 'eastus';
/** A list nobody can read is no help; the cheapest come first. */
const atMost = 200;

/**
 * The schema as editors have it: the compiler's own, with the values that are known, snippets, and messages in the words
 * that the compiler uses. What it can't know, as a size newer than the list, it lets through.
 */
export function editorSchema(): JsonSchema {
  const schema = jsonSchema({ expectations: true });
  for (const [path, node] of nodesOf(schema)) {
    addMessages(node);
    addSnippets(node);
    if (suggestedPaths().includes(path))
      addValues(node, suggestionsFor(path, { region: priceRegion, policies }).slice(0, atMost), path);
  }
  return schema;
}

function* nodesOf(schema: JsonSchema, path = ''): Generator<[string, JsonSchema]> {
  yield [path, schema];
  for (const [key, child] of Object.entries(schema.properties ?? {}))
    yield* nodesOf(child, path === '' ? key : `${path}.${key}`);
  if (schema.items) yield* nodesOf(schema.items, `${path}[]`);
  const { additionalProperties: values } = schema;
  if (typeof values === 'object' && values !== null) yield* nodesOf(values as JsonSchema, `${path}{}`);
}

/** In the words of the compiler, because those of a schema are about patterns. */
function addMessages(node: JsonSchema): void {
  const { expectation } = node;
  delete node.expectation;
  if (typeof expectation !== 'string' || node.properties || node.items) return;
  node.errorMessage = `expected ${expectation}`;
  if (node.pattern !== undefined) node.patternErrorMessage = `expected ${expectation}`;
}

/** A list or a mapping is begun with its example. */
function addSnippets(node: JsonSchema): void {
  const [example] = (node.examples ?? []) as unknown[];
  if (typeof example !== 'object' || example === null || Object.keys(example).length === 0) return;
  node.defaultSnippets = [{ label: 'example', description: node.description ?? '', body: example }];
}

function addValues(node: JsonSchema, values: readonly Suggestion[], path: string): void {
  const { type, pattern, patternErrorMessage, errorMessage } = node;
  for (const key of ['type', 'pattern', 'patternErrorMessage', 'errorMessage', 'examples']) delete node[key];
  const prices = path.endsWith('vmSize') ? ` in ${priceRegion}` : '';
  node.anyOf = [
    {
      type: 'string',
      enum: values.map(({ value }) => value),
      enumDescriptions: values.map(({ detail }) => detail + prices),
      errorMessage,
    },
    { type, pattern, patternErrorMessage, errorMessage },
  ];
}
