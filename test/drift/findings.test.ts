import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { type Drifted, driftOf } from '../../src/drift/findings.ts';
import type { There } from '../../src/drift/promise.ts';
import { isExpr } from '../../src/expr.ts';
import { defaultConfig } from '../../src/policy/config.ts';
import { compileText, today } from '../support/specs.ts';

const text = readFileSync('specs/prod/perpetual-node.yaml', 'utf8')
  .replace('channel: patch', 'channel: stable')
  .replace('  upgrades:', '  pools: [{ name: more, vmSize: Standard_D2as_v5 }]\n  upgrades:')
  .replace(
    'budget: { monthlyUsd: 140 }',
    'budget: { monthlyUsd: 140, start: 2026-11-01, alerts: [{ atPercent: 80, emails: [a@example.org] }] }',
  );
const compiled = compileText(text);
const by = { compiled, policies, config: defaultConfig, catalog: 'shipped' as const, today };

type Value = Record<string, unknown>;

/** What the engine would have of a plan: every value known, secrets hidden. */
function known(value: unknown): unknown {
  if (isExpr(value)) return 'secret' in value.$ ? '[secret]' : `value of ${JSON.stringify(value.$)}`;
  if (Array.isArray(value)) return value.map(known);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, known(each)]));
}

/** What somebody did to a resource: values by their path, `undefined` where one was taken away, `+` for one more in a list. */
type Deed = 'deleted' | Record<string, unknown>;

