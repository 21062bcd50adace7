import { readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';
import { beforeEach, describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { expressionsIn, isExpr } from '../../src/expr.ts';
import type { Plan } from '../../src/plan.ts';
import { deploy } from '../../src/pulumi/deploy.ts';
import { resolveSecrets } from '../../src/pulumi/secrets.ts';
import { today } from '../support/specs.ts';

type Registered = { type: string; name: string; inputs: Record<string, unknown> };
let registered: Registered[] = [];

// Every output is a text that says where it comes from, so that a wrong reference shows.
const outputsOf = (name: string, inputs: Record<string, unknown>) => ({
  ...inputs,
  name: `<${name}.name>`,
  principalId: `<${name}.principalId>`,
  identity: { principalId: `<${name}.identity.principalId>` },
  identityProfile: { kubeletidentity: { objectId: `<${name}.identityProfile.kubeletidentity.objectId>` } },
  clientId: `<${name}.clientId>`,
  ipAddress: `<${name}.ipAddress>`,
  oidcIssuerProfile: { issuerURL: `<${name}.oidcIssuerProfile.issuerURL>` },
});

pulumi.runtime.setMocks(
  {
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs: inputs as Record<string, unknown> });
      return {
        id: `<${name}.id>`,
        state: type.startsWith('kubernetes:') ? inputs : outputsOf(name, inputs as Record<string, unknown>),
      };
    },
    call: ({ token }) =>
      token.endsWith('getClientConfig')
        ? { tenantId: '<tenantId>', subscriptionId: '', objectId: '', clientId: '' }
        : { kubeconfigs: [{ name: 'clusterUser', value: Buffer.from('<kubeconfig>').toString('base64') }] },
  },
  'perpetual',
  'test',
  false,
);

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

/** The mocks show a secret as the engine's wrapper around it. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  const wrapped = entries.find(([key]) => key === 'value' && '4dabf18193072939515e22adb298388d' in value);
  return wrapped ? unwrapped(wrapped[1]) : Object.fromEntries(entries.map(([key, each]) => [key, unwrapped(each)]));
}

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
    registered = [];
  });

  it('registers exactly the plan: what the SDK would fill in is written out', async () => {
    expect(complete).toBe(true);
    await deploy(plan as Plan, secrets);
    await pulumi.runtime.disconnect();
    expect(registered.map((resource) => resource.name).sort()).toEqual(
      (plan as Plan).resources.map((resource) => resource.name).sort(),
    );
    const told = Object.fromEntries(
      registered.map((resource) => [resource.name, { type: resource.type, inputs: unwrapped(resource.inputs) }]),
    );
    const meant = (plan as Plan).resources.map((resource) => [
      resource.name,
      { type: resource.type, inputs: expected(resource.inputs, plan as Plan) },
    ]);
    expect(told).toEqual(Object.fromEntries(meant));
  });
});

describe('secrets', () => {
  const { plan } = compile('specs/everything/perpetual-node.yaml', specs.everything, { today });

  it('are all looked up before anything is deployed; what is missing is named and nothing else', () => {
    const { values, problems } = resolveSecrets(
      plan as Plan,
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
  });
});
