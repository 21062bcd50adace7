import { describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { linuxVm } from '../../src/catalog/prices.ts';
import { skuRuleSources } from '../../src/catalog/sku-rules.ts';
import { source } from '../../src/catalog/sources.ts';
import { vmSize } from '../../src/catalog/vm-sizes.ts';
import { billOf } from '../../src/cost/bill.ts';
import { usageOf } from '../../src/cost/usage.ts';
import type { Resource } from '../../src/plan.ts';
import type { PolicyConfig } from '../../src/policy/config.ts';
import type { Finding } from '../../src/policy/policy.ts';
import { judge, policyContext } from '../../src/policy/run.ts';
import { resource } from '../support/plans.ts';

const pool = (vmSize: string, more: object = {}): Resource =>
  resource('azure-native:containerservice:AgentPool', 'pool', { location: 'eastus', mode: 'User', vmSize, ...more });

/** What one policy has to say of a program on a day. */
function findingsOf(id: string, program: Resource[], today = '2026-11-22', config?: PolicyConfig): Finding[] {
  const bill = billOf(program, usageOf(undefined), true);
  return judge(policies, policyContext(program, bill, 'production', undefined, today), config)
    .filter(({ policy }) => policy.id === id)
    .map(({ finding }) => finding);
}

describe('what Azure ends', () => {
  // Retired on 2027-03-31.
  const large = [pool('Standard_M192is_v2')];

  it.each([
    ['2026-12-31', 'sku-retiring', 'is retired on 2027-03-31, in 90 days'],
    ['2027-03-30', 'sku-retiring', 'is retired on 2027-03-31, in 1 day'],
    ['2027-03-31', 'sku-retired', 'is retired since 2027-03-31'],
  ])('on %s is a matter of %s', (today, id, message) => {
    expect(findingsOf(id, large, today).map((finding) => finding.message)).toEqual([`"Standard_M192is_v2" ${message}`]);
    expect(findingsOf(id === 'sku-retired' ? 'sku-retiring' : 'sku-retired', large, today)).toEqual([]);
  });

  it('is not said more than 90 days before, nor twice', () => {
    for (const id of ['sku-retiring', 'sku-retired']) expect(findingsOf(id, large, '2026-12-30')).toEqual([]);
    const cluster = [resource('azure-native:containerservice:ManagedCluster', 'c', { kubernetesVersion: '1.34' })];
    const said = (today: string): string[] =>
      ['sku-retiring', 'sku-retired', 'kubernetes-version-unsupported'].filter(
        (id) => findingsOf(id, cluster, today).length > 0,
      );
    expect(['2026-09-01', '2026-09-02', '2026-11-30', '2026-12-01'].map(said)).toEqual([
      [],
      ['sku-retiring'],
      ['sku-retiring'],
      ['kubernetes-version-unsupported'],
    ]);
  });

  it('may be closed to new subscriptions before', () => {
    expect(findingsOf('sku-retiring', [pool('Standard_DC2s_v3')], '2029-10-01').map(({ note }) => note)).toEqual([
      'closed to new subscriptions since 2026-11-01',
    ]);
  });

  it('has a source with a date', () => {
    for (const id of skuRuleSources()) expect(source(id).asOf).toMatch(/^\d{4}-\d{2}/);
  });
});

describe('an offer', () => {
  const offered = (finding: Finding | undefined) => vmSize(String(finding?.suggestion?.value));

  it('has no less than the size of today, and says what it costs', () => {
    const [finding] = findingsOf('sku-retiring', [pool('Standard_F8s_v2')], '2028-11-01');
    expect(offered(finding)?.vcpu).toBeGreaterThanOrEqual(8);
    expect(offered(finding)?.memoryGiB).toBeGreaterThanOrEqual(16);
    const usd = (name: string): number => (linuxVm('eastus', name)?.usd ?? Number.NaN) * 730;
    const difference = usd(offered(finding)?.name ?? '') - usd('Standard_F8s_v2');
    expect(finding?.help).toBe(
      `${offered(finding)?.name}, ${usd(offered(finding)?.name ?? '').toFixed(2)} USD/month (${difference < 0 ? '-' : '+'}${Math.abs(difference).toFixed(2)})`,
    );
    const [larger] = findingsOf('sku-retiring', [pool('Standard_D14_v2')], '2028-04-01');
    expect(offered(larger)?.memoryGiB).toBeGreaterThanOrEqual(112);
  });

  it('keeps to what the owners allow', () => {
    const limits = (settings: Record<string, number | string[]>): PolicyConfig =>
      new Map([
        [
          'sku-not-allowed',
          {
            levels: {},
            settings: Object.fromEntries(
              Object.entries(settings).map(([name, value]) => [name, { production: value }]),
            ),
          },
        ],
      ]);
    const judged = (settings: Record<string, number | string[]>) =>
      findingsOf('sku-not-allowed', [pool('Standard_D16s_v5')], undefined, limits(settings))[0];
    expect(offered(judged({ allowed: ['Standard_E*s_v5'], maxVcpu: 4 }))?.name).toMatch(/^Standard_E[24]\w*s_v5$/);
    expect(judged({ maxMonthlyUsdPerNode: 100 })?.help).toMatch(/, \d\d\.\d\d USD\/month \(-/);
    // Nothing is offered where nothing fits.
    expect(judged({ allowed: ['Standard_none'] })).not.toHaveProperty('suggestion');
    expect(judged({ maxMemoryGiB: 64 })).toBeUndefined();
  });

  it('is made for the region, and not where that is unknown', () => {
    expect(
      findingsOf('sku-retiring', [pool('Standard_F8s_v2', { location: 'nowhere' })], '2028-11-01')[0],
    ).not.toHaveProperty('help');
  });
});

describe('a disk of the kind Ultra for pods', () => {
  const ultra = resource('kubernetes:storage.k8s.io/v1:StorageClass', 'ultra', {
    provisioner: 'disk.csi.azure.com',
    parameters: { skuName: 'UltraSSD_LRS' },
  });
  const messages = (...pools: Resource[]): string[] =>
    findingsOf('disk-sku-unsuited', [ultra, ...pools]).map(({ message }) => message);

  it('needs nodes that can attach it', () => {
    const refused = ['an UltraSSD_LRS disk can be attached only to nodes with enableUltraSSD'];
    expect(messages(pool('Standard_D2s_v5'))).toEqual(refused);
    expect(messages(pool('Standard_D2s_v5', { enableUltraSSD: false }))).toEqual(refused);
    expect(messages(pool('Standard_D2s_v5', { enableUltraSSD: true }))).toEqual([]);
    expect(messages(pool('Standard_D2s_v5'), pool('Standard_D4s_v5', { enableUltraSSD: true }))).toEqual([]);
  });

  it('is not judged where nodes are not known', () => {
    expect(messages()).toEqual([]);
    expect(messages(pool('Standard_D2s_v5'), pool('Standard_D2x_v99'))).toEqual([]);
  });
});
