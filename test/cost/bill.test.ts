import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Bill, billOf as costBill } from '../../src/cost/bill.ts';
import { usageOf } from '../../src/cost/usage.ts';
import type { Resource } from '../../src/plan.ts';
import { compileText, leastSpec, withValue } from '../support/specs.ts';

const billOf = (text: string): Bill => compileText(text).bill as Bill;
const amount = (bill: Bill, name: string): number | null | undefined =>
  bill.items.find((item) => item.name === name)?.monthlyUsd;

describe('bills added up by hand', () => {
  it('specs/prod: one Standard_D2as_v5 in eastus', () => {
    const bill = billOf(readFileSync('specs/prod/perpetual-node.yaml', 'utf8'));
    // Retail prices of 2026-09/10, eastus: Standard_D2as_v5 0.086/h; P4 5.2795 and P2 1.20 a month; load balancer 0.025/h
    // for the first five rules and 0.005/GB; static IPv4 0.005/h; the first 100 GB of egress free; Key Vault 0.03 per 10,000.
    const byHand = {
      Nodes: 0.086 * 730,
      'OS disks': 5.2795,
      'Data disk': 1.2,
      'Load balancer': 0.025 * 730,
      'Load balancer data': 100 * 0.005,
      'Outbound address': 0.005 * 730,
      'Public address': 0.005 * 730,
      'Internet egress': 0,
      'Key Vault operations': ((2 * 20) / 10_000) * 0.03,
      'Control plane': 0,
    };
    for (const [name, expected] of Object.entries(byHand)) expect(amount(bill, name), name).toBeCloseTo(expected, 10);
    expect(bill.items.map(({ name }) => name).sort()).toEqual(Object.keys(byHand).sort());
    // 62.78 + 5.2795 + 1.20 + 18.25 + 0.50 + 3.65 + 3.65 + 0.00012 = 95.30962
    expect(bill.monthlyUsd).toBe(95.31);
    expect(bill.partial).toBe(false);
  });

  it('a larger cluster in westeurope', () => {
    const text = `${leastSpec
      .replace('eastus', 'westeurope')
      .replace(
        '"1.35"',
        '"1.35"\n  tier: Standard\n  nodePool: { vmSize: Standard_D4as_v5, count: 3, osDiskGiB: 100 }',
      )}storage: { data: { sizeGiB: 200, sku: StandardSSD_LRS } }\nusage: { egressGb: 0 }\n`;
    const bill = billOf(text);
    // Standard_D4as_v5 in westeurope 0.208/h (dump of 2026-06-18); P10 21.68; E15 19.20; AKS Standard 0.10/h.
    expect(amount(bill, 'Nodes')).toBeCloseTo(3 * 0.208 * 730, 10);
    expect(amount(bill, 'OS disks')).toBeCloseTo(3 * 21.68, 10);
    expect(amount(bill, 'Data disk')).toBeCloseTo(19.2, 10);
    expect(amount(bill, 'Control plane')).toBeCloseTo(73, 10);
  });

  it('egress by its tiers, and rules of the load balancer over five', () => {
    // 100 GB free, then 10,235 GB at 0.087 up to 10,335 GB, then 0.083: 1,000 GB at that.
    const large = billOf(`${leastSpec}usage: { egressGb: 11335 }\n`);
    expect(amount(large, 'Internet egress')).toBeCloseTo(10_235 * 0.087, 8);
    expect(amount(large, 'Internet egress over 10335 GB')).toBeCloseTo(1000 * 0.083, 8);
    expect(amount(billOf(`${leastSpec}usage: { egressGb: 100 }\n`), 'Internet egress')).toBe(0);
    // Public: the way out, swarm over TCP and UDP, gateway, api make five. Internal: gateway and api on a load balancer of their own.
    const open = '[203.0.113.0/24, 10.0.0.0/8]';
    const bill = billOf(`${leastSpec}network: { expose: { gateway: { from: ${open} }, api: { from: ${open} } } }\n`);
    expect(bill.items.filter(({ name }) => name === 'Load balancer').map(({ detail }) => detail)).toEqual([
      'public, up to 5 rules',
      'internal, up to 5 rules',
    ]);
    expect(bill.items.some(({ name }) => name === 'Load balancer rules')).toBe(false);
  });
});

