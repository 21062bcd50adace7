import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from 'yaml';
import { parsePath } from '../../src/spec/path.ts';
import { withValue } from '../support/specs.ts';
import type { Chance } from './random.ts';

/** The secrets that the specs refer to. Where a value shows up, it has leaked. */
export const secrets: Readonly<Record<string, string>> = {
  IPFS_PRIVATE_KEY: 'soaked-secret-6f1a-one',
  NODE_GITHUB_TOKEN: 'soaked-secret-6f1a-two',
  A_THIRD_ONE: 'soaked-secret-6f1a-three',
  PULLER: 'soaked-secret-6f1a-user',
  PULL_TOKEN: 'soaked-secret-6f1a-token',
};

const rule = (name: string, priority: number, port: string) => ({
  ...{ name, priority, direction: 'Inbound', access: 'Allow', protocol: 'Tcp' },
  ...{ sourceAddressPrefix: '198.51.100.0/24', destinationAddressPrefix: 'VirtualNetwork' },
  destinationPortRange: port,
});
const key = { name: 'ipfs-private-key', from: 'env:IPFS_PRIVATE_KEY' };
const token = { name: 'github-token', from: 'env:NODE_GITHUB_TOKEN' };

/** What an operator might write where; `undefined` takes the key away. Some of it has to be refused. */
export const choices: Readonly<Record<string, readonly unknown[]>> = {
  'node.resources.cpu': ['250m', '500m', '750m'],
  'node.resources.memory': ['2Gi', '3Gi', '64Gi'],
  'node.image': ['docker.io/ipfs/kubo:v0.42.0', 'docker.io/ipfs/kubo:v0.41.0', 'docker.io/ipfs/kubo:latest'],
  'node.ipfs.storageMaxGiB': [3, 4, 5, 6],
  'node.ipfs.profile': ['server', undefined],
  'storage.data.sizeGiB': [8, 16, 32],
  'storage.growth': [undefined, { alertAtPercent: 80 }, { alertAtPercent: 70 }],
  'storage.backups': [
    undefined,
    { enabled: true, everyHours: 24, keepDays: 14 },
    { enabled: true, everyHours: 12, keepDays: 7 },
  ],
  'storage.logs': [undefined, { redundancy: 'Standard_LRS', keepDays: 30 }],
  'network.expose.swarm.from': [['internet'], ['cluster']],
  'network.expose.gateway.from': [['203.0.113.0/24'], ['198.51.100.0/24', '203.0.113.0/24'], ['cluster'], ['internet']],
  'network.expose.api.from': [['cluster'], ['internet']],
  'network.rules': [undefined, [rule('One', 300, '9100')], [rule('One', 300, '9100'), rule('Two', 301, '9200')]],
  'cluster.tier': ['Free', 'Standard'],
  'cluster.imageCleanerHours': [undefined, 48, 168],
  'cluster.upgrades.window': [undefined, { day: 'Sunday', start: '02:00', hours: 4 }],
  'cluster.api': [undefined, { authorizedIpRanges: ['203.0.113.0/24'] }],
  'cluster.pools': [
    undefined,
    [{ name: 'work' }],
    [{ name: 'work', count: 2 }],
    [{ name: 'work', labels: { role: 'archive' } }, { name: 'more' }],
  ],
  'cluster.nodePool.count': [1, 2],
  'cluster.nodePool.autoscale': [undefined, { min: 1, max: 3 }],
  'cluster.nodePool.vmSize': ['Standard_D2as_v5', 'Standard_D4as_v5'],
  'azure.region': ['eastus', 'westeurope', 'eastsu'],
  'metadata.name': ['perpetual', 'another'],
  'metadata.tags': [{ costCentre: 'storage' }, { costCentre: 'network', team: 'a' }, undefined],
  'secrets.deliver': ['csi', 'initContainer'],
  'secrets.items': [
    [key, token],
    [{ ...key, expires: '2027-11-30' }, token],
    [key, token, { name: 'third', from: 'env:A_THIRD_ONE' }],
    [key, { ...token, from: 'env:NOT_THERE' }],
  ],
  'secrets.vault.network': [undefined, { allow: ['203.0.113.7/32'] }],
  'monitoring.notify': [undefined, ['ops@example.org']],
  'monitoring.logs': [undefined, { dailyCapGb: 0.15, keepDays: 30 }],
  'monitoring.alerts': [
    undefined,
    [{ metric: 'node_cpu_usage_percentage', above: 90, severity: 3, every: 'PT5M', window: 'PT15M' }],
  ],
  registry: [undefined, { kind: 'ghcr', username: 'env:PULLER', password: 'env:PULL_TOKEN' }],
  budget: [
    { monthlyUsd: 900 },
    { monthlyUsd: 900, start: '2026-11-01', alerts: [{ atPercent: 80, emails: ['a@example.org'] }] },
    { monthlyUsd: 20 },
  ],
};

export type Edit = { path: string; value: unknown; text: string };

/** The next edit of a spec: one key gets a value that it does not have. */
export function editOf(text: string, chance: Chance): Edit {
  const spec: unknown = parseDocument(text).toJS();
  const path = chance.pick(Object.keys(choices));
  const keys = parsePath(path);
  const now = keys.reduce((value: unknown, each) => (value as Record<string, unknown> | undefined)?.[each], spec);
  const value = chance.pick((choices[path] ?? []).filter((each) => !isDeepStrictEqual(each, now)));
  return { path, value, text: withValue(text, keys, value) };
}
