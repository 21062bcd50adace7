import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Spec } from '../../src/index.ts';
import { PerpetualNode, type PerpetualNodeArgs } from '../../src/pulumi/component.ts';
import { mocks, planOf } from '../../src/testing.ts';
import { today } from '../support/specs.ts';

const dev = readFileSync('specs/dev/perpetual-node.yaml', 'utf8');
const prod = readFileSync('specs/prod/perpetual-node.yaml', 'utf8');
const asObject = (text: string): Spec => parse(text) as Spec;
const secrets = { 'env:IPFS_PRIVATE_KEY': pulumi.secret('given-1'), 'env:NODE_GITHUB_TOKEN': pulumi.output('given-2') };

const answers = mocks();
const { registered } = answers;
pulumi.runtime.setMocks(answers, 'program', 'test', false);

const promised = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));
const refusal = (args: PerpetualNodeArgs): string => {
  try {
    new PerpetualNode('main', args);
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
};

describe('a node in a program', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'perpetual-component-'));
    process.env.PULUMI_NODEJS_ROOT_DIRECTORY = root;
    writeFileSync(join(root, 'Pulumi.yaml'), 'name: program\nruntime: nodejs\n');
    writeFileSync(join(root, 'dev.yaml'), dev);
  });
  afterAll(() => {
    delete process.env.PULUMI_NODEJS_ROOT_DIRECTORY;
    rmSync(root, { recursive: true, force: true });
  });
  beforeEach(() => {
    registered.length = 0;
  });

  it.each([
    ['an object', asObject(dev)],
    ['a path', 'dev.yaml'],
    ['text', dev],
  ])('is registered from %s, as its plan has it, below a component', async (_, spec) => {
    new PerpetualNode('main', { spec });
    await pulumi.runtime.disconnect();
    const [component, ...children] = registered;
    expect(component).toEqual({ type: 'perpetual:index:PerpetualNode', name: 'main', inputs: {} });
    expect(children.map(({ type, name }) => `${type} ${name}`).sort()).toEqual(
      planOf(dev, { today })
        .resources.map(({ type, name }) => `${type} main-${name}`)
        .sort(),
    );
  });

  it('may stand beside another', async () => {
    const a = new PerpetualNode('a', { spec: dev });
    const b = new PerpetualNode('b', { spec: prod, secrets });
    expect(await promised(pulumi.all([a.clusterName, b.clusterName]))).toEqual([
      '<a-cluster.name>',
      '<b-cluster.name>',
    ]);
    await pulumi.runtime.disconnect();
    expect(new Set(registered.map(({ type, name }) => `${type} ${name}`)).size).toBe(registered.length);
  });

  it('is there as a whole for what depends on it', async () => {
    const node = new PerpetualNode('main', { spec: dev });
    const after = new pulumi.ComponentResource('test:index:After', 'after', {}, { dependsOn: node });
    await promised(after.urn);
    expect(registered.at(-1)?.name).toBe('after');
    expect(registered.length).toBe(planOf(dev, { today }).resources.length + 2);
    await pulumi.runtime.disconnect();
  });

  it('has the outputs as properties, and only the way in is a secret', async () => {
    const { kubeconfig, clusterName, imageRepository, publicAddress, vaultUri, registrySecretName } = new PerpetualNode(
      'main',
      { spec: asObject(prod), secrets },
    );
    expect(
      await promised(pulumi.unsecret(pulumi.all([kubeconfig, clusterName, imageRepository, publicAddress, vaultUri]))),
    ).toEqual([
      '<kubeconfig>',
      '<main-cluster.name>',
      'docker.io/ipfs/kubo',
      '<main-public-ip.ipAddress>',
      '<main-vault.properties.vaultUri>',
    ]);
    expect(await pulumi.isSecret(kubeconfig)).toBe(true);
    expect(await pulumi.isSecret(clusterName)).toBe(false);
    expect(registrySecretName).toBe(undefined);
    await pulumi.runtime.disconnect();
    expect(registered.find(({ name }) => name === 'main-secret-github-token')?.inputs).toMatchObject({
      properties: { value: 'given-2' },
    });
  });

  it.each<[string, PerpetualNodeArgs, string]>([
    ['a fault in a file', { spec: 'broken.yaml' }, 'the spec has errors\n  broken.yaml:11:11: spec/unknown-region: '],
    [
      'a fault in text',
      { spec: dev.replace('eastus', 'eastsu') },
      'the spec has errors\n  main:11:11: spec/unknown-region: ',
    ],
    [
      'a fault in an object, by its key',
      { spec: asObject(dev.replace('eastus', 'eastsu')) },
      'the spec has errors\n  main: azure.region: spec/unknown-region: ',
    ],
    ['a file that is not there', { spec: 'none.yaml' }, `can't read `],
    [
      'a violation',
      { spec: asObject(dev.replace('monthlyUsd: 110', 'monthlyUsd: 20')) },
      'a policy is violated\n  main: budget.monthlyUsd: cost-over-budget: ',
    ],
    [
      'a secret that is missing',
      { spec: asObject(prod), secrets: { 'env:IPFS_PRIVATE_KEY': 'given' } },
      'a secret is missing\n  main: secrets.items[1].from: the environment variable NODE_GITHUB_TOKEN is not set',
    ],
    [
      'a secret nobody asks for',
      { spec: asObject(dev), secrets: { 'env:TYPO': 'given' } },
      'a secret is given that the spec does not ask for\n  "env:TYPO" is no reference of the spec',
    ],
    [
      'a value that is known too late',
      { spec: { ...asObject(dev), node: { image: pulumi.output('a:1') as unknown as string } } },
      'main: node.image is known only while deploying; a spec has plain values only',
    ],
  ])('refuses %s before anything is registered', async (_, args, message) => {
    writeFileSync(join(root, 'broken.yaml'), dev.replace('eastus', 'eastsu'));
    expect(refusal(args)).toContain(`perpetual refuses to deploy: ${message}`);
    await pulumi.runtime.disconnect();
    expect(registered).toEqual([]);
  });

  it("blames the owners' settings at their own line", () => {
    // A folder of its own, because the others are judged without settings.
    const other = mkdtempSync(join(tmpdir(), 'perpetual-component-'));
    process.env.PULUMI_NODEJS_ROOT_DIRECTORY = other;
    try {
      writeFileSync(join(other, 'Pulumi.yaml'), '');
      mkdirSync(join(other, 'policies'));
      writeFileSync(join(other, 'policies', 'config.yaml'), 'policies:\n  cost-over-budgt: {}\n');
      expect(refusal({ spec: dev })).toContain(
        'the spec has errors\n  policies/config.yaml:2:3: spec/policy-config: there is no policy "cost-over-budgt"',
      );
    } finally {
      process.env.PULUMI_NODEJS_ROOT_DIRECTORY = root;
      rmSync(other, { recursive: true, force: true });
    }
  });
});
