import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { compile } from '../../src/compile.ts';
import { causesOf, specPathsOf } from '../../src/locate.ts';
import type { Plan, Resource } from '../../src/plan.ts';
import { formatPath, isWithin, type Segment } from '../../src/spec/path.ts';
import { expectGolden } from '../support/golden.ts';
import { compileText, leastSpec, today, withValue } from '../support/specs.ts';

const specs = {
  dev: readFileSync('specs/dev/perpetual-node.yaml', 'utf8'),
  prod: readFileSync('specs/prod/perpetual-node.yaml', 'utf8'),
  everything: readFileSync('test/fixtures/specs/everything.yaml', 'utf8'),
  'everything-else': readFileSync('test/fixtures/specs/everything-else.yaml', 'utf8'),
};
const planOf = (text: string, name = 'x'): Plan =>
  compile(`specs/${name}/perpetual-node.yaml`, text, { today }).plan as Plan;

describe.each(Object.entries(specs))('the plan of %s', (name, text) => {
  it('is the one that was reviewed', () => {
    expectGolden(`test/goldens/plans/${name}.json`, `${JSON.stringify(planOf(text, name), null, 2)}\n`);
  });

  it('is the same, byte for byte, whatever the order of the keys', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, each]) => [key, reversed(each)]),
      );
    };
    const shuffled = parseDocument(text);
    const again = JSON.stringify(reversed(shuffled.toJS()), null, 1);
    expect(JSON.stringify(planOf(again).resources)).toBe(JSON.stringify(planOf(text).resources));
  });
});

