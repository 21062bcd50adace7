import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  parseAllDocuments,
  type YAMLParseError,
} from 'yaml';
import type { Fix, Range } from '../diagnostic.ts';
import type { Entry, Node } from './node.ts';
import type { Source } from './source.ts';
import { explainYamlError, withoutEchoes } from './yaml-errors.ts';
import { yamlFix } from './yaml-mends.ts';

/** A fault of the YAML itself; `breaks` when what follows it can't be trusted to be read as it was meant. */
export type YamlFault = {
  code: `yaml/${string}`;
  message: string;
  range: Range;
  related?: { message: string; range: Range };
  breaks?: boolean;
  fixes?: Fix[];
};

/** No spec comes near it; a chain of aliases that doubles at each step passes it in a dozen lines. */
const maxNodes = 200_000;
const maxDepth = 100;

/** Reads the first document of a file into nodes with positions. Never throws: what is wrong comes back as faults. */
export function parseYaml(source: Source): { root: Node | undefined; faults: YamlFault[] } {
  const faults: YamlFault[] = [];
  const control = /(?![\t\n\r\u0085])\p{Cc}|[\uFFFE\uFFFF]|\p{Cs}/u.exec(source.text);
  if (control) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    const range = { start: control.index, end: control.index + 1 };
    return {
      root: undefined,
      faults: [
        {
          code: 'yaml/character',
          message: `the character U+${code} may not stand in YAML`,
          range,
          breaks: true,
          fixes: yamlFix(source.text, range, 'remove'),
        },
      ],
    };
  }
  const documents = parseAllDocuments(source.text, {
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'silent',
    version: '1.2',
    merge: false,
    resolveKnownTags: false,
  });
  const [document] = documents as Document.Parsed[];
  for (const error of Array.isArray(documents) && 'empty' in documents ? (documents.errors as YAMLParseError[]) : []) {
    faults.push(explainYamlError(source, undefined, error));
  }
  if (!document || isEmpty(document)) {
    for (const error of document?.errors ?? []) faults.push(explainYamlError(source, undefined, error));
    if (faults.length === 0)
      faults.push({ code: 'yaml/empty', message: 'the file holds no spec', range: { start: 0, end: 0 } });
    return { root: undefined, faults: withoutEchoes(faults) };
  }
  const errors = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  // Thousands of them are the echo of one; the first are enough to find it.
  for (const error of errors.slice(0, 100)) faults.push(explainYamlError(source, document, error));
  const second = documents[1] as Document.Parsed | undefined;
  if (second && !isEmpty(second)) faults.push(secondDocument(source, document, second));
  const root = new Reader(source, faults).read(document.contents as ParsedNode);
  return { root, faults: withoutEchoes(faults) };
}

const isEmpty = ({ contents }: Document.Parsed): boolean =>
  contents === null || (isScalar(contents) && contents.value === null && !contents.source);

function secondDocument(source: Source, first: Document.Parsed, second: Document.Parsed): YamlFault {
  const marker = source.text.indexOf('---', first.range[1]);
  const start = marker >= 0 && marker <= (second.contents?.range?.[0] ?? source.text.length) ? marker : second.range[0];
  return {
    code: 'yaml/several-documents',
    message: 'a second document starts here: write one environment a file',
    range: { start, end: Math.min(start + 3, source.text.length) },
  };
}

/** Turns the library's nodes into ours: resolves aliases and merge keys, finds duplicate keys, and stays within bounds. */
class Reader {
  readonly #source: Source;
  readonly #faults: YamlFault[];
  readonly #anchors = new Map<string, { node: Node; size: number } | 'open'>();
  #size = 0;
  #exhausted = false;

  constructor(source: Source, faults: YamlFault[]) {
    this.#source = source;
    this.#faults = faults;
  }