describe('what else is added up by hand', () => {
  const everything = readFileSync('test/fixtures/specs/everything.yaml', 'utf8');
  const item = (bill: Bill, name: string) => bill.items.find((each) => each.name === name);

  it('backups, the storage account and what is written into it', () => {
    const bill = billOf(`${leastSpec}storage:
  data: { sizeGiB: 100 }
  backups: { everyHours: 12, keepDays: 10 }
  logs: { redundancy: Standard_GRS }
usage: { backupChurnPercent: 3, blobGb: 60000, blobWrites: 250000, blobReads: 40000, auditLogGb: 20 }
`);
    // 10 days of two a day are 20 snapshots: 100 GiB and 19 times 3 GiB, at 0.05 a GB in eastus.
    expect(amount(bill, 'Disk backups')).toBeCloseTo((100 + 19 * 3) * 0.05, 10);
    // Hot GRS, eastus: 0.0458 up to 51,200 GB, 0.043968 from there; writes 0.10 and reads 0.004 per 10,000.
    expect(amount(bill, 'Stored logs and backups')).toBeCloseTo(51_200 * 0.0458, 8);
    expect(amount(bill, 'Stored logs and backups over 51200 GB')).toBeCloseTo(8800 * 0.043968, 8);
    expect(amount(bill, 'Storage writes')).toBeCloseTo(25 * 0.1, 10);
    expect(amount(bill, 'Storage reads')).toBeCloseTo(4 * 0.004, 10);
    // Platform logs on their way to a storage account: 0.25 a GB.
    expect(amount(bill, 'Log export')).toBeCloseTo(20 * 0.25, 10);
  });

  it('logs over the free ones, kept for longer, and the alerts on them', () => {
    const bill = billOf(`${leastSpec}monitoring: { logs: { dailyCapGb: 2, keepDays: 91 } }
usage: { logsGbPerDay: 3, freeLogGb: 5 }
`);
    // The cap lets 2 GB a day in: 60.8333 GB in 730 hours, of which 5 are free; 2.30 a GB in eastus.
    expect(amount(bill, 'Log ingestion')).toBeCloseTo(((2 * 730) / 24 - 5) * 2.3, 8);
    // 60 days beyond the 31 that are included, at 0.10 a GB and month.
    expect(amount(bill, 'Log retention')).toBeCloseTo(2 * 60 * 0.1, 10);
    // Four alerts every node has, every 15 minutes: 0.50 each.
    const alerts = bill.items.filter(({ name }) => name === 'Log alert').map(({ monthlyUsd }) => monthlyUsd);
    expect(alerts).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('a week with off-hours: only the machines stop', () => {
    const development = `${leastSpec.replace('environment: prod', 'environment: prod\n  stage: development')}`;
    const pool = '"1.35"\n  tier: Standard\n  pools: [{ name: work, vmSize: Standard_D2as_v5, count: 2 }]';
    const always = development.replace('"1.35"', pool);
    const offHours = '{ stop: "19:30", start: "07:00", days: [Mon, Tue, Wed, Thu, Fri], timezone: Europe/Berlin }';
    const bill = billOf(always.replace('  tier:', `  offHours: ${offHours}\n  tier:`));
    // Five days of 12.5 hours are 62.5 of 168 hours; a month of 730 hours has 730/168 weeks.
    const hours = (62.5 * 730) / 168;
    const machines = bill.items.filter(({ name }) => name === 'Nodes').map(({ monthlyUsd }) => monthlyUsd);
    expect(machines.map((each) => each?.toFixed(6))).toEqual(
      [hours * 0.086, 2 * hours * 0.086].map((each) => each.toFixed(6)),
    );
    expect(amount(bill, 'Control plane')).toBeCloseTo(730 * 0.1, 10);
    for (const name of [
      'Control plane',
      'OS disks',
      'Data disk',
      'Outbound address',
      'Public address',
      'Load balancer',
    ]) {
      expect(amount(bill, name), name).toBe(amount(billOf(always), name));
      expect(item(bill, name)?.detail, name).toContain('also while stopped');
    }
    // Two logic apps, five runs a week of a trigger and an action: 87 of the 4,000 free actions of a month.
    const apps = bill.items.filter(({ name }) => name === 'Logic app');
    expect(apps.map(({ quantity, monthlyUsd }) => [quantity, monthlyUsd])).toEqual([
      [(10 * 730) / 168, 0],
      [(10 * 730) / 168, 0],
    ]);
  });

  it('reservations, savings plans and spot beside the line, never in the sum', () => {
    const bill = billOf(withValue(leastSpec, ['cluster', 'nodePool'], { vmSize: 'Standard_D2als_v7', count: 2 }));
    // eastus: 416 for one year and 803 for three, each; savings plans 0.053868 and 0.035376 an hour, spot 0.015598.
    const byHand = {
      '1-year reservation': (2 * 416) / 12,
      '1-year savings plan': 2 * 0.053868 * 730,
      '3-year reservation': (2 * 803) / 36,
      '3-year savings plan': 2 * 0.035376 * 730,
      spot: 2 * 0.015598 * 730,
    };
    const ways = item(bill, 'Nodes')?.alternatives ?? [];
    expect(ways.map(({ name }) => name)).toEqual(Object.keys(byHand));
    for (const { name, monthlyUsd } of ways) expect(monthlyUsd).toBeCloseTo(byHand[name as keyof typeof byHand], 10);
    expect(ways.at(-1)?.note).toContain('never for a system pool');
    expect(item(bill, 'Nodes')?.note ?? '').not.toContain('trap');
  });

  it('warns of a reservation that outlives its machines', () => {
    // Standard_B1ms retires on 2028-11-15: one year from 2026-11-22 ends before, three years do not.
    const old = billOf(withValue(leastSpec, ['cluster', 'nodePool', 'vmSize'], 'Standard_B1ms'));
    expect(item(old, 'Nodes')?.note).toBe('a trap: a 3-year reservation runs past 2028-11-15, when the size retires');
  });

  it('secrets that are asked for again and again', () => {
    const { plan, loaded } = compileText(everything);
    const resources = structuredClone(plan?.resources ?? []);
    const cluster = resources.find(({ name }) => name === 'cluster') as Resource;
    const addons = cluster.inputs.addonProfiles as Record<string, { config: object }>;
    const operations = (): number =>
      (costBill(resources, usageOf(loaded.spec), true).items.find(({ name }) => name === 'Key Vault operations')
        ?.quantity ?? Number.NaN) * 10_000;
    // Three secrets of one pod: 30 starts; every two minutes 21,900 times in 730 hours.
    expect(operations()).toBeCloseTo(90, 6);
    (addons.azureKeyvaultSecretsProvider as { config: object }).config = { enableSecretRotation: 'true' };
    expect(operations()).toBeCloseTo(90 + 3 * 21_900, 6);
    (addons.azureKeyvaultSecretsProvider as { config: object }).config = {
      enableSecretRotation: 'true',
      rotationPollInterval: '1h30m',
    };
    expect(operations()).toBeCloseTo(90 + (3 * 730) / 1.5, 6);
  });

  it('disks that are billed by how they are used, images and a zone', () => {
    const bill = billOf(
      `${everything
        .replace('sizeGiB: 64, sku: Premium_ZRS', 'sizeGiB: 64, sku: StandardSSD_LRS')
        .replace(/^registry: .*$/m, 'registry: { kind: acr, name: example, sku: Basic }')
        .replace(/^usage: .*$/m, 'usage: { diskOperations: 3000000, registryGb: 25, dnsQueries: 2500000 }')}`,
    );
    // E6 4.80, and 3 million operations at 0.002 per 10,000; the volume of 1 GiB is an E1, which has no such meter.
    expect(amount(bill, 'Data disk')).toBeCloseTo(4.8, 10);
    expect(amount(bill, 'Data disk operations')).toBeCloseTo(300 * 0.002, 10);
    expect(item(bill, 'Volume operations')).toBeUndefined();
    // A Basic registry 0.1666 a day with 10 GB; 15 GB more at 0.10.
    expect(amount(bill, 'Container registry')).toBeCloseTo((0.1666 * 730) / 24, 10);
    expect(amount(bill, 'Container registry storage')).toBeCloseTo(15 * 0.1, 10);
    // A zone 0.50 and 0.40 a million.
    expect(amount(bill, 'DNS zone')).toBe(0.5);
    expect(amount(bill, 'DNS queries')).toBeCloseTo(2.5 * 0.4, 10);
  });
});

describe('what a bill never does', () => {
  it('counts a missing price as zero', () => {
    const { bill, diagnostics } = compileText(leastSpec.replace('eastus', 'japaneast'));
    expect(bill?.partial).toBe(true);
    expect(amount(bill as Bill, 'Nodes')).toBeGreaterThan(0);
    expect(
      bill?.items
        .filter(({ monthlyUsd }) => monthlyUsd === null)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['Data disk', 'OS disks', 'Outbound address', 'Public address']);
    expect(diagnostics.filter(({ code }) => code === 'cost-not-priced')).toHaveLength(4);
  });

  it('leaves out what it can not price: an alert of another frequency, a volume of a class nobody described', () => {
    const { plan, loaded } = compileText(readFileSync('test/fixtures/specs/everything.yaml', 'utf8'));
    const resources = structuredClone(plan?.resources ?? []);
    const claim = resources.find(
      ({ type, inputs }) =>
        type === 'kubernetes:core/v1:PersistentVolumeClaim' && !('volumeName' in (inputs.spec as object)),
    ) as Resource;
    Object.assign(claim.inputs.spec as object, { storageClassName: 'managed-csi' });
    const alert = resources.find(({ type }) => type === 'azure-native:monitor:ScheduledQueryRule') as Resource;
    alert.inputs.evaluationFrequency = 'PT1H';
    const { items, partial } = costBill(resources, usageOf(loaded.spec), true);
    const unpriced = items
      .filter(({ monthlyUsd }) => monthlyUsd === null)
      .map(({ name, detail }) => `${name}: ${detail}`);
    expect(unpriced.sort()).toEqual(['Log alert: every PT1H', 'Volume: 1 GiB, of a class that is not known']);
    expect(partial).toBe(true);
  });

  it('hides that two sources disagree', () => {
    const control = billOf(leastSpec).items.find(({ name }) => name === 'Control plane');
    expect(control).toMatchObject({ monthlyUsd: 0, alternativeUsd: 36.5 });
  });

  it('is anything but the sum of its items', () => {
    for (const text of [
      leastSpec,
      readFileSync('test/fixtures/specs/everything.yaml', 'utf8'),
      leastSpec.replace('eastus', 'japaneast'),
    ]) {
      const { items, monthlyUsd } = billOf(text);
      for (const item of items) {
        if (item.monthlyUsd === null) continue;
        expect(item.monthlyUsd).toBeGreaterThanOrEqual(0);
        expect(item.source).not.toBe('');
        expect(item.asOf).toMatch(/^\d{4}-\d{2}(-\d{2})?$/);
      }
      expect(monthlyUsd).toBeCloseTo(
        items.reduce((sum, item) => sum + (item.monthlyUsd ?? 0), 0),
        2,
      );
    }
  });

  it('falls when nodes or disks grow', () => {
    const total = (path: (string | number)[], value: unknown): number =>
      billOf(withValue(leastSpec, path, value)).monthlyUsd;
    const rising = (amounts: number[]): void => expect(amounts).toEqual([...amounts].sort((a, b) => a - b));
    rising([1, 2, 5, 20].map((count) => total(['cluster', 'nodePool', 'count'], count)));
    rising([30, 33, 65, 129, 2048].map((gib) => total(['cluster', 'nodePool', 'osDiskGiB'], gib)));
    rising([1, 4, 5, 8, 9, 64, 65, 4096].map((gib) => total(['storage', 'data', 'sizeGiB'], gib)));
  });

  it('takes a disk for smaller than the step it is billed as', () => {
    // 4 GiB is P1 (0.60), 5 GiB already P2 (1.20), eastus.
    expect(amount(billOf(withValue(leastSpec, ['storage', 'data', 'sizeGiB'], 4)), 'Data disk')).toBe(0.6);
    expect(amount(billOf(withValue(leastSpec, ['storage', 'data', 'sizeGiB'], 5)), 'Data disk')).toBe(1.2);
  });
});
