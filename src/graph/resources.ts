import type { Diagnostic } from '../diagnostic.ts';
import type { Resource } from '../plan.ts';
import { usersByName } from '../policy/references.ts';
import { Drawing, type Graph, toneFinder } from './graph.ts';

/** Which resource needs which. What follows from other needs is left out: a picture of everything shows nothing. */
export function resourcesGraph(
  resources: readonly Resource[],
  diagnostics: readonly Diagnostic[],
  title: string,
): Graph {
  const drawing = new Drawing();
  const toneOf = toneFinder(diagnostics);
  // Providers are how resources are made, and every one needs its own.
  const made = resources.filter(({ type }) => !type.startsWith('pulumi:'));
  for (const { name, type } of made)
    drawing.node({ id: name, lines: [name, shortType(type)], shape: 'box', tone: toneOf(name) });
  const needs = needsByName(made);
  for (const [name, direct] of needs) {
    const indirect = new Set([...direct].flatMap((each) => [...reachable(each, needs)]));
    for (const each of direct) if (!indirect.has(each)) drawing.edge(name, each, undefined, 'plain');
  }
  return drawing.graph(title);
}

const shortType = (type: string): string => type.replace(/^azure-native[^:]*:/, '').replace(/^kubernetes:/, '');

function needsByName(resources: readonly Resource[]): Map<string, Set<string>> {
  const needs = new Map(resources.map(({ name }) => [name, new Set<string>()]));
  for (const [used, users] of usersByName(resources)) {
    if (!needs.has(used)) continue;
    for (const { name } of users) needs.get(name)?.add(used);
  }
  return needs;
}

/** Everything that something needs, and what that needs in turn. */
function reachable(
  name: string,
  needs: ReadonlyMap<string, ReadonlySet<string>>,
  seen = new Set<string>(),
): Set<string> {
  for (const each of needs.get(name) ?? []) {
    if (seen.has(each)) continue;
    seen.add(each);
    reachable(each, needs, seen);
  }
  return seen;
}
