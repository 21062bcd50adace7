import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { compile } from '../../src/compile.ts';
import { judgeProgram, saidByPack, saidOf } from '../../src/fixtures/judge.ts';
import { readProgram } from '../../src/fixtures/program.ts';
import { type Resource, type Token, UNKNOWN } from '../../src/plan.ts';
import type { Sent, Violation } from '../../src/pulumi/analyzer.ts';
import { leaveNote } from '../../src/pulumi/component-note.ts';
import { type Pack, startPack } from '../support/pack.ts';
import { today } from '../support/specs.ts';

const sent = (type: string, name: string, inputs: Record<string, unknown>, more: Partial<Sent> = {}): Resource => ({
  ...{ type: type as Token, name, inputs, options: {}, origin: '', trace: {} },
  ...more,
});
const group = 'azure-native:network:NetworkSecurityGroup';
/** A rule that opens the admin RPC to a range. */
const rule = (sourceAddressPrefix: unknown, name = 'admin') => ({
  name,
  priority: 100,
  direction: 'Inbound',
  access: 'Allow',
  protocol: 'Tcp',
  sourceAddressPrefix,
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: '5001',
});
const open = (name: string, type = group): Resource =>
  sent(type, name, { resourceGroupName: 'rg', securityRules: [rule('*')] });
/** As the engine marks a secret: sdk/nodejs/runtime/rpc.ts. */
const secret = (value: unknown) => ({
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
  value,
});
const brief = (violations: readonly Violation[]) =>
  violations.map(({ policy, level, resource }) => `${level} ${policy} ${resource}`).sort();

describe('the pack, on programs nobody wrote for it', () => {
  let pack: Pack;
  beforeAll(async () => {
    pack = await startPack();
  });
  afterAll(() => pack.close());

  it('judges hundreds of resources as in process, each fault once', async () => {
    const seeds = readProgram('test/fixtures/seeds/seeds.program.yaml');
    const program = {
      ...seeds,
      resources: [
        ...Array.from({ length: 300 }, (_, index) =>
          sent('aws:s3/bucket:Bucket', `bucket-${index}`, { acl: 'public-read', tags: { index } }),
        ),
        ...Array.from({ length: 300 }, (_, index) => open(`nsg-${index}`)),
        ...seeds.resources,
      ],
    };
    const said = saidByPack(await pack.analyze(program.resources, { config: program.config }));
    const text = (each: object): string => JSON.stringify(each);
    expect(said.map(text).sort()).toEqual(
      saidOf(judgeProgram(program, policies, today))
        .map(text)
        .sort(),
    );
    expect(
      said.filter(({ policy, resource }) => policy === 'nsg-open-admin-api' && resource.startsWith('nsg-')),
    ).toHaveLength(300);
  });

  it('knows a type whatever version of the API it names, and judges the inputs of the SDK by its own version only', async () => {
    for (const type of [
      'azure-native:network/v20240501:NetworkSecurityGroup',
      'azure-native:network/v20230201preview:NetworkSecurityGroup',
      'azure-native_network_v20240501:network:NetworkSecurityGroup',
    ]) {
      const resource = open('nsg', type);
      resource.inputs.formerlyKnown = true;
      expect(brief(await pack.analyze([resource]))).toEqual(['mandatory nsg-open-admin-api nsg']);
    }
    const ofToday = open('nsg');
    ofToday.inputs.resourceGroupname = 'rg';
    expect(brief(await pack.analyze([ofToday]))).toContain('mandatory input-misspelt nsg');
  });

  it('says nothing of types it does not know, other providers, components and providers', async () => {
    const others = [
      sent('azure-native:quantum:Workspace', 'a', { location: 'eastus', securityRules: [rule('*')] }),
      sent('aws:ec2/securityGroup:SecurityGroup', 'b', { ingress: [{ cidrBlocks: ['0.0.0.0/0'], fromPort: 5001 }] }),
      sent('my:own:Component', 'c', {}),
      sent('pulumi:providers:azure-native', 'd', { subscriptionId: 'x' }),
      sent('pulumi:pulumi:StackReference', 'e', { name: 'x/y/z' }),
      sent('kubernetes:helm.sh/v3:Release', 'f', { chart: 'x' }),
    ];
    expect(await pack.analyze(others)).toEqual([]);
    expect(await pack.analyze([])).toEqual([]);
  });

  it('stays mandatory where it meets what is not known yet', async () => {
    const resource = sent(group, 'nsg', {
      resourceGroupName: UNKNOWN,
      location: UNKNOWN,
      tags: { a: UNKNOWN },
      securityRules: [rule(UNKNOWN, 'unknown'), rule('0.0.0.0/0', 'known')],
    });
    expect(brief(await pack.analyze([resource]))).toEqual(['mandatory nsg-open-admin-api nsg']);
  });

  it('never shows what is secret, not even a part of it that an open input repeats', async () => {
    const name = 'hidden--name';
    const vault = (vaultName: unknown): Record<string, unknown> => ({
      resourceGroupName: 'rg',
      location: 'eastus',
      vaultName,
      properties: {
        tenantId: '11111111-2222-3333-4444-555555555555',
        sku: { family: 'A', name: 'standard' },
        enableRbacAuthorization: true,
        enablePurgeProtection: true,
        networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices' },
      },
    });
    const violations = await pack.analyze([
      sent('kubernetes:core/v1:Secret', 'auth', {
        metadata: { namespace: 'ipfs', annotations: secret({ name }) },
        stringData: secret({ token: 'glpat-not-to-be-seen' }),
      }),
      sent('azure-native:keyvault:Vault', 'hidden', vault(secret('veiled--name'))),
      sent('azure-native:keyvault:Vault', 'open', vault(name)),
    ]);
    expect(brief(violations)).toEqual([
      'mandatory keyvault-name-invalid hidden',
      'mandatory keyvault-name-invalid open',
    ]);
    const text = JSON.stringify(violations);
    expect(text).toContain('[secret]');
    for (const hidden of [name, 'veiled--name', 'glpat']) expect(text).not.toContain(hidden);
  });

  it('tells resources of one name apart', async () => {
    const violations = await pack.analyze([
      sent('azure-native:compute:Disk', 'node', { resourceGroupName: 'rg', creationData: { createOption: 'Empty' } }),
      sent('azure-native:managedidentity:UserAssignedIdentity', 'node', { resourceGroupName: 'rg' }),
      open('node'),
    ]);
    const named = violations.map(({ policy, message }) => `${policy} ${/"([^"]+)"/.exec(message)?.[1]}`);
    expect(named.sort()).toEqual([
      'disk-unattached node',
      'identity-unused azure-native:managedidentity:UserAssignedIdentity::node',
      'nsg-open-admin-api undefined',
    ]);
  });

  it('tells the engine what may be set, with the defaults of the command line', async () => {
    const { policies: served } = await pack.info();
    for (const { id, settings } of policies) {
      const schema = served.find(({ name }) => name === id)?.schema;
      expect(Object.keys(schema ?? {}).sort()).toEqual(Object.keys(settings ?? {}).sort());
      for (const [name, setting] of Object.entries(settings ?? {})) {
        const { default: fallback, description } = (schema as Record<string, Record<string, unknown>>)[name] ?? {};
        expect([id, name, fallback, description]).toEqual([id, name, setting.default?.production, setting.description]);
      }
    }
  });
});