  read(node: ParsedNode | null, depth = 0, at = 0): Node {
    const range = node?.range ? trimmed(this.#source.text, node.range[0], node.range[1]) : { start: at, end: at };
    const before = this.#size++;
    if (node === null) return { kind: 'scalar', value: null, source: '', plain: true, range };
    if (isAlias(node)) return this.#alias(node.source, range);
    const anchor = 'anchor' in node && typeof node.anchor === 'string' ? node.anchor : undefined;
    if (anchor) this.#anchors.set(anchor, 'open');
    const read = this.#value(node, range, depth);
    if (anchor) this.#anchors.set(anchor, { node: read, size: this.#size - before });
    return read;
  }

  #value(node: Exclude<ParsedNode, { type: 'alias' }> | ParsedNode, range: Range, depth: number): Node {
    if (isScalar(node)) {
      const { value, source = '', type } = node;
      const scalar = typeof value === 'bigint' ? Number(value) : value;
      const known = scalar === null || ['string', 'number', 'boolean'].includes(typeof scalar);
      return {
        kind: 'scalar',
        value: known ? (scalar as string | number | boolean | null) : String(scalar),
        source: typeof source === 'string' ? source : '',
        plain: type === 'PLAIN',
        range,
      };
    }
    if (depth >= maxDepth) {
      this.#fault('yaml/too-deep', `nested more than ${maxDepth} levels deep`, range, true);
      return { kind: 'scalar', value: null, source: '', plain: true, range };
    }
    if (isSeq(node)) {
      return {
        kind: 'list',
        items: node.items.map((item) => this.read(item as ParsedNode, depth + 1, range.start)),
        range,
      };
    }
    return {
      kind: 'map',
      entries: isMap(node) ? this.#entries(node.items as Pair<ParsedNode, ParsedNode | null>[], depth) : [],
      range,
    };
  }

  #entries(pairs: Pair<ParsedNode, ParsedNode | null>[], depth: number): Entry[] {
    const entries = new Map<string, Entry>();
    const merged: Entry[] = [];
    for (const { key: keyNode, value } of pairs) {
      const keyRange = keyNode?.range ? { start: keyNode.range[0], end: keyNode.range[1] } : { start: 0, end: 0 };
      if (!isScalar(keyNode) || keyNode.value === null) {
        this.#fault('yaml/key', 'a key must be a single word', keyRange, false);
        this.read(value, depth + 1, keyRange.end);
        continue;
      }
      const key = typeof keyNode.value === 'string' ? keyNode.value : (keyNode.source ?? String(keyNode.value));
      const entry: Entry = { key, keyRange, value: this.read(value, depth + 1, keyRange.end) };
      const first = entries.get(key);
      if (key === '<<' && keyNode.type === 'PLAIN') merged.push(...this.#mergeSources(entry));
      else if (key === '__proto__') this.#fault('yaml/key', '"__proto__" can\'t be a key', keyRange, false);
      else if (first) {
        const related = { message: 'first written here', range: first.keyRange };
        this.#faults.push({
          code: 'yaml/duplicate-key',
          message: `the key "${key}" is written twice in the same mapping`,
          range: keyRange,
          related,
        });
      } else entries.set(key, entry);
    }
    // A key of the map itself wins over a merged one, wherever the merge stands.
    for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, entry);
    return [...entries.values()];
  }

  #mergeSources({ value, keyRange }: Entry): Entry[] {
    const maps = value.kind === 'list' ? value.items : [value];
    if (maps.some(({ kind }) => kind !== 'map'))
      this.#fault('yaml/merge', '"<<" merges mappings only', keyRange, false);
    return maps.flatMap((map) => (map.kind === 'map' ? map.entries : []));
  }

  #alias(name: string, range: Range): Node {
    const nothing: Node = { kind: 'scalar', value: null, source: '', plain: true, range };
    const anchor = this.#anchors.get(name);
    if (anchor === undefined || anchor === 'open') {
      const problem = anchor
        ? 'stands inside the value it refers to'
        : 'refers to an anchor that is not defined above it';
      this.#fault('yaml/unresolved-alias', `the alias "*${name}" ${problem}`, range, false);
      return nothing;
    }
    this.#size += anchor.size;
    if (this.#size > maxNodes) {
      if (!this.#exhausted)
        this.#fault('yaml/too-large', `the aliases up to here stand for more than ${maxNodes} values`, range, true);
      this.#exhausted = true;
      return nothing;
    }
    return { ...anchor.node, range, anchoredAt: anchor.node.anchoredAt ?? anchor.node.range };
  }

  #fault(code: YamlFault['code'], message: string, range: Range, breaks: boolean): void {
    this.#faults.push({ code, message, range, breaks });
  }
}

/** The library's range of a collection runs over trailing blank lines and comments; ours ends with the last character. */
function trimmed(text: string, start: number, end: number): Range {
  let to = end;
  while (to > start && /\s/.test(text[to - 1] as string)) to--;
  return { start, end: to };
}
