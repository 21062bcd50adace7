import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { applied } from '../../src/edit/edits.ts';
import { type FitResult, fit as fitSpec } from '../../src/fit/fit.ts';
import { compileText, leastSpec, today, withValue } from '../support/specs.ts';

const read = (name: string): string => readFileSync(name, 'utf8');
const dev = read('specs/dev/perpetual-node.yaml');
const prod = read('specs/prod/perpetual-node.yaml');
const everything = read('test/fixtures/specs/everything.yaml');
const wish = read('test/fixtures/specs/seeds-wish.yaml');

const fitted = (text: string, targetUsd: number): FitResult => fitSpec('x.yaml', text, { today, targetUsd });
const summary = ({ fits }: FitResult) =>
  fits.map(({ totalUsd, edits }) => [totalUsd, ...edits.map(({ path, to }) => `${path}: ${JSON.stringify(to)}`)]);

/** What the compiler itself says of a set: its total, and whatever is wrong with it. */
function judged(text: string, { fix }: FitResult['fits'][number]) {
  const { bill, diagnostics } = compile('x.yaml', applied(text, fix.edits), { today });
  return { totalUsd: bill?.monthlyUsd, errors: diagnostics.filter(({ severity }) => severity === 'error') };
}

describe('a spec that costs too much', () => {
  it('prod for 93 USD: a smaller node, or nobody outside reaches it', () => {
    const result = fitted(prod, 93);
    expect(result).toMatchObject({ targetUsd: 93, currentUsd: 95.31, partial: false, alreadyFits: false, errors: [] });
    expect(summary(result)).toEqual([
      // 95.31 - 62.78 + 58.69; 95.31 - 3.65
      [91.22, 'cluster.nodePool.vmSize: "Standard_D2als_v6"', 'node.resources.memory: "2Gi"'],
      [91.66, 'network.expose.swarm.from: ["cluster"]', 'network.expose.gateway.from: ["cluster"]'],
    ]);
    for (const each of result.fits) expect(judged(prod, each)).toEqual({ totalUsd: each.totalUsd, errors: [] });
    const [first] = result.fits;
    expect(first?.savingUsd).toBe(4.09);
    expect(first?.givesUp.join()).toContain('less memory on each node (8 -> 4 GiB)');
    expect(first?.conditions.join()).toContain('a deployed pool is replaced');
    expect(first?.fix).toMatchObject({ safe: false, edits: [{ newText: 'Standard_D2als_v6' }, { newText: '2Gi' }] });
    expect(applied(prod, first?.fix.edits ?? [])).toBe(
      prod.replace('Standard_D2as_v5', 'Standard_D2als_v6').replace('memory: 3Gi', 'memory: 2Gi'),
    );
  });

  it('needs more edits, the less it may cost', () => {
    const edits = [94, 91, 87, 86.7].map((target) => fitted(prod, target).fits[0]?.edits.length);
    expect(edits).toEqual([2, 3, 5, 7]);
    expect(summary(fitted(dev, 91))[0]).toEqual([90.62, 'cluster.nodePool.vmSize: "Standard_D2als_v6"']);
  });

  it('everything for half its price: fewer nodes before what hurts more', () => {
    const result = fitted(everything, 383.6);
    expect(result.currentUsd).toBe(771.45);
    expect(result.fits).toHaveLength(5);
    expect(result.fits[0]?.givesUp).toEqual([
      'fewer nodes (3 -> 1)',
      'fewer nodes at most in the pool "burst" (2 -> 1)',
      'no SLA of the API server',
    ]);
    for (const each of result.fits) {
      expect(each.totalUsd).toBeLessThanOrEqual(383.6);
      expect(judged(everything, each)).toEqual({ totalUsd: each.totalUsd, errors: [] });
      expect(each.edits.map(({ path }) => path)).not.toContain('storage.backups.enabled');
    }
  });

  it('keeps the region as the last resort', () => {
    const text = `${withValue(dev, ['azure', 'region'], 'westeurope')}`;
    const { floor, currentUsd } = fitted(text, 40);
    expect(currentUsd).toBeGreaterThan(100);
    const near = fitted(text, floor?.totalUsd ?? 0);
    expect(near.fits.flatMap(({ edits }) => edits.map(({ path }) => path))).not.toContain('azure.region');
    const far = fitted(text, floor?.elsewhere?.totalUsd ?? 0);
    expect(far.fits[0]?.edits.map(({ path }) => path)).toContain('azure.region');
    expect(far.fits[0]?.givesUp.join()).toContain('everything is made anew there');
  });

  it('says so when it fits already', () => {
    expect(fitted(prod, 95.31)).toMatchObject({ alreadyFits: true, fits: [] });
  });

  it('has its errors mended first, and they are named', () => {
    const result = fitted(read('test/fixtures/specs/wrong.yaml'), 50);
    expect(result.errors).toContain('spec/unknown-region');
    expect(result).toMatchObject({ fits: [], alreadyFits: false });
    expect(result.floor).toBeUndefined();
    expect(fitted('', 50).errors).toEqual(['yaml/empty']);
  });
});

