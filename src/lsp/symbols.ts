import { type DocumentLink, type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import type { Compiled } from '../compile.ts';
import type { Policy } from '../policy/policy.ts';
import { find, type Node } from '../spec/node.ts';
import { rangeAt } from './positions.ts';

/** The keys of the spec as an outline; an item of a list is called by its name. */
export function symbolsOf({ loaded: { root, source } }: Compiled): DocumentSymbol[] {
  const childrenOf = (node: Node): DocumentSymbol[] => {
    if (node.kind === 'scalar') return [];
    const parts =
      node.kind === 'map'
        ? node.entries.map(({ key, keyRange, value }) => ({ name: key, at: keyRange, value }))
        : node.items.map((value, index) => ({ name: nameOf(value) ?? `[${index}]`, at: value.range, value }));
    return parts.map(({ name, at, value }) => {
      const range = { start: Math.min(at.start, value.range.start), end: Math.max(at.end, value.range.end) };
      const isHidden = source.isRedacted(value.range);
      return {
        name: name === '' ? '""' : name,
        ...(value.kind === 'scalar' && !isHidden && { detail: String(value.value) }),
        kind: value.kind === 'map' ? SymbolKind.Module : value.kind === 'list' ? SymbolKind.Array : SymbolKind.Property,
        range: rangeAt(source, range),
        selectionRange: rangeAt(source, at),
        children: childrenOf(value),
      };
    });
  };
  return root ? childrenOf(root) : [];
}

function nameOf(node: Node): string | undefined {
  const name = find(node, ['name'])?.node;
  return name?.kind === 'scalar' && typeof name.value === 'string' ? name.value : undefined;
}

/** Where a policy that the spec names is told of. */
export function linksOf({ loaded: { root, source } }: Compiled, policies: readonly Policy[]): DocumentLink[] {
  const named = [
    ...entriesOf(find(root, ['policies', 'levels'])?.node).map(({ key, keyRange }) => ({ id: key, range: keyRange })),
    ...itemsOf(find(root, ['policies', 'waivers'])?.node).flatMap((item) => {
      const policy = find(item, ['policy'])?.node;
      return policy?.kind === 'scalar' ? [{ id: String(policy.value), range: policy.range }] : [];
    }),
  ];
  return named.flatMap(({ id, range }) => {
    const policy = policies.find((each) => each.id === id);
    return policy ? [{ range: rangeAt(source, range), target: policy.source, tooltip: policy.title }] : [];
  });
}

const entriesOf = (node: Node | undefined) => (node?.kind === 'map' ? node.entries : []);
const itemsOf = (node: Node | undefined) => (node?.kind === 'list' ? node.items : []);
