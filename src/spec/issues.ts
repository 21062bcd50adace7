import type * as z from 'zod/mini';
import type { Diagnostic, Range } from '../diagnostic.ts';
import type { Mend } from '../edit/mend.ts';
import { meantBy } from './meant.ts';
import { didYouMean, nearestName, nearNames, relatedNames } from './nearest-name.ts';
import { entryOf, find, type Node, nearest } from './node.ts';
import { formatPath, type Segment } from './path.ts';
import { specSchema } from './schema.ts';
import { allFields, at, choicesOf, expectation, fieldOf, keysOf } from './shape.ts';
import type { Source } from './source.ts';

type Issue = z.core.$ZodIssue;

/**
 * One fault of the spec, before it gets its file name: `range` is the guilty text, `path` the key it is about.
 * `holder` is the mapping that lacks a key: one had to read all of it to know.
 */
export type SpecFault = Pick<Diagnostic, 'code' | 'message' | 'path' | 'help'> & {
  range: Range;
  /** What would end it; `renames` is a key that is written otherwise. */
  mends?: Mend[];
  rename?: { to: string; safe: boolean };
  holder?: Node;
};

/** The schema's complaint in the user's words, at the very key or value. */
export function* explainIssue(source: Source, root: Node, issue: Issue): Generator<SpecFault> {
  const path = issue.path as Segment[];
  const schema = at(specSchema, path) ?? specSchema;
  const found = find(root, path);
  if (!found) {
    if (!isMisspelt(root, path)) yield missingKey(root, path, schema);
    return;
  }
  const { about } = fieldOf(schema);
  const { node } = found;
  const range = node.kind === 'scalar' ? node.range : nearest(root, path).range;
  const meant = source.isRedacted(node.range) ? undefined : meantBy(schema, node);
  const fault = (code: string, message: string): SpecFault => ({
    code,
    message,
    path: formatPath(path),
    range,
    ...(meant && { mends: [{ changes: [{ path: formatPath(path), to: meant.value }], safe: meant.safe }] }),
  });
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) yield unknownKey(node, path, key);
    return;
  }
  if (issue.code === 'invalid_key') {
    const key = String(path.at(-1));
    const parent = fieldOf(at(specSchema, path.slice(0, -1)) ?? specSchema).about;
    yield {
      ...fault('spec/invalid-value', `"${key}" can't be a key here; expected ${parent.expects ?? 'other characters'}`),
      range: found.key ?? range,
    };
    return;
  }
  if (about.secret) {
    if (node.kind === 'scalar' && node.value !== null)
      yield fault('spec/literal-secret', `a secret may not stand in a spec; expected ${expectation(schema)}`);
    else yield fault('spec/wrong-type', `expected ${expectation(schema)}, found ${kindOf(node)}`);
    return;
  }
  const kind = node.kind === 'scalar' && source.isRedacted(node.range) ? 'a text that is not shown' : kindOf(node);
  const value =
    node.kind === 'scalar' && !source.isRedacted(node.range)
      ? `"${shorten(node.source || String(node.value ?? ''))}"`
      : kind;
  switch (issue.code) {
    case 'invalid_type':
      if (node.kind === 'scalar' && node.value === null && !node.source) {
        yield {
          ...fault('spec/wrong-type', `"${String(path.at(-1))}" has no value; expected ${expectation(schema)}`),
          range: found.key ?? range,
        };
      } else if (about.versionLike && node.kind === 'scalar' && typeof node.value === 'number') {
        yield fault(
          'spec/unquoted',
          `${node.source} is read as the number ${node.value}: write "${node.source}" in quotes`,
        );
      } else if (
        expectation(schema) === 'text' ||
        (node.kind === 'scalar' && typeof node.value !== 'string' && issue.expected === 'string')
      ) {
        yield fault(
          'spec/wrong-type',
          `expected ${expectation(schema)}, found ${kind}${node.kind === 'scalar' && node.value !== null ? `: put it in quotes if you mean the text` : ''}`,
        );
      } else {
        yield fault('spec/wrong-type', `expected ${expectation(schema)}, found ${kind}`);
      }
      return;
    case 'invalid_value': {
      const near = node.kind === 'scalar' ? nearestName(String(node.value), choicesOf(schema)) : undefined;
      if (node.kind !== 'scalar' || typeof node.value === 'boolean' || node.value === null)
        yield fault('spec/wrong-type', `expected ${expectation(schema)}, found ${kind}`);
      else {
        yield fault('spec/invalid-value', `${value} is not ${expectation(schema)}${didYouMean(near)}`);
      }
      return;
    }
    case 'too_small':
    case 'too_big': {
      const limit = Number(issue.code === 'too_small' ? issue.minimum : issue.maximum);
      const least = issue.code === 'too_small';
      if (node.kind === 'list')
        yield fault(
          'spec/out-of-range',
          `${node.items.length} ${node.items.length === 1 ? 'item' : 'items'}: ${least ? 'at least' : 'at most'} ${limit} ${least && limit === 1 ? 'is needed' : 'are allowed'}`,
        );
      else if (node.kind === 'scalar' && typeof node.value === 'number')
        yield fault(
          'spec/out-of-range',
          `${node.source} is too ${least ? 'small' : 'large'}; expected ${expectation(schema)}`,
        );
      else yield fault('spec/invalid-value', `expected ${expectation(schema)}, found ${value}`);
      return;
    }
    case 'custom':
      yield fault('spec/invalid-value', issue.message);
      return;
    default:
      yield fault('spec/invalid-value', `${value} does not fit; expected ${expectation(schema)}`);
  }
}