describe('what the first users wished for', () => {
  it('is refused by policies and by nothing else', () => {
    const errors = compileText(wish).diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.filter(({ level }) => level !== 'mandatory')).toEqual([]);
  });

  it.each([26, 50])(
    'cannot be had for %s USD: the least that can be deployed, and what of it is already too much',
    (target) => {
      const { fits, floor, refusedBy, currentUsd } = fitted(wish, target);
      expect(currentUsd).toBe(50.05);
      expect(refusedBy).toEqual(expect.arrayContaining(['sku-below-system-minimum', 'nsg-open-admin-api']));
      expect(fits).toEqual([]);
      // 58.69 node, 5.28 its disk, 18.25 load balancer, 0.50 data, 3.65 address, 0.30 data disk
      expect(floor).toMatchObject({ totalUsd: 86.67, overBudget: true });
      expect(Object.fromEntries(floor?.items.map(({ name, monthlyUsd }) => [name, monthlyUsd]) ?? [])).toMatchObject({
        Nodes: expect.closeTo(58.692, 3),
        'Load balancer': 18.25,
        'OS disks': expect.closeTo(5.2795, 4),
        'Outbound address': 3.65,
      });
      // The only policy that can be waived and stands in the way: Azure itself refuses the other.
      expect(floor?.waivers).toMatchObject([{ policy: 'sku-burstable-system-pool', totalUsd: 55.43, fits: false }]);
    },
  );

  it('can be had for 100 USD, with a budget to match and without what policies forbid', () => {
    const result = fitted(wish, 100);
    expect(result.budgetUsd).toBe(50);
    expect(summary(result)).toEqual([
      [
        93.63,
        'cluster.nodePool.vmSize: "Standard_D2als_v6"',
        'network.expose.gateway.from: ["cluster"]',
        'network.expose.api.from: ["cluster"]',
        'network.rules[2]: null',
        'budget.monthlyUsd: 100',
      ],
    ]);
    expect(result.fits[0]?.repairs.map(({ policy }) => policy)).toEqual([
      'sku-below-system-minimum',
      'nsg-open-gateway',
      'nsg-open-admin-api',
      'nsg-open-ssh',
      'cost-over-budget',
    ]);
    for (const each of result.fits) expect(judged(wish, each).errors).toEqual([]);
  });

  it('raises no budget above what the owners allow', () => {
    const text = `${leastSpec}budget: { monthlyUsd: 50 }\n`;
    const under = (usd: number): FitResult => {
      const config = new Map([['cost-over-budget', { levels: {}, settings: { maxMonthlyUsd: { production: usd } } }]]);
      return fitSpec('x.yaml', text, { today, config, targetUsd: 200 });
    };
    expect(under(94).fits[0]?.edits).toContainEqual({ path: 'budget.monthlyUsd', from: 50, to: 94 });
    expect(under(94).fits[0]?.totalUsd).toBeLessThanOrEqual(94);
    expect(under(60)).toMatchObject({ fits: [], budgetUsd: 50, floor: { limitUsd: 60, totalUsd: 86.67 } });
  });

  it('fits more once a policy is waived', () => {
    const waived = `${leastSpec}policies: { waivers: [{ policy: sku-burstable-system-pool, reason: a trial, owner: ada@example.org, expires: 2027-01-31 }] }\n`;
    const [first] = fitted(waived, 70).fits;
    expect(first?.edits[0]).toEqual({
      path: 'cluster.nodePool.vmSize',
      from: 'Standard_D2as_v5',
      to: 'Standard_B2als_v2',
    });
    expect(first?.givesUp.join()).toContain('throttled when its credits are spent');
    expect(applied(waived, first?.fix.edits ?? [])).toContain('  nodePool: { vmSize: Standard_B2als_v2 }\n');
    expect(fitted(leastSpec, 70).floor?.waivers).toMatchObject([{ policy: 'sku-burstable-system-pool', fits: true }]);
  });
});

