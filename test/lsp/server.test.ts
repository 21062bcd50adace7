import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CompletionItem } from 'vscode-languageserver-protocol';
import { policies } from '../../policies/index.ts';
import { compile } from '../../src/compile.ts';
import { readConfig } from '../../src/policy/read-config.ts';
import { Source } from '../../src/spec/source.ts';
import { type Client, edited, positionIn, startServer } from '../support/language-server.ts';
import { compileText, folder, leastSpec, specIn, today } from '../support/specs.ts';

const args = ['bin/perpetual.js', 'lsp', '--stdio', '--as-of', today];
let server: Client;
beforeAll(async () => {
  server = await startServer(process.execPath, args);
});
afterAll(async () => {
  // Whatever was asked of it, nothing went wrong inside and nothing was said beside the protocol.
  expect(server.logged).toEqual([]);
  expect(await server.stop()).toEqual({ code: 0, stderr: '' });
});

const prod = readFileSync('specs/prod/perpetual-node.yaml', 'utf8');
const uriOf = (file: string): string => pathToFileURL(file).href;
let opened = 0;
/** A buffer that was never saved, with no owners' settings of its own. */
const buffer = (): string => uriOf(`buffers/${++opened}/perpetual-node.yaml`);
const whole = (text: string) => ({ start: { line: 0, character: 0 }, end: positionIn(text, text.length) });

/** The text before the bar and after it, and the place where it stands. */
async function completeAt(marked: string): Promise<CompletionItem[]> {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const uri = buffer();
  await server.open(uri, text);
  const items = await server.complete(uri, positionIn(text, offset));
  await server.close(uri);
  return items;
}
const labels = (items: readonly CompletionItem[]): string[] => items.map(({ label }) => label);

const rest = leastSpec.replace(/cluster:\n.*\n/, '');

describe('completion', () => {
  it.each([
    ['the sections at the top', `${leastSpec}|`, ['network', 'storage', 'secrets', 'monitoring', 'budget', 'policies']],
    [
      'what a section lacks',
      leastSpec.replace('  kubernetesVersion: "1.35"\n', '  kubernetesVersion: "1.35"\n  |\n'),
      ['tier', 'nodePool', 'upgrades'],
    ],
    ['a key that is begun', `${leastSpec}storage:\n  da|\n`, ['data', 'growth', 'backups', 'logs']],
    ['keys in flow style', `${leastSpec}storage:\n  data: { sizeGiB: 8, | }\n`, ['sku', 'restoreFrom']],
    ['keys of an item', `${leastSpec}secrets:\n  items:\n    - |\n`, ['name', 'from', 'expires']],
    ['regions', leastSpec.replace('eastus', 'west|'), ['westeurope', 'westus']],
    ['Kubernetes versions', leastSpec.replace('"1.35"', '|'), ['1.35', '1.34']],
    [
      'sizes in block style',
      `${rest}cluster:\n  kubernetesVersion: "1.35"\n  nodePool:\n    vmSize: |\n`,
      ['Standard_D2as_v5'],
    ],
    [
      'sizes in flow style',
      `${rest}cluster: { kubernetesVersion: "1.35", nodePool: { vmSize: Standard_| } }\n`,
      ['Standard_D2as_v5'],
    ],
    [
      'sizes of further pools',
      `${rest}cluster:\n  kubernetesVersion: "1.35"\n  pools:\n    - name: more\n      vmSize: |\n`,
      ['Standard_D2as_v5'],
    ],
    ['choices', `${leastSpec}storage: { data: { sku: | } }\n`, ['Premium_LRS', 'StandardSSD_LRS']],
    ['yes and no', `${leastSpec}storage: { backups: { enabled: | } }\n`, ['true', 'false']],
    ['who is let in', `${leastSpec}network: { expose: { gateway: { from: [|] } } }\n`, ['203.0.113.0/24']],
    ['metrics', `${leastSpec}monitoring: { alerts: [{ metric: | }] }\n`, ['node_cpu_usage_percentage']],
    [
      'roles',
      `${leastSpec}secrets: { vault: { access: [{ principal: 11111111-2222-3333-4444-555555555555, role: | }] } }\n`,
      ['Key Vault Secrets User'],
    ],
    ['policies to be stricter with', `${leastSpec}policies:\n  levels:\n    |\n`, ['cost-over-budget']],
    [
      'policies that may be waived',
      `${leastSpec}policies: { waivers: [{ policy: | }] }\n`,
      ['sku-burstable-system-pool'],
    ],
  ])('offers %s', async (_, marked, expected) => {
    expect(labels(await completeAt(marked))).toEqual(expect.arrayContaining(expected));
  });

  it('leaves out what is there and what would be refused', async () => {
    expect(labels(await completeAt(`${leastSpec}storage:\n  data: { sizeGiB: 8, | }\n`))).not.toContain('sizeGiB');
    expect(labels(await completeAt(`${leastSpec}policies: { waivers: [{ policy: | }] }\n`))).not.toContain(
      'sku-below-system-minimum',
    );
    expect(
      labels(await completeAt(`${rest}cluster: { kubernetesVersion: "1.35", nodePool: { vmSize: | } }\n`)),
    ).not.toContain('Standard_B2s');
  });

  it('says of a size what it has and what it costs in the region of the spec', async () => {
    const inRegion = async (region: string) =>
      (
        await completeAt(
          `${rest.replace('eastus', region)}cluster: { kubernetesVersion: "1.35", nodePool: { vmSize: | } }\n`,
        )
      ).find(({ label }) => label === 'Standard_D2as_v5')?.detail;
    expect(await inRegion('eastus')).toBe('2 vCPU, 8 GiB, 62.78 USD/month');
    expect(await inRegion('westeurope')).not.toBe(await inRegion('eastus'));
  });

  it('writes a version in quotes', async () => {
    const [newest] = await completeAt(leastSpec.replace('"1.35"', '|'));
    expect(newest?.textEdit?.newText).toMatch(/^"1\.\d+"$/);
  });

  it('says nothing in a comment', async () => {
    expect(await completeAt(`${leastSpec}# netw|\n`)).toEqual([]);
  });
});

