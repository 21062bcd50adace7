import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Bill } from '../../src/cost/bill.ts';
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
    expect(diagnostics.filter(({ code }) => code === 'cost/not-priced')).toHaveLength(4);
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
