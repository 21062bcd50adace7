import { colours, type Graph, type GraphNode } from './graph.ts';

/** https://graphviz.org/doc/info/lang.html */
export function dot({ title, nodes, edges }: Graph): string {
  const draw = ({ id, lines, shape, tone }: GraphNode): string => {
    const { line, fill, text } = colours[tone];
    const style = shape === 'round' ? 'rounded,filled' : 'filled';
    return `${quoted(id)} [label=${quoted(...lines)} style="${style}" color="${line}" fillcolor="${fill}" fontcolor="${text}"]`;
  };
  const groups = Map.groupBy(nodes, ({ within }) => within);
  const lines = [
    `digraph ${quoted(title)} {`,
    `  graph [rankdir=LR labelloc=t label=${quoted(title)} fontname="monospace"]`,
    '  node [shape=box fontname="monospace" fontsize=12]',
    '  edge [fontname="monospace" fontsize=10]',
  ];
  for (const [index, [group, members]] of [...groups].entries()) {
    if (group === undefined) lines.push(...members.map((node) => `  ${draw(node)}`));
    else
      lines.push(
        `  subgraph "cluster ${index}" {`,
        `    label=${quoted(group)}`,
        ...members.map((node) => `    ${draw(node)}`),
        '  }',
      );
  }
  for (const { from, to, labels, tone } of edges)
    lines.push(
      `  ${quoted(from)} -> ${quoted(to)} [${labels.length > 0 ? `label=${quoted(labels.join(', '))} ` : ''}color="${colours[tone].line}"]`,
    );
  return `${lines.join('\n')}\n}\n`;
}

const quoted = (...lines: string[]): string =>
  `"${lines.map((line) => line.replace(/["\\]/g, (character) => `\\${character}`)).join('\\n')}"`;
