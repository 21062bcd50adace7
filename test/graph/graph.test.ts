import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dot } from '../../src/graph/dot.ts';
import { Drawing, type Graph } from '../../src/graph/graph.ts';
import { mermaid } from '../../src/graph/mermaid.ts';
import { reachGraph } from '../../src/graph/reach.ts';
import { svg } from '../../src/graph/svg.ts';
import { perpetual } from '../support/cli.ts';
import { expectGolden } from '../support/golden.ts';
import { readProgram } from '../support/program.ts';
import { compileText, leastSpec } from '../support/specs.ts';

const specs = {
  dev: 'specs/dev/perpetual-node.yaml',
  prod: 'specs/prod/perpetual-node.yaml',
  everything: 'test/fixtures/specs/everything.yaml',
  open: 'test/fixtures/policies/nsg-open-admin-api/invalid.yaml',
};
const pictures = Object.entries(specs).flatMap(([name, spec]) =>
  ['mermaid', 'svg', 'dot'].flatMap((format) => ['reach', 'resources'].map((what) => ({ name, spec, format, what }))),
);
const endings: Record<string, string> = { mermaid: 'mmd', svg: 'svg', dot: 'dot' };

/** The elements of a text, when it is well-formed XML as far as we write any. */
function elementsOf(text: string): { name: string; attributes: Record<string, string>; content: string }[] {
  const open: { name: string; attributes: Record<string, string>; content: string }[] = [];
  const all: typeof open = [];
  let end = 0;
  for (const match of text.matchAll(/<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g)) {
    const between = text.slice(end, match.index);
    expect(between, between).not.toMatch(/[<>]|&(?!#\d+;)/);
    const inner = open.at(-1);
    if (inner) inner.content += between.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
    else expect(between.trim()).toBe('');
    end = match.index + match[0].length;
    const [, closes, name = '', attributes = '', empty] = match;
    if (closes) expect(open.pop()?.name).toBe(name);
    else {
      const element = {
        name,
        attributes: Object.fromEntries(
          [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
        ),
        content: '',
      };
      all.push(element);
      if (!empty) open.push(element);
    }
  }
  expect(open).toEqual([]);
  expect(text.slice(end).trim()).toBe('');
  return all;
}

/** The boxes of a picture with the labels that belong into each. */
function boxesOf(
  text: string,
): { box: Record<string, number>; labels: { text: string; x: number; y: number; size: number }[] }[] {
  return [...text.matchAll(/<g>(<rect[\s\S]*?)<\/g>/g)].map(([, inner = '']) => {
    const [rect, ...labels] = elementsOf(`<g>${inner}</g>`).slice(1);
    const { x, y, width, height } = rect?.attributes ?? {};
    return {
      box: { x: Number(x), y: Number(y), width: Number(width), height: Number(height) },
      labels: labels.map(({ attributes, content }) => ({
        text: content,
        x: Number(attributes.x),
        y: Number(attributes.y),
        size: Number(attributes['font-size']),
      })),
    };
  });
}

function expectReadable(text: string): void {
  const [root] = elementsOf(text);
  expect(root?.attributes.xmlns).toBe('http://www.w3.org/2000/svg');
  const [, , width = 0, height = 0] = (root?.attributes.viewBox ?? '').split(' ').map(Number);
  for (const { box, labels } of boxesOf(text)) {
    const { x = 0, y = 0, width: wide = 0, height: high = 0 } = box;
    expect(x >= 0 && y >= 0 && x + wide <= width && y + high <= height).toBe(true);
    for (const label of labels) {
      // Monospaced letters are six tenths of their size wide; text is set around its middle, upon its base line.
      const half = ([...label.text].length * label.size * 0.602) / 2;
      expect(label.x - half, label.text).toBeGreaterThanOrEqual(x);
      expect(label.x + half, label.text).toBeLessThanOrEqual(x + wide);
      expect(label.y - label.size * 0.8, label.text).toBeGreaterThanOrEqual(y);
      expect(label.y + label.size * 0.25, label.text).toBeLessThanOrEqual(y + high);
    }
  }
}

describe('a picture', () => {
  it.each(pictures)(
    'of $name ($what) as $format is the one that was reviewed',
    async ({ name, spec, format, what }) => {
      const { code, stdout, stderr } = await perpetual(['graph', spec, '--what', what, '-f', format]);
      expect([code, stderr]).toEqual([0, '']);
      if (format === 'svg') expectReadable(stdout);
      // Resources of the others are those of their plans, which have goldens of their own.
      if (what === 'reach' || name === 'dev')
        expectGolden(`test/goldens/graphs/${name}-${what}.${endings[format]}`, stdout);
    },
  );

  it('is Mermaid when nothing else is asked for', async () => {
    const { stdout } = await perpetual(['graph', specs.dev]);
    expect(stdout).toBe((await perpetual(['graph', specs.dev, '-f', 'mermaid', '--what', 'reach'])).stdout);
  });

  it('takes names as they are, in every format', () => {
    const drawing = new Drawing();
    const odd = '"<a & b>\\ #1 ]) %% end\u0007';
    const from = drawing.node({ id: odd, lines: [odd, '日本'], shape: 'round', tone: 'error', within: odd });
    const to = drawing.node({ id: 'end', lines: ['end'], shape: 'box', tone: 'plain' });
    drawing.edge(from, to, '<"|>', 'warning');
    const graph = drawing.graph(odd);
    expectReadable(svg(graph));
    expect(elementsOf(svg(graph)).find(({ name }) => name === 'title')?.content).toBe(odd.replace('\u0007', '\ufffd'));
    expect(mermaid(graph)).toContain('n0(["#34;#60;a #38; b#62;#92; #35;1 ]) %% end');
    expect(dot(graph)).toContain('"\\"<a & b>\\\\ #1 ]) %% end');
  });

  it('of nothing is empty', () => {
    const empty: Graph = { title: 'nothing', nodes: [], edges: [] };
    expectReadable(svg(empty));
    expect(mermaid(empty)).toContain('flowchart LR');
    expect(dot(empty)).toMatch(/^digraph "nothing" \{[\s\S]*\}\n$/);
  });
});

const reach = (text: string): Graph => {
  const { plan, diagnostics } = compileText(text);
  return reachGraph(plan?.resources ?? [], diagnostics, 'x');
};
const arrows = ({ nodes, edges }: Graph): string[] => {
  const name = new Map(nodes.map(({ id, lines }) => [id, lines.join(' ')]));
  return edges.map(
    ({ from, to, tone }) => `${name.get(from)} -> ${name.get(to)}${tone === 'plain' ? '' : ` (${tone})`}`,
  );
};

describe('who can reach what', () => {
  it('is told by the model: what a deny keeps out is not drawn', () => {
    const rule =
      '{ name: NoSwarm, priority: 200, access: Deny, protocol: "*", sourceAddressPrefix: Internet, destinationAddressPrefix: "*", destinationPortRange: "4001" }';
    expect(arrows(reach(leastSpec)).filter((arrow) => arrow.startsWith('the internet'))).toEqual([
      'the internet -> AllowSwarmTcp 4001 TCP',
      'the internet -> AllowSwarmUdp 4001 UDP',
    ]);
    expect(
      arrows(reach(`${leastSpec}network: { rules: [${rule}] }\n`)).filter((arrow) => arrow.startsWith('the internet')),
    ).toEqual([]);
  });

  it('has the colour of what was found on the way', () => {
    expect(arrows(reach(`${leastSpec}network: { expose: { api: { from: [internet] } } }\n`))).toEqual(
      expect.arrayContaining([
        'the internet -> AllowApi 5001 TCP (error)',
        'AllowApi 5001 TCP -> perpetual-api public load balancer (error)',
        'perpetual-api public load balancer -> node api 5001/TCP (error)',
      ]),
    );
  });

  it('shows ways past the load balancer, and Services without a group before them', () => {
    const { resources } = readProgram('test/fixtures/policies/cluster-open-admin-api/program.yaml');
    const drawn = arrows(reachGraph(resources, [], 'x'));
    expect(drawn).toContain('the internet -> plain public load balancer');
    expect(drawn).toContain('203.0.113.0/24 -> ranges public load balancer');
    expect(drawn).toContain('the internet -> the Ingress web a way past the load balancer');
    expect(drawn).toContain('the workload on-the-machine a way past the load balancer -> on-the-machine 5001/TCP');
  });
});

describe('the command', () => {
  const folder = (): string => mkdtempSync(join(tmpdir(), 'perpetual-graph-'));

  it('writes a whole file', async () => {
    const root = folder();
    const { code, stdout } = await perpetual(['graph', specs.dev, '-f', 'svg', '-o', join(root, 'a', 'dev.svg')]);
    expect([code, stdout]).toEqual([0, '']);
    expectReadable(readFileSync(join(root, 'a', 'dev.svg'), 'utf8'));
    expect(readdirSync(join(root, 'a'))).toEqual(['dev.svg']);
  });

  it('takes the spec of an environment, or standard input', async () => {
    const { stdout } = await perpetual(['graph', '-e', 'prod']);
    expect(stdout).toContain('prod: who can reach what');
    const piped = await perpetual(['graph', '-'], { input: readFileSync(specs.prod, 'utf8') });
    expect(piped).toEqual({ code: 0, stdout, stderr: '' });
  });

  it.each([
    ['several specs', ['graph'], 2],
    ['two specs', ['graph', specs.dev, specs.prod], 2],
    ['an unknown format', ['graph', specs.dev, '-f', 'png'], 2],
    ['an unknown environment', ['graph', '-e', 'staging'], 6],
  ])('refuses %s', async (_, args, code) => {
    const outcome = await perpetual(args);
    expect([outcome.code, outcome.stdout]).toEqual([code, '']);
    expect(outcome.stderr).toMatch(/^perpetual: .+\n$/);
  });

  it('draws what is right of a spec with errors, and says so', async () => {
    const root = folder();
    writeFileSync(join(root, 'x.yaml'), leastSpec.replace('eastus', 'nowhere-at-all').replace('"1.35"', '[]'));
    const { code, stdout, stderr } = await perpetual(['graph', join(root, 'x.yaml')]);
    expect(code).toBe(1);
    expect(stdout).toContain('flowchart LR');
    expect(stderr).toContain('has errors');
    writeFileSync(join(root, 'y.yaml'), '');
    const none = await perpetual(['graph', join(root, 'y.yaml'), '-o', join(root, 'y.svg')]);
    expect([none.code, none.stdout, existsSync(join(root, 'y.svg'))]).toEqual([1, '', false]);
  });
});
