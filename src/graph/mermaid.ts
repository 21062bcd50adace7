import { colours, type Graph, type GraphNode, tones } from './graph.ts';

/** https://mermaid.js.org/syntax/flowchart.html, which GitHub draws in Markdown. */
export function mermaid({ title, nodes, edges }: Graph): string {
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const idOf = (id: string): string => ids.get(id) ?? 'n';
  const draw = (node: GraphNode): string => {
    const [open, close] = node.shape === 'round' ? ['([', '])'] : ['[', ']'];
    const tone = node.tone === 'plain' ? '' : `:::${node.tone}`;
    return `${idOf(node.id)}${open}"${node.lines.map(escaped).join('<br>')}"${close}${tone}`;
  };
  const groups = Map.groupBy(nodes, ({ within }) => within);
  const lines = ['---', `title: ${JSON.stringify(title)}`, '---', 'flowchart LR'];
  for (const [index, [group, members]] of [...groups].entries()) {
    if (group === undefined) lines.push(...members.map((node) => `  ${draw(node)}`));
    else
      lines.push(`  subgraph g${index}["${escaped(group)}"]`, ...members.map((node) => `    ${draw(node)}`), '  end');
  }
  for (const { from, to, labels } of edges)
    lines.push(`  ${idOf(from)} -->${labels.length > 0 ? `|"${labels.map(escaped).join(', ')}"|` : ''} ${idOf(to)}`);
  for (const tone of tones.slice(1)) {
    const { line, fill, text } = colours[tone];
    if (nodes.some((node) => node.tone === tone))
      lines.push(`  classDef ${tone} fill:${fill},stroke:${line},color:${text},stroke-width:2px`);
    const drawn = edges.flatMap((edge, index) => (edge.tone === tone ? [index] : []));
    if (drawn.length > 0) lines.push(`  linkStyle ${drawn.join(',')} stroke:${line},stroke-width:2px`);
  }
  return `${lines.join('\n')}\n`;
}

const escaped = (text: string): string => text.replace(/[#"<>&\\`]/g, (character) => `#${character.codePointAt(0)};`);