function done(inputs: Value, deed: Record<string, unknown>): Value {
  const now = structuredClone(inputs);
  for (const [path, value] of Object.entries(deed)) {
    const keys = path.split('.');
    const last = keys.pop() as string;
    const parent = keys.reduce<Value>((each, key) => each[key] as Value, now);
    if (last === '+') (parent as unknown as unknown[]).push(value);
    else if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  return now;
}

/** All that is there, after somebody did something to one resource. */
function thereAfter(name: string, deed: Deed, differing: string[] = []): Map<string, There> {
  const all = (compiled.plan?.resources ?? []).map((resource): [string, There] => {
    const before = { azureApiVersion: '2024-01-01', ...(known(resource.inputs) as Value) };
    if (resource.name !== name) return [resource.name, { before, now: before }];
    return [name, { before, differing, ...(deed !== 'deleted' && { now: done(before, deed) }) }];
  });
  return new Map(all);
}

const containers = 'spec.template.spec.containers';
const openRule = {
  ...{ name: 'by-hand', access: 'Allow', direction: 'Inbound', priority: 300, protocol: 'TCP' },
  ...{ sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '5001' },
};
const pool = (name: string) => ({ name, vmSize: 'Standard_D2as_v5', count: 1, osType: 'Linux', mode: 'User' });
const ownerRole = '/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
const group = 'network-security-group';

describe('a promise that is broken', () => {
  it.each<[string, string, Deed, string, string, RegExp]>([
    [
      ...(['a port opened by hand', group, { 'securityRules.+': openRule }] as const),
      ...(['drift/exposed', 'network'] as const),
      /securityRules "by-hand" was added; now the internet can reach nodes 5001\/TCP$/,
    ],
    [
      ...(['a rule that lets in more', group, { 'securityRules.2.sourceAddressPrefixes': ['0.0.0.0/0'] }] as const),
      ...(['drift/forbidden', 'network.expose'] as const),
      /sourceAddressPrefixes is \["0.0.0.0\/0"\] instead of \["203.0.113.0\/24"\]$/,
    ],
    [
      ...(['the firewall of the vault', 'vault', { 'properties.networkAcls.defaultAction': 'Allow' }] as const),
      ...(['drift/exposed', 'secrets'] as const),
      /networkAcls.defaultAction is "Allow" instead of "Deny"; now the internet can reach Key Vault/,
    ],
    [
      'a permission of the vault',
      'vault',
      { 'properties.accessPolicies': [{ objectId: 'mallory', permissions: { secrets: ['get'] } }] },
      ...(['drift/rights', 'secrets', /; now mallory may secrets get on vault$/] as const),
    ],
    [
      ...(['another role', 'grant-cluster-contributor-on-data-disk', { roleDefinitionId: ownerRole }] as const),
      ...(['drift/rights', 'storage.data', /; now .* may Owner on data-disk$/] as const),
    ],
    ['the budget', 'budget', 'deleted', 'drift/gone', 'budget', /^"budget" is gone$/],
    [
      ...(['the network security group', group, 'deleted', 'drift/gone', 'network'] as const),
      /^"network-security-group" is gone$/,
    ],
    [
      ...(['purge protection', 'vault', { 'properties.enablePurgeProtection': undefined }] as const),
      ...(['drift/forbidden', 'metadata.stage', /enablePurgeProtection is gone, and was true/] as const),
    ],
    [
      ...(['the size of the machines', 'cluster', { 'agentPoolProfiles.0.vmSize': 'Standard_D4as_v5' }] as const),
      ...(['drift/cost', 'cluster.nodePool.vmSize'] as const),
      /agentPoolProfiles "\w+".vmSize is "Standard_D4as_v5" instead of "Standard_D2as_v5"$/,
    ],
    [
      ...(['how many there are', 'cluster', { 'agentPoolProfiles.0.count': 3 }] as const),
      ...(['drift/cost', 'cluster.nodePool.count', /count is 3 instead of 1$/] as const),
    ],
    [
      ...(['a pool beside those of the spec', 'cluster', { 'agentPoolProfiles.+': pool('miners') }] as const),
      ...(['drift/cost', 'cluster', /agentPoolProfiles "miners" was added$/] as const),
    ],
    [
      ...(['the image', 'node', { [`${containers}.0.image`]: 'docker.io/ipfs/kubo:v0.1' }] as const),
      ...(['drift/changed', 'node.image', /containers "node".image is "docker.io\/ipfs\/kubo:v0.1" instead/] as const),
    ],
    [
      ...(['a container beside the node', 'node', { [`${containers}.+`]: { name: 'miner', image: 'x' } }] as const),
      ...(['drift/changed', 'node', /containers "miner" was added/] as const),
    ],
    [
      ...(['what is known only while deploying', 'subnet', { networkSecurityGroup: { id: '/another' } }] as const),
      ...(['drift/changed', 'network', /networkSecurityGroup.id is "\/another"/] as const),
    ],
  ])('%s', (_, name, deed, code, path, message) => {
    const { drifted, findings } = driftOf(by, thereAfter(name, deed));
    expect(drifted.map((each) => each.name)).toEqual([name]);
    expect(findings).toMatchObject([{ code, message: expect.stringMatching(message), resource: { name } }]);
    expect(findings[0]?.path.startsWith(path), findings[0]?.path).toBe(true);
    expect(findings[0]?.help).toContain('"perpetual up prod -- --refresh" puts it back');
  });

  it('is said at its line, with what it costs and which policy forbids it', () => {
    const [more] = driftOf(by, thereAfter('cluster', { 'agentPoolProfiles.0.count': 3 })).findings;
    expect(more?.why).toBe('+136.12 USD/month');
    const line = compiled.loaded.source.position(more?.labels[0].range.start ?? 0).line;
    expect(text.split('\n')[line - 1]).toContain('count: 1');
    const [unsafe] = driftOf(by, thereAfter('vault', { 'properties.enablePurgeProtection': false })).findings;
    expect(unsafe).toMatchObject({ severity: 'error', why: expect.stringMatching(/^[a-z]+-\S+: /) });
  });

  it('that nobody may see is said without its values', () => {
    const path = 'properties.value';
    expect(driftOf(by, thereAfter('secret-ipfs-private-key', {}, [path, 'tags'])).drifted).toEqual<Drifted[]>([
      {
        ...{ name: 'secret-ipfs-private-key', type: 'azure-native:keyvault:Secret', kind: 'changed' },
        differences: [{ kind: 'changed', input: path, what: path }],
      },
    ]);
  });

  it('comes before one of less consequence', () => {
    const there = thereAfter('data-disk', { 'sku.name': 'StandardSSD_LRS' });
    there.set(group, thereAfter(group, { 'securityRules.+': openRule }).get(group) as There);
    there.delete('budget');
    const { findings } = driftOf(by, there);
    expect(findings.map(({ code }) => code)).toEqual(['drift/exposed', 'drift/gone', 'drift/cost']);
  });
});

describe('what Azure does by itself', () => {
  const rules = (compiled.plan?.resources.find(({ name }) => name === group)?.inputs.securityRules ?? []) as Value[];

  it.each<[string, string, Record<string, unknown>]>([
    ['nothing', '', {}],
    ['tags of an Azure Policy', 'data-disk', { 'tags.cost-center': '42' }],
    ['another spelling', 'data-disk', { location: 'East US', networkAccessPolicy: 'DENYALL' }],
    ['what is empty', 'vault', { 'properties.enabledForDeployment': false, 'properties.ipRules': [] }],
    ['defaults', 'vault', { 'properties.createMode': 'default' }],
    ['the order of a list', group, { securityRules: rules.toReversed() }],
    ['versions that the channel moves', 'cluster', { kubernetesVersion: '1.36', currentKubernetesVersion: '1.36.1' }],
    [
      'empty fields of rules',
      group,
      { 'securityRules.0.sourceAddressPrefixes': [], 'securityRules.0.description': '' },
    ],
    ['what Kubernetes writes down', 'node', { 'metadata.annotations': { 'deprecated.revision': '2' } }],
    ['a pool that the spec has, as the cluster shows it', 'cluster', { 'agentPoolProfiles.+': pool('more') }],
    [
      ...(['subnets, as the network shows them', 'virtual-network'] as const),
      {
        subnets: [
          { name: 'perpetual-prod-nodes', addressPrefix: '10.20.0.0/22', networkSecurityGroup: { id: '/x/y' } },
        ],
      },
    ],
    ['a setting that lets nobody in', group, { flushConnection: true }],
  ])('breaks no promise: %s', (_, name, deed) => {
    expect(driftOf(by, thereAfter(name, deed))).toEqual({ drifted: [], findings: [] });
  });

  it('counts when something comes of it, though nobody promised otherwise', () => {
    const deed = { 'securityRules.0.destinationPortRanges': ['5001'] };
    const { drifted, findings } = driftOf(by, thereAfter(group, deed));
    expect(drifted).toMatchObject([{ name: group, differences: [] }]);
    const message = expect.stringMatching(/something was added .*; now the internet can reach nodes .*5001/);
    expect(findings).toMatchObject([{ code: 'drift/exposed', message }]);
  });
});