/** Is the missing key there under a slightly wrong name? Then that name is what is reported, once. */
function isMisspelt(root: Node, path: Segment[]): boolean {
  const parent = find(root, path.slice(0, -1))?.node;
  if (parent?.kind !== 'map') return false;
  const known = Object.keys(keysOf(at(specSchema, path.slice(0, -1)) ?? specSchema) ?? {});
  const free = known.filter((name) => !entryOf(parent, name));
  return parent.entries.some(({ key }) => !known.includes(key) && keyMeant(key, free) === path.at(-1));
}

function missingKey(root: Node, path: Segment[], schema: z.core.$ZodType): SpecFault {
  const key = String(path.at(-1));
  const parentPath = path.slice(0, -1);
  const parent = find(root, parentPath);
  const { about } = fieldOf(schema);
  const [only, ...rest] = choicesOf(schema);
  const where = parentPath.length > 0 ? `"${formatPath(parentPath)}"` : 'the spec';
  return {
    code: 'spec/missing-key',
    message: `${where} has no "${key}"; expected ${expectation(schema)}`,
    path: formatPath(path),
    range: nearest(root, parentPath).range,
    ...(about.example !== undefined &&
      typeof about.example !== 'object' && { help: `${key}: ${JSON.stringify(about.example)}` }),
    ...(parent && { holder: parent.node }),
    // Where one value only is possible, it is the one.
    ...(parent &&
      only !== undefined &&
      rest.length === 0 && { mends: [{ changes: [{ path: formatPath(path), to: only }], safe: true }] }),
  };
}

function unknownKey(node: Node, path: Segment[], key: string): SpecFault {
  const range = entryOf(node, key)?.keyRange ?? node.range;
  const here = formatPath(path);
  const siblings = Object.keys(keysOf(at(specSchema, path) ?? specSchema) ?? {}).filter((name) => !entryOf(node, name));
  const near = keyMeant(key, siblings);
  const elsewhere = near ? undefined : belongsTo(key, here);
  const related = relatedNames(key, siblings);
  const offered = related.length > 0 ? related : siblings;
  const message = `unknown key "${key}" in ${here ? `"${here}"` : 'the spec'}${near ? didYouMean(near) : elsewhere ? `; it belongs in ${elsewhere}` : ''}`;
  return {
    code: 'spec/unknown-key',
    message,
    path: formatPath([...path, key]),
    range,
    ...(near && { rename: { to: near, safe: nearNames(key, siblings).length <= 1 } }),
    ...(!near &&
      !elsewhere &&
      offered.length > 0 &&
      offered.length <= 20 && { help: `known keys not used yet: ${offered.join(', ')}` }),
  };
}

/** The key somebody most likely meant, by its letters or by what Azure calls it. */
const keyMeant = (key: string, names: readonly string[]): string | undefined =>
  nearestName(key, names) ?? names.find((name) => name === azureTerms[key]);

/** What Azure calls otherwise than a spec does. */
const azureTerms: Readonly<Record<string, string>> = {
  location: 'region',
  subscriptionId: 'subscription',
  resourceGroupName: 'resourceGroup',
  skuName: 'sku',
  diskSizeGB: 'sizeGiB',
};

/** Where a key that is unknown here is known: the section nearest to this one. */
function belongsTo(key: string, here: string): string | undefined {
  const homes = [...allFields(specSchema)]
    .filter((field) => field.key === key)
    .map(({ path }) => path.slice(0, -key.length - 1));
  const home = homes.find((path) => here.startsWith(path) || path.startsWith(here)) ?? homes[0];
  return home === undefined ? undefined : home === '' ? 'the top level' : `"${home}"`;
}

function kindOf(node: Node): string {
  if (node.kind === 'list') return node.items.length === 0 ? 'an empty list' : 'a list';
  if (node.kind === 'map') return 'a mapping';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'number') return `the number ${node.source}`;
  if (typeof node.value === 'boolean') return node.source;
  return `the text "${shorten(node.value)}"`;
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