describe('levers', () => {
  const least = (text: string): Record<string, unknown> =>
    Object.fromEntries(fitted(text, 1).floor?.edits.map(({ path, to }) => [path, to]) ?? []);

  it('turn down whatever the bill has', () => {
    const text = `${leastSpec
      .replace(
        '"1.35"',
        '"1.35"\n  tier: Standard\n  nodePool: { vmSize: Standard_D4as_v5, count: 3, osDiskGiB: 256 }\n  pools: [{ name: work, count: 2 }, { name: more }]',
      )
      .replace('docker.io/ipfs/kubo:v0.42.0', 'perpetual.azurecr.io/perpetual-node:1.4.2')}network:
  expose: { gateway: { from: [10.0.0.0/8] } }
storage:
  data: { sizeGiB: 512, sku: Premium_ZRS }
  backups: { everyHours: 6, keepDays: 60 }
  logs: { redundancy: Standard_GRS }
registry: { kind: acr, sku: Premium }
monitoring: { logs: { keepDays: 365, dailyCapGb: 1 } }
usage: { logsGbPerDay: 1 }
`;
    expect(least(text)).toEqual({
      'cluster.nodePool.vmSize': 'Standard_D2als_v6',
      'cluster.nodePool.count': 1,
      'cluster.nodePool.osDiskGiB': 32,
      'cluster.pools[0]': null,
      'cluster.pools[1]': null,
      'cluster.tier': 'Free',
      'network.expose.swarm.from': ['cluster'],
      'network.expose.gateway.from': ['cluster'],
      'storage.data.sizeGiB': 4,
      'storage.data.sku': 'StandardSSD_LRS',
      'storage.backups.enabled': false,
      'storage.logs': null,
      'registry.sku': 'Basic',
      'monitoring.logs': null,
    });
  });

  it('stop the cluster at night, in development only', () => {
    expect(summary(fitted(dev, 60))[0]).toEqual([54.35, 'cluster.offHours: {"stop":"19:00","start":"07:00"}']);
    expect(Object.keys(least(prod))).not.toContain('cluster.offHours');
  });

  it('leave a disk that is filled from another as large as that', () => {
    const from =
      '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/a/providers/Microsoft.Compute/snapshots/b';
    const text = `${leastSpec}storage: { data: { sizeGiB: 64, restoreFrom: ${from} } }\n`;
    expect(Object.keys(least(text))).toContain('storage.data.sku');
    expect(Object.keys(least(text))).not.toContain('storage.data.sizeGiB');
  });

  it('close what is needed together: a host and a record need somebody outside', () => {
    const text = read('test/fixtures/specs/everything-else.yaml');
    const edits = least(text);
    expect(edits).toMatchObject({ 'network.expose.gateway.host': null, 'network.dns': null });
  });

  it('keep the metric alerts that cost nothing', () => {
    const alerts = Array.from(
      { length: 12 },
      (_, index) => `{ metric: node_cpu_usage_percentage, above: ${index}, severity: ${index % 5} }`,
    );
    const text = `${leastSpec}monitoring: { alerts: [${alerts.join(', ')}], notify: [ops@example.org] }\n`;
    expect(Object.keys(least(text)).filter((path) => path.startsWith('monitoring'))).toEqual([
      'monitoring.alerts[9]',
      'monitoring.alerts[4]',
    ]);
  });

  it('change no value that other keys share', () => {
    const shared = leastSpec.replace(
      '"1.35"\n',
      `"1.35"
  nodePool: &pool { vmSize: Standard_D4as_v5, count: &many 2 }
  pools:
    - name: work
      <<: *pool
    - { name: more, count: *many, vmSize: Standard_D4as_v5 }
`,
    );
    const { fits, currentUsd } = fitted(shared, 700);
    expect(currentUsd).toBeGreaterThan(800);
    expect(fits.length).toBeGreaterThan(0);
    for (const { edits } of fits) {
      // The size and the count of the anchored pool hold in the others too.
      expect(edits.map(({ path }) => path)).not.toContain('cluster.nodePool.vmSize');
      expect(edits.map(({ path }) => path)).not.toContain('cluster.nodePool.count');
    }
    expect(fits.flatMap(({ fix }) => applied(shared, fix.edits)).join()).toMatch(
      /(vmSize|count): \S+\n {6}<<: \*pool\n/,
    );
  });

  it('mends what policies forbid of rules and grants by narrowing them, or by taking them away', () => {
    const text = `${leastSpec}network:
  rules:
    - { name: AllowAdmin, priority: 300, access: Allow, protocol: Tcp, sourceAddressPrefix: "*", destinationAddressPrefix: "*", destinationPortRange: "5001" }
secrets:
  items: [{ name: token, from: env:TOKEN }]
  vault:
    access:
      - { principal: 22222222-2222-3333-4444-555555555555, role: Key Vault Secrets User }
      - { principal: 33333333-2222-3333-4444-555555555555, role: Key Vault Administrator }
`;
    const result = fitted(text, 200);
    expect(result.refusedBy).toEqual(['nsg-open-admin-api', 'keyvault-broad-permissions']);
    expect(result.fits).toMatchObject([
      {
        savingUsd: 0,
        givesUp: [],
        repairs: [
          { policy: 'nsg-open-admin-api', what: '"VirtualNetwork" in place of "*"' },
          { policy: 'keyvault-broad-permissions', what: 'secrets.vault.access[1] is gone' },
        ],
      },
    ]);
    const after = applied(text, result.fits[0]?.fix.edits ?? []);
    expect(after).toContain('sourceAddressPrefix: "VirtualNetwork"');
    expect(after).toContain('Key Vault Secrets User');
    expect(after).not.toContain('Administrator');
  });
});