describe("the owners' file", () => {
  it('rules programs that have no spec, too; the command line of the engine rules over its settings', async () => {
    const config = `policies:
  nsg-open-admin-api: { production: advisory }
  cost-over-budget: { monthlyUsd: { production: 1 } }
`;
    const pack = await startPack({ config });
    try {
      const vm = sent('azure-native:network:PublicIPAddress', 'ip', {
        resourceGroupName: 'rg',
        location: 'eastus',
        sku: { name: 'Standard' },
        publicIPAllocationMethod: 'Static',
      });
      const costly = await pack.analyze([open('nsg'), vm]);
      expect(brief(costly)).toEqual([
        'advisory nsg-open-admin-api nsg',
        expect.stringMatching(/^mandatory cost-over-budget/),
      ]);
      expect(brief(await pack.analyze([vm], { config: { 'cost-over-budget': { monthlyUsd: 900 } } }))).toEqual([]);
    } finally {
      pack.close();
    }
  });
});

describe('nodes that are components of a program', () => {
  const dev = readFileSync('specs/dev/perpetual-node.yaml', 'utf8');
  const node = { type: 'perpetual:index:PerpetualNode', name: 'one' };
  const within = (text: string): Sent[] =>
    (compile('x.yaml', text, { today }).plan?.resources ?? []).map(({ type, name, inputs, options }) => ({
      type,
      name: `one-${name}`,
      inputs: JSON.parse(JSON.stringify(inputs).replaceAll('"ref":"', '"ref":"one-')),
      options: { dependsOn: (options.dependsOn ?? []).map((other) => `one-${other}`) },
      parent: node,
    }));
  /** What the component leaves for the pack: both are children of one process, here of this. */
  const leave = (text: string, isData = false): void =>
    leaveNote('one', { root: process.cwd(), file: 'specs/dev/perpetual-node.yaml', text, isData }, process.pid);
  const violating = dev.replace('swarm: { from: [internet] }', 'gateway: { from: [internet] }');
  const ask = async (text: string, isData?: boolean): Promise<Violation[]> => {
    leave(text, isData);
    const pack = await startPack();
    try {
      return await pack.analyze(within(text));
    } finally {
      pack.close();
    }
  };

  it('are judged as their own spec has it: without the prefix, at its line, at the level of its stage', async () => {
    const [said, ...others] = (await ask(violating)).filter(({ policy }) => policy.startsWith('spec-'));
    expect(others).toEqual([]);
    expect(said).toMatchObject({
      policy: 'spec-advisory',
      level: 'advisory',
      resource: expect.stringMatching(/^one-/),
    });
    expect(said?.message).toMatch(
      /\nnsg-open-gateway: .* at specs\/dev\/perpetual-node\.yaml:19:\d+ \(network\.expose\.gateway/,
    );
  });

  it('are judged by their waivers and levels, and as data have a path and no line', async () => {
    const policy = `policies: { levels: { nsg-open-gateway: mandatory } }\n`;
    const said = (await ask(violating + policy, true)).filter(({ message }) => message.includes('8080'));
    expect(said.map(({ policy: id, level }) => [id, level])).toEqual([['nsg-open-gateway', 'mandatory']]);
    expect(said[0]?.message).toContain(' at specs/dev/perpetual-node.yaml (network.expose.gateway');
    const waiver =
      'policies: { waivers: [{ policy: nsg-open-gateway, reason: a public trial, owner: ada@example.org, expires: 2026-12-01 }] }\n';
    const waived = (await ask(violating + waiver)).filter(({ message }) => message.includes('8080'));
    expect(waived.map(({ policy: id }) => id)).toEqual(['waived']);
  });

  it('are right where their spec is', async () => {
    expect(brief(await ask(dev))).toEqual([]);
  });
});
