import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prettyCost } from '../../src/report/cost.ts';
import { summarise } from '../../src/report/report.ts';
import { perpetual } from '../support/cli.ts';
import { expectGolden } from '../support/golden.ts';
import { compileText, folder, leastSpec, specIn, today } from '../support/specs.ts';

const cost = (...args: string[]) => perpetual(['cost', ...args]);
const bothFree = `${leastSpec}usage: { egressGb: 60 }\n`;

describe('the bill', () => {
  it.each(['item', 'line', 'resource'])('by %s is what was reviewed', async (by) => {
    for (const [format, ending] of [
      ['pretty', 'txt'],
      ['markdown', 'md'],
    ] as const) {
      const { code, stdout, stderr } = await cost('specs', '--by', by, '-f', format);
      expect([code, stderr]).toEqual([0, '']);
      expectGolden(`test/goldens/cli/cost-by-${by}.${ending}`, stdout);
    }
  });

  it('of everything there is, with its meters, is what was reviewed', async () => {
    const { stdout } = await cost('test/fixtures/specs/everything.yaml', '--meters');
    expectGolden('test/goldens/cli/cost-everything.txt', stdout);
  });

  it('is, for programs, what a check says', async () => {
    const { stdout } = await cost('-f', 'json');
    expect(stdout).toBe((await perpetual(['check', '-f', 'json'])).stdout);
    const [{ bill }] = JSON.parse(stdout).specs;
    expect(bill.items.find(({ name }: { name: string }) => name === 'Nodes')).toMatchObject({
      path: 'cluster.nodePool.vmSize',
      line: 14,
    });
  });

  it('by line has every item on the line of its path', async () => {
    for (const file of ['specs/prod/perpetual-node.yaml', 'test/fixtures/specs/everything.yaml']) {
      const { bill } = summarise(compileText(readFileSync(file, 'utf8'), file));
      const { stdout } = await cost(file, '--by', 'line');
      const lines = stdout.split('\n').filter((line) => / \|( |$)/.test(line));
      const sum = Number(/^ *([\d.]+)/.exec(lines.at(-1) as string)?.[1]);
      const amounts = lines.slice(1, -1).map((line) => /^ *([\d.]+|no price)(?: |$)/.exec(line)?.[1]);
      expect(amounts).toHaveLength(readFileSync(file, 'utf8').trimEnd().split('\n').length);
      for (const { line, monthlyUsd } of bill?.items ?? [])
        expect(amounts[line - 1], `line ${line}`).toMatch(monthlyUsd === null ? /./ : /^\d/);
      expect(amounts.filter(Boolean)).toHaveLength(new Set(bill?.items.map(({ line }) => line)).size);
      expect(amounts.reduce((total, amount) => total + (Number(amount) || 0), 0)).toBeCloseTo(sum, 1);
      expect(sum).toBe(bill?.monthlyUsd);
    }
  });

  it('grants what a subscription has free once', async () => {
    const root = folder({ ...specIn('dev', bothFree), ...specIn('prod', bothFree) });
    const { stdout } = await perpetual(['cost'], { cwd: root });
    // 20 GB at 0.087 beside two bills of 95.31.
    expect(stdout).toMatch(/internet egress +20 GB more than their subscription has free +1\.74\n +sum +192\.36/);
    const { summary } = JSON.parse((await perpetual(['cost', '-f', 'json'], { cwd: root })).stdout);
    expect(summary.monthlyUsd).toBe(192.36);
    expect((await perpetual(['check', '-f', 'markdown'], { cwd: root })).stdout).toContain('**192.36**');
  });

  it('says what has no price, and why a spec is wrong, and goes on', async () => {
    const root = folder({
      ...specIn('prod', `${leastSpec.replace('eastus', 'japaneast')}foo: 1\n`),
      ...specIn('dev', 'x: ['),
    });
    const { code, stdout } = await perpetual(['cost'], { cwd: root });
    expect(code).toBe(1);
    expect(stdout).toContain('error[spec/unknown-key]');
    expect(stdout).toContain('error[yaml/syntax]');
    expect(stdout).toMatch(/not priced, and not in the sum: .*Data disk \(8 GiB/);
    expect(stdout).toMatch(/Data disk .* no price/);
    expect(stdout).toMatch(/specs\/dev\/perpetual-node.yaml +no bill/);
    const byResource = (await perpetual(['cost', '--by', 'resource'], { cwd: root })).stdout;
    expect(byResource).toMatch(/cluster .* 100\.51 \+ \? /);
    const markdown = (await perpetual(['cost', '-f', 'markdown'], { cwd: root })).stdout;
    expect(markdown).toContain('USD/month without what has no price or no usable value** (2 specs,');
    expect(markdown).toContain('- **error** spec/unknown-key at specs/prod/perpetual-node.yaml:13:1: ');
  });

  it('goes where it is sent, from where it comes', async () => {
    const root = folder(specIn('prod'));
    const { code, stdout } = await perpetual(
      [
        'cost',
        '-',
        '--stdin-filename',
        'a.yaml',
        '-f',
        'pretty',
        '-f',
        'markdown=out/bill.md',
        '--as-of',
        '2026-12-02',
      ],
      { cwd: root, input: leastSpec },
    );
    expect(code).toBe(0);
    expect(stdout).toContain('a.yaml: prod (production)');
    expect(stdout).toContain('70 d');
    expect(readFileSync(join(root, 'out/bill.md'), 'utf8')).toContain('### a.yaml: prod (production)');
    expect((await perpetual(['cost', '--color', 'always'], { cwd: root })).stdout).toContain('\u001b[1m');
    expect((await perpetual(['cost', '-e', 'staging'], { cwd: root })).code).toBe(6);
  });

  it.each([
    [['--by', 'tag']],
    [['--by', 'line', '-f', 'json']],
    [['--meters', '--by', 'line']],
    [['-f', 'html']],
    [['--max-cost', '-5']],
    [['--max-cost', 'much']],
    [['--max-increase', '5 %', '--against', 'HEAD']],
    [['--max-increase', '5']],
    [['--against', 'HEAD']],
  ])('refuses %j', async (args) => {
    const { code, stdout, stderr } = await cost('specs', ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^perpetual: .+\n$/);
  });
});

describe('a table', () => {
  it('gives way where there is too little room, wide characters counted as they are drawn', async () => {
    const compiled = compileText(leastSpec, 'specs/日本語/perpetual-node.yaml');
    const report = {
      specs: [summarise(compiled), summarise(compiled)],
      diagnostics: [],
      source: () => compiled.loaded.source,
      environmentOf: () => '',
      asOf: today,
      tool: { version: '0', catalog: '' },
    };
    const draw = async (width?: number) =>
      (await prettyCost(report, { by: 'item', meters: false, color: false, ...(width && { width }) })).split('\n');
    const nodes = (lines: string[]) => lines.find((line) => line.startsWith('  Nodes')) as string;
    expect(nodes(await draw())).toContain('1 x Standard_D2as_v5, Linux, pay as you go');
    expect(nodes(await draw(140))).toContain('1 x Standard_D2as_...  ');
    for (const width of [80, 100, 120, 140]) {
      const lines = (await draw(width)).filter((line) => !/^ {2}(disputed|assumed):/.test(line));
      expect(lines.filter((line) => line.length > width)).toEqual([]);
      expect(nodes(lines)).toContain('62.78');
    }
    expect(await draw(100)).toContain('  a wider terminal shows: USD/unit, source');
    // Three of them take one code unit and two columns each.
    const lines = await draw();
    const environment = lines.find((line) => line.startsWith('  prod ')) as string;
    const sum = lines.findLast((line) => line.startsWith('  sum')) as string;
    expect(environment.indexOf('95.31') + '95.31'.length + 3).toBe(sum.indexOf('190.62') + '190.62'.length);
  });
});

describe('for a pull request', () => {
  it('a check is a short comment', async () => {
    const { stdout } = await perpetual([
      'check',
      '-f',
      'markdown',
      'specs',
      'test/fixtures/policies/sku-below-system-minimum/invalid.yaml',
    ]);
    expectGolden('test/goldens/cli/check.md', stdout);
  });

  it('stays under 4 kB and says what it leaves out', async () => {
    const bad = `${leastSpec}${Array.from({ length: 60 }, (_, index) => `unknown_key_${index}: 1\n`).join('')}`;
    const many = folder(Object.assign({}, ...Array.from({ length: 40 }, (_, index) => specIn(`e${index}`, bad))));
    const { stdout } = await perpetual(['check', '-f', 'markdown'], { cwd: many });
    expect(Buffer.byteLength(stdout)).toBeLessThan(4096);
    expect(stdout).toMatch(/^\*\*2400 errors, /);
    const rows = stdout.split('\n').filter((line) => line.startsWith('| e')).length - 1;
    const findings = stdout.split('\n').filter((line) => line.startsWith('- ')).length;
    expect(rows).toBeGreaterThan(5);
    expect(findings).toBeGreaterThan(5);
    expect(stdout).toContain(`and ${40 - rows} more specs`);
    expect(stdout).toContain(`and ${2400 - findings} more findings`);
  });

  it('calls nobody and draws nothing that a spec asks for', async () => {
    const text = `${leastSpec}"@everyone ![x](https://example.org/x.png) <b>|": 1\n`;
    const { stdout } = await perpetual(['check', '-', '-f', 'markdown'], { input: text });
    expect(stdout).toContain('@<!-- -->everyone \\!\\[x\\](https://example.org/x.png) \\<b\\>\\|');
  });
});