describe('traces', () => {
  /** Another value of the same kind that the schema accepts, for each leaf of the spec that has everything. */
  const other: Record<string, unknown> = {
    'metadata.name': 'eternal',
    'metadata.environment': 'other',
    'metadata.stage': 'development',
    'metadata.owner': 'someone@example.org',
    'metadata.tags.costCentre': 'network',
    'azure.subscription': '99999999-2222-3333-4444-555555555555',
    'azure.region': 'westeurope',
    'azure.resourceGroup': 'elsewhere-rg',
    'cluster.kubernetesVersion': '1.36',
    'cluster.tier': 'Premium',
    'cluster.nodePool.vmSize': 'Standard_D8as_v5',
    'cluster.nodePool.count': 3,
    'cluster.nodePool.osDiskGiB': 128,
    'cluster.nodePool.maxPods': 80,
    'cluster.nodePool.zone': 3,
    'cluster.api.authorizedIpRanges[0]': '198.51.100.0/24',
    'cluster.api.adminGroups[0]': '66666666-2222-3333-4444-555555555555',
    'cluster.upgrades.channel': 'none',
    'cluster.upgrades.nodeOs': 'None',
    'cluster.nodePool.autoscale.min': 1,
    'cluster.nodePool.autoscale.max': 4,
    'cluster.upgrades.window.day': 'Sunday',
    'cluster.upgrades.window.start': '03:00',
    'cluster.upgrades.window.hours': 8,
    'cluster.pools[0].name': 'other',
    'cluster.pools[0].mode': 'System',
    'cluster.pools[0].vmSize': 'Standard_D4as_v5',
    'cluster.pools[0].count': 2,
    'cluster.pools[0].osDiskGiB': 64,
    'cluster.pools[0].maxPods': 50,
    'cluster.pools[0].zone': 1,
    'cluster.pools[0].labels.role': 'cache',
    'cluster.pools[0].taints[0]': 'role=cache:NoExecute',
    'cluster.pools[1].autoscale.min': 2,
    'cluster.pools[1].autoscale.max': 5,
    'cluster.imageCleanerHours': 24,
    'network.addressSpace': '192.168.0.0/16',
    'network.subnet': '172.16.8.0/24',
    'network.expose.swarm.from[0]': '203.0.113.0/24',
    'network.expose.gateway.from[0]': '198.51.100.0/24',
    'network.expose.gateway.from[1]': '10.0.0.0/9',
    'network.expose.api.from[0]': '10.7.0.0/16',
    'network.expose.api.from[1]': 'cluster',
    'network.expose.gateway.host': 'other.example.org',
    'network.dns.zone': 'example.com',
    'network.dns.record': '@',
    'network.dns.create': false,
    'network.rules[0].name': 'DenyOther',
    'network.rules[0].priority': 2000,
    'network.rules[0].access': 'Allow',
    'network.rules[0].protocol': 'Udp',
    'network.rules[0].sourceAddressPrefix': '192.0.2.0/24',
    'network.rules[1].description': 'another host',
    'network.rules[1].sourceAddressPrefixes[1]': '10.9.0.6/32',
    'network.rules[1].destinationAddressPrefix': '10.0.0.0/8',
    'network.rules[1].destinationPortRanges[1]': '9300',
    'node.image': 'docker.io/ipfs/kubo:v0.42.0',
    'node.resources.cpu': '750m',
    'node.resources.memory': '5Gi',
    'node.ipfs.storageMaxGiB': 40,
    'node.ipfs.profile': 'server',
    'storage.data.sizeGiB': 128,
    'storage.data.sku': 'StandardSSD_LRS',
    'storage.growth.alertAtPercent': 70,
    'storage.backups.enabled': false,
    'storage.backups.everyHours': 24,
    'storage.backups.keepDays': 7,
    'storage.logs.redundancy': 'Standard_LRS',
    'storage.logs.keepDays': 60,
    'secrets.store': 'kubernetes',
    'secrets.vault.sku': 'standard',
    'secrets.vault.softDeleteDays': 60,
    'secrets.vault.network.default': 'allow',
    'secrets.vault.network.allow[0]': '198.51.100.0/24',
    'secrets.vault.access[0].principal': '33333333-2222-3333-4444-555555555555',
    'secrets.vault.access[0].principalType': 'User',
    'secrets.vault.access[0].role': 'Key Vault Reader',
    'secrets.items[0].name': 'another-key',
    'secrets.items[0].from': 'env:ANOTHER_KEY',
    'secrets.items[0].expires': '2028-01-31',
    'monitoring.logs.dailyCapGb': 0.5,
    'monitoring.logs.keepDays': 90,
    'monitoring.alerts[0].metric': 'node_memory_rss_percentage',
    'monitoring.alerts[0].above': 80,
    'monitoring.alerts[0].severity': 0,
    'monitoring.alerts[0].every': 'PT1M',
    'monitoring.alerts[0].window': 'PT1H',
    'monitoring.metricsEndpoint': false,
    'monitoring.notify[0]': 'someone@example.org',
    'budget.monthlyUsd': 1300,
    'budget.start': '2026-12-01',
    'budget.alerts[0].atPercent': 70,
    'budget.alerts[1].emails[1]': 'someone@example.org',
    'registry.kind': 'dockerhub',
    'registry.username': 'octocat',
    'registry.password': 'env:ANOTHER_TOKEN',
  };
  /** The same for what the spec with everything can't have. */
  const otherElse: Record<string, unknown> = {
    'cluster.offHours.stop': '20:00',
    'cluster.offHours.start': '06:15',
    'cluster.offHours.days[4]': 'Sat',
    'cluster.offHours.timezone': 'America/New_York',
    'network.dns.resourceGroup': 'other-rg',
    'node.image': 'docker.io/ipfs/kubo:v0.42.0',
    'node.ipfs.swarmKey': 'env:OTHER_KEY',
    'storage.data.restoreFrom':
      '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/other/providers/Microsoft.Compute/disks/old',
    'secrets.deliver': 'csi',
    'secrets.vault.access[0].principal': '77777777-2222-3333-4444-555555555555',
    'secrets.vault.access[0].permissions[1]': 'recover',
    'secrets.items[0].name': 'another-key',
    'registry.sku': 'Premium',
    'registry.kind': 'ghcr',
  };
  const before = planOf(specs.everything);
  const cases = [
    ...Object.entries(other).map(([path, value]) => [path, value, specs.everything] as const),
    ...Object.entries(otherElse).map(([path, value]) => [path, value, specs['everything-else']] as const),
  ];

  it.each(cases)('%s: every input that changes with it is traced to it', (path, value, text) => {
    const before = planOf(text);
    const segments = [...path.matchAll(/(\w+)|\[(\d+)\]/g)]
      .map(([, key, index]) => key ?? Number(index))
      .map((each) => (/^\d+$/.test(String(each)) ? Number(each) : each)) as Segment[];
    expect(formatPath(segments)).toBe(path);
    const after = planOf(withValue(text, segments, value));
    const untraced: string[] = [];
    let changed = 0;
    for (const [resource, input] of differences(before, after)) {
      changed++;
      if (!causesOf(resource, input).some((traced) => isWithin(path, traced) || isWithin(traced, path)))
        untraced.push(`${resource.name}: ${input}`);
    }
    expect(changed).toBeGreaterThan(0);
    expect(untraced).toEqual([]);
  });

  it('land on the very item of a list', () => {
    const nsg = before.resources.find(({ name }) => name === 'network-security-group') as Resource;
    const rules = nsg.inputs.securityRules as { name: string }[];
    const at = (rule: string, input: string) =>
      specPathsOf(nsg, `securityRules[${rules.findIndex(({ name }) => name === rule)}].${input}`);
    expect(at('AllowGateway', 'sourceAddressPrefixes[0]')).toEqual(['network.expose.gateway.from[0]']);
    expect(at('AllowGatewayPrivate', 'sourceAddressPrefixes[0]')).toEqual(['network.expose.gateway.from[1]']);
    expect(at('AllowMetrics', 'destinationPortRanges[1]')).toEqual(['network.rules[1].destinationPortRanges[1]']);
  });
});

