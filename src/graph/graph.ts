import type { Diagnostic, Severity } from '../diagnostic.ts';

/** A picture as data: what every format draws. */
export type Graph = { title: string; nodes: GraphNode[]; edges: Edge[] };

/** How bad it is; what nobody has anything to say about is plain. */
export type Tone = 'plain' | Severity;
export const tones: readonly Tone[] = ['plain', 'info', 'warning', 'error'];
export const worst = (...given: readonly Tone[]): Tone =>
  given.reduce((a, b) => (tones.indexOf(a) >= tones.indexOf(b) ? a : b), 'plain');

export type GraphNode = {
  id: string;
  /** The first line is what it is called. */
  lines: string[];
  shape: 'round' | 'box';
  tone: Tone;
  /** What it is a part of, as rules are of their group. */
  within?: string;
};
export type Edge = { from: string; to: string; labels: string[]; tone: Tone };

/** How the formats colour what is drawn. */
export const colours: Record<Tone, { line: string; fill: string; text: string }> = {
  plain: { line: '#57606a', fill: '#f6f8fa', text: '#1f2328' },
  info: { line: '#0969da', fill: '#ddf4ff', text: '#0a3069' },
  warning: { line: '#9a6700', fill: '#fff8c5', text: '#4d2d00' },
  error: { line: '#cf222e', fill: '#ffebe9', text: '#82071e' },
};

/** Collects nodes and edges; what is said twice is drawn once, in the worse of both tones. */
export class Drawing {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #edges = new Map<string, Edge>();

  node(node: GraphNode): string {
    const known = this.#nodes.get(node.id);
    if (known) known.tone = worst(known.tone, node.tone);
    else this.#nodes.set(node.id, { ...node });
    return node.id;
  }

  edge(from: string, to: string, label: string | undefined, tone: Tone): void {
    const key = JSON.stringify([from, to]);
    const known = this.#edges.get(key) ?? { from, to, labels: [], tone };
    if (label !== undefined && !known.labels.includes(label)) known.labels.push(label);
    known.tone = worst(known.tone, tone);
    this.#edges.set(key, known);
  }

  graph = (title: string): Graph => ({ title, nodes: [...this.#nodes.values()], edges: [...this.#edges.values()] });
}

/** How bad what is at an input of a resource is, by what was found there or below. */
export function toneFinder(diagnostics: readonly Diagnostic[]): (resource: string, input?: string) => Tone {
  const found = diagnostics.flatMap(({ resource, severity, waived }) =>
    resource ? [{ ...resource, tone: waived ? ('info' as const) : severity }] : [],
  );
  return (resource, input = '') =>
    worst(
      ...found
        .filter(({ name, path }) => name === resource && (path === input || input === '' || isBelow(path, input)))
        .map(({ tone }) => tone),
    );
}

const isBelow = (path: string, input: string): boolean =>
  path.startsWith(input) && ['.', '['].includes(path.charAt(input.length));
