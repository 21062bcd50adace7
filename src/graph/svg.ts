import { Graph as Layout, layout } from '@dagrejs/dagre';
import { colours, type Edge, type Graph, type GraphNode, tones } from './graph.ts';

// All of these fonts have letters of 0.6 em, so that a text's width is known without drawing it.
const fonts = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const nodeFont = 12;
const edgeFont = 10;
const lineHeight = 16;
const padding = { x: 12, y: 8 };
const margin = 24;
const heading = 28;

const widthOf = (text: string, size: number): number =>
  Math.ceil([...text].reduce((sum, letter) => sum + wide(letter), 0) * size * 0.61);
// Letters of Chinese and its neighbours, and pictures, take two places.
const wide = (letter: string): number => ((letter.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1);

type Point = { x: number; y: number };
type Placed = Point & { width: number; height: number };

/** One picture without anything from elsewhere: no script, no font, no link. */
export function svg({ title, nodes, edges }: Graph): string {
  const plan = new Layout({ multigraph: false, compound: false });
  plan.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 56, edgesep: 10, marginx: margin, marginy: margin });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) plan.setNode(node.id, sizeOf(linesOf(node)));
  for (const { from, to, labels } of edges) {
    const text = labels.join(', ');
    plan.setEdge(from, to, text ? { width: widthOf(text, edgeFont) + 8, height: edgeFont + 6, labelpos: 'c' } : {});
  }
  layout(plan);
  const { width = 0, height = 0 } = plan.graph() as { width?: number; height?: number };
  const full = {
    width: Math.ceil(
      Math.max(
        Number.isFinite(width) ? width : 0,
        widthOf(title, 14) + 2 * margin,
        legend(nodes, edges).length * legendStep + margin,
      ),
    ),
    height: Math.ceil(
      (Number.isFinite(height) ? height : 0) + heading + (legend(nodes, edges).length > 0 ? heading : 0),
    ),
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${full.width} ${full.height}" width="${full.width}" height="${full.height}" role="img" font-family="${fonts}">`,
    `<title>${escaped(title)}</title>`,
    `<defs>${tones.map(arrow).join('')}</defs>`,
    `<rect width="${full.width}" height="${full.height}" fill="#ffffff"/>`,
    `<text x="${margin}" y="${heading}" font-size="14" font-weight="bold" fill="#1f2328">${escaped(title)}</text>`,
    `<g transform="translate(0 ${heading})">`,
    ...edges.map((edge) => {
      const place = plan.edge(edge.from, edge.to) as EdgePlace;
      const [from, to] = [plan.node(edge.from) as Placed, plan.node(edge.to) as Placed];
      return drawEdge(edge, between(from, place.points, to), place);
    }),
    ...nodes.map((node) => drawNode(node, plan.node(node.id) as Placed)),
    '</g>',
    ...legend(nodes, edges).map(
      ({ tone, text }, index) =>
        `<text x="${margin + index * legendStep}" y="${full.height - 12}" font-size="${edgeFont}" fill="${colours[tone].line}">${text}</text>`,
    ),
    '</svg>',
    '',
  ].join('\n');
}

/** What the colours mean, as far as any are used. */
const meanings = {
  error: 'red: a mandatory finding',
  warning: 'brown: an advisory one',
  info: 'blue: a note',
} as const;
const legendStep = 180;
const legend = (nodes: readonly GraphNode[], edges: readonly Edge[]) =>
  (['error', 'warning', 'info'] as const)
    .filter((tone) => [...nodes, ...edges].some((each) => each.tone === tone))
    .map((tone) => ({ tone, text: meanings[tone] }));

const linesOf = ({ lines, within }: GraphNode): string[] => (within === undefined ? lines : [...lines, within]);

const sizeOf = (lines: readonly string[]): { width: number; height: number } => ({
  width: Math.max(...lines.map((line) => widthOf(line, nodeFont))) + 2 * padding.x,
  height: lines.length * lineHeight + 2 * padding.y,
});

function drawNode(node: GraphNode, { x, y, width, height }: Placed): string {
  const { line, fill, text } = colours[node.tone];
  const [left, top] = [round(x - width / 2), round(y - height / 2)];
  const rounded = node.shape === 'round' ? height / 2 : 4;
  const rows = linesOf(node).map((row, index) => {
    const weight = index === 0 ? ' font-weight="bold"' : '';
    return `<text x="${round(x)}" y="${round(top + padding.y + lineHeight * index + 12)}"${weight} font-size="${nodeFont}" text-anchor="middle" fill="${text}">${escaped(row)}</text>`;
  });
  const stroke = node.tone === 'plain' ? 1 : 2;
  return `<g><rect x="${left}" y="${top}" width="${round(width)}" height="${round(height)}" rx="${round(rounded)}" fill="${fill}" stroke="${line}" stroke-width="${stroke}"/>${rows.join('')}</g>`;
}

type EdgePlace = { points: Point[] } & Partial<Placed>;

/** From the middle of one side to the middle of the other: an arrow that ends at a corner points at nothing. */
const between = (from: Placed, points: readonly Point[], to: Placed): Point[] => [
  { x: from.x + from.width / 2, y: from.y },
  ...points.slice(1, -1),
  { x: to.x - to.width / 2, y: to.y },
];

function drawEdge(
  { labels, tone }: Edge,
  points: readonly Point[],
  { x = 0, y = 0, width = 0, height = 0 }: EdgePlace,
): string {
  const { line, text } = colours[tone];
  const path = `<path d="${curve(points)}" fill="none" stroke="${line}" stroke-width="${tone === 'plain' ? 1.2 : 2}" marker-end="url(#arrow-${tone})"/>`;
  if (labels.length === 0) return path;
  const box = `<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" fill="#ffffff"/>`;
  return `${path}<g>${box}<text x="${round(x)}" y="${round(y + 3.5)}" font-size="${edgeFont}" text-anchor="middle" fill="${text}">${escaped(labels.join(', '))}</text></g>`;
}

/** Through the middles of the given points, bent at each. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points as [Point, ...Point[]];
  const parts = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] as Point;
    const end = index === rest.length - 2 ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${at(point)} ${at(end)}`;
  });
  return `M${at(first)}${parts.length > 0 ? parts.join('') : rest.map((point) => `L${at(point)}`).join('')}`;
}

const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
const round = (value: number): number => Math.round(value * 10) / 10;

const arrow = (tone: keyof typeof colours): string =>
  `<marker id="arrow-${tone}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse" markerUnits="userSpaceOnUse"><path d="M0 0L8 4L0 8z" fill="${colours[tone].line}"/></marker>`;

// XML knows no control characters, not even as references.
const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in it.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