/** The inputs in which two plans differ, as leaves of either; a resource that only one of them has counts as a whole. */
function* differences(a: Plan, b: Plan): Generator<[Resource, string]> {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const resource of from.resources) {
      const twin = to.resources.find(({ name }) => name === resource.name);
      if (!twin) yield [resource, ''];
      else
        for (const input of leavesOf(resource.inputs))
          if (JSON.stringify(valueAt(resource.inputs, input)) !== JSON.stringify(valueAt(twin.inputs, input)))
            yield [resource, formatPath(input)];
    }
  }
}

function* leavesOf(value: unknown, path: Segment[] = []): Generator<Segment[]> {
  if (typeof value !== 'object' || value === null || '$' in value) yield path;
  else
    for (const [key, each] of Object.entries(value))
      yield* leavesOf(each, [...path, Array.isArray(value) ? Number(key) : key]);
}

const valueAt = (value: unknown, path: readonly Segment[]): unknown =>
  path.reduce<unknown>((each, key) => (each as Record<Segment, unknown> | undefined)?.[key], value);

describe("what Azure or Kubernetes would refuse can't be said", () => {
  const input = (text: string, resource: string): Record<string, unknown> =>
    compileText(text).plan?.resources.find(({ name }) => name === resource)?.inputs as Record<string, unknown>;

  it.each([
    '10.0.0.0/16',
    '10.0.0.0/8',
    '172.16.0.0/16',
    '172.18.0.0/16',
    '192.168.0.0/16',
    '192.168.0.0/24',
    '10.244.0.0/16',
    '100.64.0.0/10',
  ])('no range of the cluster overlaps %s', (space) => {
    const { serviceCidr, podCidr, dnsServiceIP } = input(`${leastSpec}network: { addressSpace: ${space} }\n`, 'cluster')
      .networkProfile as Record<string, string>;
    const number = (ip: string) => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    const span = (cidr: string) => {
      const [ip = '', bits = ''] = cidr.split('/');
      return [number(ip), number(ip) + 2 ** (32 - Number(bits)) - 1] as const;
    };
    const ranges = [space, serviceCidr as string, podCidr as string].map(span).sort((x, y) => x[0] - y[0]);
    for (let index = 1; index < ranges.length; index++)
      expect(ranges[index]?.[0]).toBeGreaterThan(ranges[index - 1]?.[1] as number);
    const dns = number(dnsServiceIP as string);
    expect(dns).toBeGreaterThan(span(serviceCidr as string)[0] + 1);
    expect(dns).toBeLessThan(span(serviceCidr as string)[1]);
  });

  it('keeps every name within its limits, for the longest names', () => {
    const long = leastSpec
      .replace('name: perpetual', `name: ${'n'.repeat(24)}`)
      .replace('environment: prod', `environment: ${'e'.repeat(12)}`);
    const { plan, diagnostics } = compileText(`${long}secrets: { items: [{ name: a, from: env:A }] }\n`, 'x.yaml');
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const limits: [string, string, RegExp][] = [
      ['resource-group', 'resourceGroupName', /^[\w().-]{1,90}$/],
      ['cluster', 'resourceName', /^[a-zA-Z0-9][-_a-zA-Z0-9]{0,61}[a-zA-Z0-9]$/],
      ['cluster', 'dnsPrefix', /^[a-zA-Z\d][-a-zA-Z\d]{0,52}[a-zA-Z\d]$/],
      ['cluster', 'nodeResourceGroup', /^[\w().-]{1,80}$/],
      ['virtual-network', 'virtualNetworkName', /^[a-zA-Z0-9][\w.-]{0,62}\w$/],
      ['vault', 'vaultName', /^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/],
      ['data-disk', 'diskName', /^[\w.-]{1,80}$/],
    ];
    for (const [resource, key, limit] of limits)
      expect(plan?.resources.find(({ name }) => name === resource)?.inputs[key], `${resource}.${key}`).toMatch(limit);
  });

  it('keeps probes and pods alive when the spec denies everything', () => {
    const deny =
      '{ name: DenyAll, priority: 4000, access: Deny, protocol: "*", sourceAddressPrefix: "*", destinationAddressPrefix: "*", destinationPortRange: "*" }';
    const rules = input(`${leastSpec}network: { rules: [${deny}] }\n`, 'network-security-group').securityRules as {
      name: string;
      priority: number;
    }[];
    const priority = (name: string) => rules.find((rule) => rule.name === name)?.priority as number;
    for (const name of ['AllowLoadBalancerProbes', 'AllowVirtualNetwork', 'AllowSwarmTcp', 'AllowSwarmUdp'])
      expect(priority(name)).toBeLessThan(priority('DenyAll'));
    expect(new Set(rules.map((rule) => rule.priority)).size).toBe(rules.length);
  });

  it('closes the admin RPC inside the cluster as well when nobody is named', () => {
    const names = (text: string) => compileText(text).plan?.resources.map(({ name }) => name) ?? [];
    expect(names(`${leastSpec}network: { expose: { api: { from: [] }, gateway: { from: [] } } }\n`)).not.toEqual(
      expect.arrayContaining(['network-policy-allow-api']),
    );
    expect(names(leastSpec)).toEqual(
      expect.arrayContaining([
        'network-policy-allow-api',
        'network-policy-deny-ingress',
        'network-policy-limit-egress',
      ]),
    );
  });

  it('makes no address and no public Service for a node nobody outside may reach', () => {
    const { plan } = compileText(`${leastSpec}network: { expose: { swarm: { from: [10.0.0.0/8] } } }\n`);
    expect(plan?.resources.map(({ name }) => name)).not.toContain('public-ip');
    const internal = plan?.resources.find(({ name }) => name === 'service-swarm-internal')?.inputs as {
      metadata: { annotations: Record<string, string> };
    };
    expect(internal.metadata.annotations['service.beta.kubernetes.io/azure-load-balancer-internal']).toBe('true');
  });
});
