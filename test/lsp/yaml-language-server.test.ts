import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, positionIn, startServer } from '../support/language-server.ts';
import { leastSpec } from '../support/specs.ts';

const program = createRequire(import.meta.url).resolve('yaml-language-server/bin/yaml-language-server');
const schema = pathToFileURL(resolve('schema/perpetual-node.schema.json')).href;
const modeline = `# yaml-language-server: $schema=${schema}\n`;
const spec = modeline + leastSpec;

let server: Client;
beforeAll(async () => {
  server = await startServer(process.execPath, [program, '--stdio'], process.cwd(), {
    yaml: { validate: true, hover: true, completion: true, schemaStore: { enable: false } },
  });
});
afterAll(() => server.stop());

let opened = 0;
const uriOf = (): string => pathToFileURL(resolve(`specs/buffer-${++opened}/perpetual-node.yaml`)).href;

async function at(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const uri = uriOf();
  await server.open(uri, text);
  return { uri, position: positionIn(text, offset) };
}
async function completeAt(marked: string) {
  const { uri, position } = await at(marked);
  return server.complete(uri, position);
}
const labels = (items: readonly { label: string }[]): string[] => items.map(({ label }) => label);

describe('the YAML language server, by the modeline', () => {
  it.each([
    [
      'the sections',
      `${spec}|`,
      ['network', 'storage', 'secrets', 'registry', 'monitoring', 'budget', 'usage', 'policies'],
    ],
    ['metadata', spec.replace('  environment: prod\n', '  environment: prod\n  |\n'), ['stage', 'owner', 'tags']],
    ['azure', spec.replace('  region: eastus\n', '  region: eastus\n  |\n'), ['resourceGroup']],
    [
      'cluster',
      spec.replace('  kubernetesVersion: "1.35"\n', '  kubernetesVersion: "1.35"\n  |\n'),
      ['tier', 'nodePool', 'api', 'upgrades', 'pools'],
    ],
    ['network', `${spec}network:\n  |\n`, ['addressSpace', 'subnet', 'expose', 'rules', 'dns']],
    ['node', spec.replace(/node:\n.*\n/, 'node:\n  image: docker.io/ipfs/kubo:v0.42.0\n  |\n'), ['resources', 'ipfs']],
    ['storage', `${spec}storage:\n  |\n`, ['data', 'growth', 'backups', 'logs']],
    ['secrets', `${spec}secrets:\n  |\n`, ['store', 'deliver', 'vault', 'items']],
    ['registry', `${spec}registry:\n  |\n`, ['kind', 'username', 'password']],
    ['monitoring', `${spec}monitoring:\n  |\n`, ['logs', 'alerts', 'notify']],
    ['budget', `${spec}budget:\n  |\n`, ['monthlyUsd', 'start', 'alerts']],
    ['usage', `${spec}usage:\n  |\n`, ['egressGb', 'podStarts']],
    ['policies', `${spec}policies:\n  |\n`, ['levels', 'waivers']],
  ])('completes the keys of %s', async (_, marked, expected) => {
    expect(labels(await completeAt(marked))).toEqual(expect.arrayContaining(expected));
  });

  it.each([
    ['regions', spec.replace('eastus', '|'), 'westeurope', /West Europe/],
    ['Kubernetes versions', spec.replace('"1.35"', '|'), '1.35', /supported until \d{4}-\d\d-\d\d/],
    [
      'sizes with their price',
      spec.replace('"1.35"\n', '"1.35"\n  nodePool:\n    vmSize: |\n'),
      'Standard_D2as_v5',
      /2 vCPU, 8 GiB, 62\.78 USD\/month/,
    ],
    ['policies', `${spec}policies:\n  waivers:\n    - policy: |\n`, 'sku-burstable-system-pool', /\w/],
    ['choices', `${spec}storage:\n  data:\n    sku: |\n`, 'Premium_LRS', undefined],
    ['metrics', `${spec}monitoring:\n  alerts:\n    - metric: |\n`, 'node_cpu_usage_percentage', undefined],
  ])('completes %s', async (_, marked, value, detail) => {
    const found = (await completeAt(marked)).find(({ label }) => label.replaceAll('"', '') === value);
    expect(found).toBeDefined();
    if (detail) expect(JSON.stringify(found)).toMatch(detail);
  });

  it('shows what a key is, with unit and default', async () => {
    const { uri, position } = await at(`${spec}storage:\n  data:\n    si|zeGiB: 8\n`);
    const text = JSON.stringify((await server.hover(uri, position))?.contents);
    expect(text).toContain('it can grow in place and never shrink');
    expect(text).toContain('GiB');
  });

  it.each([
    [
      'a number out of range',
      `${spec}storage:\n  data: { sizeGiB: many }\n`,
      'expected a whole number from 1 to 32767 (GiB)',
    ],
    [
      'a version without quotes',
      spec.replace('"1.35"', '1.35'),
      'expected a Kubernetes version in quotes, such as "1.35"',
    ],
    [
      'a range that is none',
      spec.replace('cluster:\n', 'cluster:\n  api: { authorizedIpRanges: [somewhere] }\n'),
      'expected ',
    ],
    ['a key that is misspelt', `${spec}storge: {}\n`, 'storge'],
    ['a secret in clear text', `${spec}secrets:\n  items: [{ name: a, from: clear }]\n`, 'expected '],
  ])('refuses %s in words', async (_, text, words) => {
    const said = await server.open(uriOf(), text);
    expect(said.map(({ message }) => message).join('\n')).toContain(words);
  });

  it.each([
    'specs/dev/perpetual-node.yaml',
    'specs/prod/perpetual-node.yaml',
    'test/fixtures/specs/everything.yaml',
    'test/fixtures/specs/everything-else.yaml',
    'test/fixtures/specs/all-keys.yaml',
  ])('finds nothing wrong with %s', async (file) => {
    const text = modeline + readFileSync(file, 'utf8').replace(/^# yaml-language-server.*\n/, '');
    expect(await server.open(uriOf(), text)).toEqual([]);
  });
});