describe('what is found', () => {
  const fixtures = [
    ...readdirSync('test/fixtures/specs').map((name) => join('test/fixtures/specs', name)),
    ...readdirSync('test/fixtures/policies', { recursive: true, encoding: 'utf8' })
      .filter((name) => /(^|\/)(in)?valid\.yaml$/.test(name))
      .map((name) => join('test/fixtures/policies', name)),
    'specs/dev/perpetual-node.yaml',
    'specs/prod/perpetual-node.yaml',
  ];

  it.each(fixtures)('equals what check says: %s', async (file) => {
    const text = readFileSync(file, 'utf8');
    const uri = uriOf(file);
    const said = await server.open(uri, text);
    await server.close(uri);
    const config = file.startsWith('specs/')
      ? readConfig(new Source('policies/config.yaml', readFileSync('policies/config.yaml', 'utf8')), policies).config
      : undefined;
    const { diagnostics, loaded } = compile(file, text, { today, ...(config && { config }) });
    const expected = diagnostics.map(({ code, labels: [{ range }] }) => {
      const { line, column } = loaded.source.position(range.start);
      return `${code} ${line}:${column}`;
    });
    // A file of policies that is above a fixture counts for both.
    const withoutOwners = (all: string[]): string[] => all.sort();
    expect(
      withoutOwners(said.map(({ code, range: { start } }) => `${code} ${start.line + 1}:${start.character + 1}`)),
    ).toEqual(withoutOwners(expected));
  });

  it('follows what is typed, in UTF-16', async () => {
    const uri = buffer();
    const text = leastSpec.replace('kind:', '# 🚀 kubo\nkind:').replace('name: perpetual', 'name: perpetual # 🚀');
    expect(await server.open(uri, text)).toEqual([]);
    const at = positionIn(text, text.indexOf('eastus'));
    const wrong = await server.change(uri, 'eastsu', { start: at, end: { ...at, character: at.character + 6 } });
    expect(wrong).toMatchObject([
      { code: 'spec/unknown-region', severity: 1, source: 'perpetual', range: { start: at } },
    ]);
    const right = await server.change(uri, 'eastus', { start: at, end: { ...at, character: at.character + 6 } });
    expect(right).toEqual([]);
    await server.close(uri);
  });

  it('knows the settings of the owners around each of several folders, and hears when they change', async () => {
    const [one, other] = [
      folder({ ...specIn('prod'), 'policies/config.yaml': 'policies: {}\n' }),
      folder({
        ...specIn('prod'),
        'policies/config.yaml': 'policies:\n  cost-over-budget:\n    maxMonthlyUsd: { production: 10 }\n',
      }),
    ];
    const uris = [one, other].map((root) => uriOf(join(root, 'specs/prod/perpetual-node.yaml')));
    const codes = await Promise.all(
      uris.map(async (uri) => (await server.open(uri, leastSpec)).map(({ code }) => code)),
    );
    expect(codes[0]).toEqual([]);
    expect(codes[1]).toEqual(['cost-over-budget']);
    writeFileSync(join(other, 'policies/config.yaml'), 'policies: {}\n');
    await server.notify('workspace/didChangeWatchedFiles', {
      changes: [{ uri: uriOf(join(other, 'policies/config.yaml')), type: 2 }],
    });
    expect(await server.change(uris[1] as string, leastSpec)).toEqual([]);
  });

  it('says nothing of other files', async () => {
    const uri = uriOf('docker-compose.yaml');
    expect(await server.open(uri, 'services: { a: 1 }\n')).toEqual([]);
    expect(await server.complete(uri, { line: 0, character: 3 })).toEqual([]);
    expect(await server.hover(uri, { line: 0, character: 3 })).toBeNull();
  });
});

