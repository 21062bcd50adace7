import type { Diagnostic, Range } from '../diagnostic.ts';
import type { Mend } from '../edit/mend.ts';
import { explainIssue, type SpecFault } from './issues.ts';
import { findLiteralSecrets, redactText } from './literal-secrets.ts';
import { find, type Node, toPlain } from './node.ts';
import { parseYaml, type YamlFault } from './parse-yaml.ts';
import { childPath, formatPath, type Segment } from './path.ts';
import { type Spec, specSchema } from './schema.ts';
import { elementOf, fieldOf, keysOf } from './shape.ts';
import type { Source } from './source.ts';
import { HOLE } from './track.ts';

/** A file as read: the spec with defaults and holes, the tree that knows where everything stands, and what is wrong. */
export type LoadedSpec = {
  source: Source;
  root: Node | undefined;
  /** Undefined when the file holds no mapping at all. */
  spec: Spec | undefined;
  diagnostics: (Diagnostic & { mends?: readonly Mend[] })[];
  /** From this offset on nothing can be said about the file, because its structure is broken there. */
  brokenAt: number;
};

/** Text -> spec. A user's mistake never throws: it becomes a diagnostic and a hole, and everything else goes on. */
export function loadSpec(source: Source): LoadedSpec {
  redactText(source);
  const { root, faults } = parseYaml(source);
  const diagnostics: LoadedSpec['diagnostics'] = faults.map(({ code, message, range, related, fixes }) => ({
    code,
    severity: 'error',
    message,
    path: '',
    labels: [
      { file: source.file, range },
      ...(related ? [{ file: source.file, range: related.range, note: related.message }] : []),
    ],
    ...(fixes && fixes.length > 0 && { fixes }),
  }));
  const brokenAt = Math.min(
    Number.POSITIVE_INFINITY,
    ...faults.filter(({ breaks }) => breaks).map(({ range }) => range.start),
  );
  if (!root) return { source, root, spec: undefined, diagnostics, brokenAt };

  // First, because no message may quote what this finds.
  const specFaults: SpecFault[] = findLiteralSecrets(source, root);
  const holes = new Set<string>();
  const result = root.kind === 'map' ? specSchema.safeParse(toPlain(root)) : undefined;
  if (!result) {
    specFaults.push({
      code: 'spec/wrong-type',
      message: 'a spec is a mapping that starts with "apiVersion: perpetual.dev/v1"',
      path: '',
      range: firstLine(source, root),
    });
  }
  for (const issue of result?.error?.issues ?? []) {
    const path = formatPath(issue.path as Segment[]);
    // A value that is wrong in two ways is wrong once.
    if (issue.code !== 'unrecognized_keys' && holes.has(path)) continue;
    if (issue.code !== 'unrecognized_keys') holes.add(path);
    specFaults.push(...explainIssue(source, root, issue));
  }
  for (const fault of specFaults) {
    const { holder, range, mends, rename, code, message, path, help } = fault;
    const extent = holder?.anchoredAt ?? holder?.range ?? range;
    if (Math.max(range.end, extent.end) > brokenAt || isEcho(source, root, fault, faults)) continue;
    const anchoredAt = find(root, path)?.node.anchoredAt;
    diagnostics.push({
      code,
      severity: 'error',
      message,
      path,
      labels: [
        { file: source.file, range },
        ...(anchoredAt ? [{ file: source.file, range: anchoredAt, note: 'the value is written here' }] : []),
      ],
      ...(help !== undefined && { help }),
      ...(mends && { mends }),
      ...(rename && {
        fixes: [{ title: `rename it to "${rename.to}"`, safe: rename.safe, edits: [{ range, newText: rename.to }] }],
      }),
    });
  }
  const spec = root.kind === 'map' ? (fill(specSchema, root, '', holes) as Spec) : undefined;
  return { source, root, spec, diagnostics, brokenAt };
}

/** Is a key missing, or a value of the wrong kind, only because the YAML is broken at that very place? */
function isEcho(source: Source, root: Node, { code, path, holder }: SpecFault, faults: readonly YamlFault[]): boolean {
  const node = holder ?? (code === 'spec/wrong-type' ? find(root, path)?.node : undefined);
  if (!node) return false;
  const parts = holder?.kind === 'map' ? holder.entries.map(({ value }) => value.range) : [];
  return faults.some(({ code, range: { start } }) => {
    if (code === 'yaml/duplicate-key' || code === 'yaml/several-documents') return false;
    const touches = ({ start: from, end }: Range) =>
      from <= start && (start <= end || source.text.slice(end, start).trim() === '');
    return touches(node.range) && !parts.some((part) => part.start <= start && start < part.end);
  });
}

function firstLine(source: Source, root: Node) {
  const end = source.text.slice(root.range.start, root.range.end).split(/\r|\n/)[0]?.length ?? 0;
  return { start: root.range.start, end: root.range.start + end };
}

/** What the schema makes of a node: defaults for what is absent, a hole for what is wrong, nothing for what is unknown. */
function fill(
  schema: Parameters<typeof fieldOf>[0],
  node: Node | undefined,
  path: string,
  holes: ReadonlySet<string>,
): unknown {
  if (holes.has(path) && (node === undefined || node.kind === 'scalar' || !matches(schema, node))) return HOLE;
  const { fallback, optional } = fieldOf(schema);
  const keys = keysOf(schema);
  if (keys) {
    if (!node && optional && fallback === undefined) return undefined;
    const filled: Record<string, unknown> = {};
    for (const [key, child] of Object.entries(keys)) {
      filled[key] = fill(child, entry(node, key), path === '' ? key : `${path}.${key}`, holes);
    }
    return filled;
  }
  if (!node) return fallback;
  const element = elementOf(schema);
  if (!element) return node.kind === 'scalar' ? node.value : HOLE;
  if (node.kind === 'list') return node.items.map((item, index) => fill(element, item, `${path}[${index}]`, holes));
  if (node.kind !== 'map') return HOLE;
  const filled: Record<string, unknown> = {};
  for (const { key, value } of node.entries) filled[key] = fill(element, value, childPath(path, key), holes);
  return filled;
}

const entry = (node: Node | undefined, key: string): Node | undefined => (node ? find(node, [key])?.node : undefined);

/** Is the node at least of the schema's kind, so that its parts can be used although something about the whole is wrong? */
function matches(schema: Parameters<typeof fieldOf>[0], node: Node): boolean {
  if (keysOf(schema)) return node.kind === 'map';
  return (
    elementOf(schema) !== undefined &&
    node.kind !== 'scalar' &&
    (node.kind === 'list') === Array.isArray(fieldOf(schema).fallback ?? [])
  );
}
