import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changeRules } from '../../src/catalog/changes.ts';
import { comparePlans } from '../../src/changes/compare.ts';
import { hazards } from '../../src/changes/hazards.ts';
import type { Diagnostic } from '../../src/diagnostic.ts';
import type { Plan } from '../../src/plan.ts';
import { types } from '../stand-in/azure/types.ts';
import { compileText } from '../support/specs.ts';

const everything = readFileSync('test/fixtures/specs/everything.yaml', 'utf8');
const other = readFileSync('test/fixtures/specs/everything-else.yaml', 'utf8');

function edit(text: string, from: string | RegExp, to: string) {
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  const head = compileText(changed);
  const base = compileText(text).plan as Plan;
  return { base, head: head.plan as Plan, loaded: head.loaded };
}

/** Those that would have to be allowed. */
const namesIn = ({ help }: Diagnostic): string[] =>
  [...(help ?? '').matchAll(/--allow (\S+)/g)].map(([, name]) => name as string);

describe('an edit that loses something', () => {
  it.each([
    ['region: eastus', 'region: westeurope', ['plan/replaces resource-group', 'plan/replaces backup-group']],
    ['subnet: 172.16.4.0/24', 'subnet: 172.16.8.0/24', ['plan/refused-change subnet']],
    ['  name: perpetual\n', '  name: eternal\n', ['plan/replaces cluster', 'plan/replaces vault']],
    ['environment: everything', 'environment: other', ['plan/replaces data-disk']],
    ['sizeGiB: 64', 'sizeGiB: 32', ['plan/refused-change data-disk']],
    ['softDeleteDays: 30', 'softDeleteDays: 60', ['plan/refused-change vault']],
    ['adminGroups: [55555555-2222-3333-4444-555555555555]', 'adminGroups: []', ['plan/refused-change cluster']],
    ['maxPods: 60, zone: 2', 'maxPods: 80, zone: 2', ['plan/refused-change cluster']],
    ['vmSize: Standard_D4as_v5, count: 2', 'vmSize: Standard_D8as_v5, count: 2', ['plan/refused-change cluster']],
    [
      'vmSize: Standard_D2as_v5, count: 1, zone: 3',
      'vmSize: Standard_D4as_v5, count: 1, zone: 3',
      ['plan/replaces pool-archive'],
    ],
    ['logs: { redundancy: Standard_ZRS, keepDays: 30 }', 'growth2: 1', ['plan/deletes log-storage']],
    ['from: [internet]', 'from: [cluster]', []],
    ['create: true', 'create: false', ['plan/deletes dns-zone']],
  ])('%s -> %s', (from, to, expected) => {
    const found = hazards(edit(everything, from, to));
    const said = found.flatMap((each) => [each.resource?.name, ...namesIn(each)].map((name) => `${each.code} ${name}`));
    expect(said).toEqual(expect.arrayContaining(expected));
    if (expected.length === 0) expect(found).toEqual([]);
    for (const { severity, why, help, labels } of found) {
      expect(severity).toBe('error');
      expect(why && help).toBeTruthy();
      expect(labels[0].range.end).toBeGreaterThanOrEqual(labels[0].range.start);
    }
  });

  it('counts what goes along with what it replaces', () => {
    const found = hazards(edit(other, 'network:\n', 'network:\n  addressSpace: 10.244.0.0/14\n'));
    const cluster = found.find(({ resource }) => resource?.name === 'cluster');
    expect(cluster?.message).toMatch(/^the edit replaces "cluster" and \d\d more that stand on it$/);
    expect(cluster?.path).toBe('network.addressSpace');
  });

  it('points at the very value', () => {
    const { loaded, ...plans } = edit(everything, 'sizeGiB: 64', 'sizeGiB: 32');
    const [first] = hazards({ ...plans, loaded });
    const { start, end } = first?.labels[0].range ?? { start: 0, end: 0 };
    expect(loaded.source.text.slice(start, end)).toBe('32');
    expect(first?.message).toBe('"data-disk" can\'t shrink from 64 to 32');
  });

  it('is let through by name', () => {
    const change = edit(everything, 'logs: { redundancy: Standard_ZRS, keepDays: 30 }', '');
    const names = hazards(change).flatMap(namesIn);
    expect(names).toContain('log-storage');
    expect(hazards(change, names)).toEqual([]);
  });
});

describe('an edit that loses nothing', () => {
  it.each([
    ['sizeGiB: 64', 'sizeGiB: 128'],
    ['count: 2, osDiskGiB', 'count: 3, osDiskGiB'],
    ['max: 3', 'max: 5'],
    ['tier: Standard', 'tier: Free'],
    ['memory: 6Gi', 'memory: 5Gi'],
    ['host: ipfs.example.org', 'host: gateway.example.org'],
    ['owner: platform@example.org', 'owner: someone@example.org'],
    ['keepDays: 14', 'keepDays: 21'],
    ['{ name: burst,', '{ name: more, labels: { a: b } }\n    - { name: burst,'],
  ])('%s -> %s', (from, to) => {
    const change = edit(everything, from, to);
    expect(hazards(change)).toEqual([]);
    expect(comparePlans(change.base, change.head).length).toBeGreaterThan(0);
  });

  it('is one whose disk is filled from the one before, but not one that starts empty', () => {
    expect(hazards(edit(other, 'snapshots/friday', 'snapshots/saturday'))).toEqual([]);
    expect(hazards(edit(other, / {4}restoreFrom: \S+\n/, '')).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^the edit deletes "data-disk-\w+"$/),
    ]);
  });

  it('is a step of one Kubernetes version, and no other step is', () => {
    const at = (version: string, text = other) =>
      text.replace('kubernetesVersion: "1.35"', `kubernetesVersion: "${version}"`);
    const codes = (from: string, to: string) =>
      hazards({
        base: compileText(at(from)).plan as Plan,
        head: compileText(at(to)).plan as Plan,
        loaded: compileText(at(to)).loaded,
      }).map(({ message }) => message);
    expect(codes('1.34', '1.35')).toEqual([]);
    expect(codes('1.34', '1.36')).toEqual(["the cluster can't go from Kubernetes 1.34 to 1.36"]);
    expect(codes('1.35', '1.34')).toEqual(["the cluster can't go from Kubernetes 1.35 to 1.34"]);
  });
});

describe('the rules of change', () => {
  const planned = [everything, other].flatMap((text) =>
    (compileText(text).plan as Plan).resources.map(({ type }) => type),
  );

  it('are those the stand-in provider goes by', () => {
    for (const [type, { replaceOn = [], fixed = [] }] of Object.entries(types)) {
      if (!planned.includes(type as (typeof planned)[number])) continue;
      const { replaced, refused } = changeRules(type);
      expect([...replaced].sort(), `${type}: replaced`).toEqual([...replaceOn].sort());
      expect(refused, `${type}: refused`).toEqual(
        expect.arrayContaining(fixed.filter((path) => !replaceOn.includes(path))),
      );
    }
  });
});