describe('fixes', () => {
  it('mend what they are offered for, one by one and all at once', async () => {
    const uri = buffer();
    const wrong = leastSpec.replace('eastus', 'eastsu').replace('"1.35"', '1.35');
    await server.open(uri, wrong);
    const quick = await server.actions(uri, whole(wrong), ['quickfix']);
    expect(quick.length).toBeGreaterThan(0);
    for (const { edit, diagnostics = [] } of quick) {
      const mended = compileText(edited(wrong, edit?.changes?.[uri] ?? []));
      expect(mended.diagnostics.map(({ code }) => code)).not.toContain(diagnostics[0]?.code);
    }
    const [all] = await server.actions(uri, whole(wrong), ['source.fixAll']);
    expect(all?.kind).toBe('source.fixAll');
    const mended = edited(wrong, all?.edit?.changes?.[uri] ?? []);
    expect(mended).toContain('"1.35"');
    await server.change(uri, mended);
    // What is only likely to be meant is for the writer to say.
    expect(await server.actions(uri, whole(mended), ['source.fixAll'])).toEqual([]);
    await server.close(uri);
  });
});

describe('formatting', () => {
  it('puts keys in order as fmt does, and leaves what is no YAML', async () => {
    const uri = buffer();
    const turned = leastSpec.replace(
      '  name: perpetual\n  environment: prod\n',
      '  environment: prod # here\n  name: perpetual\n',
    );
    await server.open(uri, turned);
    const ordered = edited(turned, (await server.format(uri)) ?? []);
    expect(ordered).toBe(leastSpec.replace('environment: prod\n', 'environment: prod # here\n'));
    await server.change(uri, ordered);
    expect(await server.format(uri)).toEqual([]);
    await server.change(uri, `${turned}x: [`);
    expect(await server.format(uri)).toEqual([]);
    await server.close(uri);
  });
});

describe('what is shown', () => {
  const uri = uriOf('specs/prod/perpetual-node.yaml');
  beforeAll(async () => {
    await server.open(uri, prod);
  });
  const over = async (word: string) => {
    const hover = await server.hover(uri, positionIn(prod, prod.indexOf(word) + 1));
    return (hover?.contents as { value: string } | undefined)?.value ?? '';
  };

  it('what a key means, what counts here, and what it costs', async () => {
    const text = await over('vmSize');
    expect(text).toContain('**cluster.nodePool.vmSize**');
    expect(text).toContain('*here*: `Standard_D2as_v5`');
    expect(text).toContain('*costs*: 62.78 USD/month');
    expect(await over('sku: Premium')).toContain('*here*: `Premium_LRS`');
  });

  it('the price of a line, and who reaches a port', async () => {
    const hints = await server.hints(uri, whole(prod));
    const at = (word: string) => positionIn(prod, prod.indexOf(word)).line;
    const labelOn = (word: string) => hints.find(({ position }) => position.line === at(word))?.label;
    expect(labelOn('nodePool:')).toBe('68.06 USD/month');
    expect(labelOn('swarm:')).toBe('3.65 USD/month, the internet -> 4001/TCP, 4001/UDP');
    expect(labelOn('gateway:')).toBe('203.0.113.0/24 -> 8080/TCP');
    const none = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
    expect(await server.hints(uri, none)).toEqual([]);
  });

  it('an outline by names, and links to the policies', async () => {
    const symbols = await server.symbols(uri);
    expect(symbols.map(({ name }) => name).slice(0, 4)).toEqual(['apiVersion', 'kind', 'metadata', 'azure']);
    const items = symbols.find(({ name }) => name === 'secrets')?.children?.find(({ name }) => name === 'items');
    expect(items?.children?.map(({ name }) => name)).toEqual(['ipfs-private-key', 'github-token']);
    const waived = `${leastSpec}policies:\n  levels: { cost-over-budget: mandatory }\n  waivers:\n    - { policy: sku-burstable-system-pool, reason: x, owner: ada@example.org, expires: 2027-01-31 }\n`;
    const other = buffer();
    await server.open(other, waived);
    expect((await server.links(other)).map(({ target }) => target)).toEqual(
      ['cost-over-budget', 'sku-burstable-system-pool'].map((id) => policies.find((each) => each.id === id)?.source),
    );
    await server.close(other);
  });

  it('never a secret that somebody pasted', async () => {
    const token = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    const text = prod.replace('env:NODE_GITHUB_TOKEN', token);
    const own = buffer();
    const said = [
      await server.open(own, text),
      await server.hover(own, positionIn(text, text.indexOf(token) + 3)),
      await server.symbols(own),
      await server.hints(own, whole(text)),
      await server.actions(own, whole(text)),
    ];
    expect(JSON.stringify(said)).not.toContain(token);
    await server.close(own);
  });
});

describe('the end', () => {
  it('is noticed when the editor is gone without a word', async () => {
    const other = await startServer(process.execPath, args);
    expect(await other.abandon()).toBe(1);
  });
});
