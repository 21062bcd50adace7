import { readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';
import { beforeEach, describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { expressionsIn, isExpr } from '../../src/expr.ts';
import type { Plan } from '../../src/plan.ts';
import { deploy } from '../../src/pulumi/deploy.ts';
import { outputsOf } from '../../src/pulumi/outputs.ts';
import { resolveSecrets } from '../../src/pulumi/secrets.ts';
import { mocks, planOf } from '../../src/testing.ts';
import { leastSpec, today } from '../support/specs.ts';

const answers = mocks();
const { registered } = answers;
pulumi.runtime.setMocks(answers satisfies pulumi.runtime.Mocks, 'perpetual', 'test', false);

/** What the engine must be told, by the plan alone. */
function expected(value: unknown, plan: Plan): unknown {
  if (isExpr(value)) {
    const body = value.$;
    if ('ref' in body) {
      const target = plan.resources.find(({ name }) => name === body.ref);
      if (!target) throw new Error(`nothing is called ${body.ref}`);
      const literal = target.type.startsWith('kubernetes:')
        ? body.output.split('.').reduce<unknown>((each, key) => (each as Record<string, unknown>)?.[key], target.inputs)
        : undefined;
      return literal === undefined ? `<${body.ref}.${body.output}>` : expected(literal, plan);
    }
    if ('secret' in body) return `<${body.secret}>`;
    if ('invoke' in body) return `<${body.output}>`;
    if ('concat' in body) return body.concat.map((part) => expected(part, plan)).join('');
    if ('json' in body) return JSON.stringify(expected(body.json, plan));
    return Buffer.from(String(expected(body.base64, plan))).toString('base64');
  }
  if (Array.isArray(value)) return value.map((each) => expected(each, plan));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, expected(each, plan)]));
}

const promised = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));

const specs = {
  dev: readFileSync('specs/dev/perpetual-node.yaml', 'utf8'),
  prod: readFileSync('specs/prod/perpetual-node.yaml', 'utf8'),
  everything: readFileSync('test/fixtures/specs/everything.yaml', 'utf8'),
  'everything-else': readFileSync('test/fixtures/specs/everything-else.yaml', 'utf8'),
};

describe.each(Object.entries(specs))('%s', (name, text) => {
  const { plan, complete } = compile(`specs/${name}/perpetual-node.yaml`, text, { today });
  const secrets = new Map(
    [...expressionsIn(plan?.resources)].flatMap(({ $ }) =>
      'secret' in $ ? [[$.secret, `<${$.secret}>`] as const] : [],
    ),
  );

  beforeEach(() => {
    registered.length = 0;
  });

  it('registers exactly the plan: what the SDK would fill in is written out', async () => {
    expect(complete).toBe(true);
    await deploy(plan as Plan, secrets);
    await pulumi.runtime.disconnect();
    expect(registered.map((resource) => resource.name).sort()).toEqual(
      (plan as Plan).resources.map((resource) => resource.name).sort(),
    );
    const told = Object.fromEntries(
      registered.map((resource) => [resource.name, { type: resource.type, inputs: resource.inputs }]),
    );
    const meant = (plan as Plan).resources.map((resource) => [
      resource.name,
      { type: resource.type, inputs: expected(resource.inputs, plan as Plan) },
    ]);
    expect(told).toEqual(Object.fromEntries(meant));
  });

  it('gives to others what the plan has, and only the way in is a secret', async () => {
    const { given: outputs } = await deploy(plan as Plan, secrets);
    const known = await Promise.all(
      Object.entries(outputs).map(async ([output, value]) => [
        output,
        (await pulumi.isSecret(value)) ? 'secret' : '',
        await promised(value),
      ]),
    );
    await pulumi.runtime.disconnect();
    expect(known).toEqual(
      [
        ['kubeconfig', 'secret', '<kubeconfig>'],
        ['clusterName', '', '<cluster.name>'],
        ['resourceGroupName', '', '<resource-group.name>'],
        [
          'imageRepository',
          '',
          {
            everything: 'ghcr.io/example/my-mimisbrunnr/perpetual-node',
            'everything-else': 'perpetualtrial.azurecr.io/perpetual-node',
          }[name] ?? 'docker.io/ipfs/kubo',
        ],
        name === 'everything' && ['registrySecretName', '', 'registry'],
        ['publicAddress', '', '<public-ip.ipAddress>'],
        name !== 'dev' && ['vaultUri', '', '<vault.properties.vaultUri>'],
      ].filter(Boolean),
    );
  });
});

describe('outputs', () => {
  it('are absent where the spec has nothing to give', () => {
    const closed = `${leastSpec}network: { expose: { swarm: { from: [cluster] } } }\n`;
    expect(Object.keys(outputsOf(planOf(closed, { today })))).toEqual([
      'kubeconfig',
      'clusterName',
      'resourceGroupName',
      'imageRepository',
    ]);
  });

  it.each([
    ['docker.io/ipfs/kubo:v0.42.0', 'docker.io/ipfs/kubo'],
    ['ipfs/kubo', 'ipfs/kubo'],
    ['registry.example.org:5000/node', 'registry.example.org:5000/node'],
    [`registry.example.org:5000/a/node:1.4@sha256:${'0'.repeat(64)}`, 'registry.example.org:5000/a/node'],
  ])('name the repository of %s', (image, repository) => {
    const { imageRepository } = outputsOf(planOf(leastSpec.replace('docker.io/ipfs/kubo:v0.42.0', image), { today }));
    expect(imageRepository).toBe(repository);
  });
});

describe('secrets', () => {
  const { plan } = compile('specs/everything/perpetual-node.yaml', specs.everything, { today });

  it('are all looked up before anything is deployed; what is missing is named and nothing else', () => {
    const { values, problems, unused } = resolveSecrets(
      plan as Plan,
      {},
      { IPFS_PRIVATE_KEY: 'marker-1', NODE_GITHUB_TOKEN: '' },
      '/nowhere',
    );
    expect([...values]).toEqual([['env:IPFS_PRIVATE_KEY', 'marker-1']]);
    expect(problems).toEqual([
      { path: 'secrets.items[1].from', message: 'the environment variable NODE_GITHUB_TOKEN is not set' },
      { path: 'secrets.items[2].from', message: 'can\'t read "tls.pem": there is no such file' },
      { path: 'registry.username', message: 'the environment variable GHCR_USERNAME is not set' },
      { path: 'registry.password', message: 'the environment variable GHCR_READ_TOKEN is not set' },
    ]);
    expect(unused).toEqual([]);
  });

  it('may be given instead; what no reference asks for is named', () => {
    const given = { 'env:IPFS_PRIVATE_KEY': 'given', 'file:tls.pem': 'given', 'env:IPFS_PRIVAT_KEY': 'given' };
    const { values, problems, unused } = resolveSecrets(plan as Plan, given, { IPFS_PRIVATE_KEY: 'set' }, '/nowhere');
    expect(values.get('env:IPFS_PRIVATE_KEY')).toBe('given');
    expect(problems.map(({ path }) => path)).not.toContain('secrets.items[2].from');
    expect(unused).toEqual(['env:IPFS_PRIVAT_KEY']);
  });
});
