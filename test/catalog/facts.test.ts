import { describe, expect, it } from 'vitest';
import { aksRules } from '../../src/catalog/aks-rules.ts';
import { kubernetesStatus, kubernetesVersion, kubernetesVersions } from '../../src/catalog/kubernetes-versions.ts';
import { region, regionByDisplayName, regionNames } from '../../src/catalog/regions.ts';
import { roleGuid, roleNames } from '../../src/catalog/roles.ts';
import { source } from '../../src/catalog/sources.ts';

describe('kubernetesStatus', () => {
  // supported-kubernetes-versions.md (ms.date 2026-08-05); the last day of support is inclusive
  it.each([
    ['1.34', '2026-11-30', 'supported'],
    ['1.34', '2026-12-01', 'lts-only'],
    ['1.34.9', '2027-12-01', 'retired'],
    ['1.33', '2026-11-22', 'lts-only'],
    ['1.31', '2026-11-30', 'lts-only'],
    ['1.31', '2026-12-01', 'retired'],
    ['1.28', '2026-11-22', 'retired'],
    ['1.9', '2026-11-22', 'retired'],
    ['1.36', '2026-06-29', 'planned'],
    ['1.36', '2026-06-30', 'supported'],
    ['1.37', '2026-11-22', 'planned'],
    ['1.38', '2026-11-22', 'unknown-newer'],
  ] as const)('%s on %s is %s', (minor, today, status) => {
    expect(kubernetesStatus(minor, today)).toBe(status);
  });

  it('refuses what is no version', () => {
    for (const text of ['latest', '1.', '2.0', '']) expect(() => kubernetesStatus(text, '2026-11-22')).toThrow(text);
  });

  it('has the ends and the newest patch of a version', () => {
    expect(kubernetesVersion('1.34')).toMatchObject({ ltsEol: '2027-11-30', newestPatchSeen: '1.34.9' });
    expect(kubernetesVersion('1.3')).toBeUndefined();
    expect(kubernetesVersions().at(0)?.minor).toBe('1.27');
  });
});

describe('regions', () => {
  it('are found by short and by display name', () => {
    expect(regionNames()).toHaveLength(62);
    expect(region('eastus')).toMatchObject({ displayName: 'East US', zones: ['1', '2', '3'], pairedRegion: 'westus' });
    for (const name of regionNames()) expect(regionByDisplayName(region(name)?.displayName ?? '')?.name).toBe(name);
    expect(regionByDisplayName('east us 2')?.name).toBe('eastus2');
    expect(regionByDisplayName('EastUS')?.name).toBe('eastus');
    expect(regionByDisplayName('Atlantis')).toBeUndefined();
    expect(region('constructor')).toBeUndefined();
  });

  it('say who may use them', () => {
    // regions-list.md (ms.date 2025-03-21)
    expect(region('francesouth')?.access).toBe('restricted');
    expect(region('swedencentral')).toMatchObject({ access: 'open', pairedRegion: 'swedensouth' });
  });
});

describe('roles', () => {
  it('have a GUID each', () => {
    for (const name of roleNames()) expect(roleGuid(name)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    // key-vault/general/rbac-guide.md
    expect(roleGuid('Key Vault Secrets User')).toBe('4633458b-17de-408a-b874-0445c86b69e6');
  });

  it('throw for an unknown name', () => {
    expect(() => roleGuid('Key Vault Secret User')).toThrow('Key Vault Secret User');
    expect(() => roleGuid('constructor')).toThrow();
  });
});

it('aksRules keeps the disagreement on system pools, with sources', () => {
  const rules = aksRules();
  // quotas-skus-regions.md (2026-08-03) against use-system-pools.md (2026-08-21)
  expect(rules.systemPoolMinimum.map((rule) => rule.vcpu)).toEqual([2, 4, null]);
  expect(rules.systemPoolMinimum.every((rule) => source(rule.source).asOf)).toBe(true);
  expect(rules.kubeReservedCpu.millicoresByVcpu['2']).toBe(100);
  for (const { source: id } of [rules.restrictedSizes, rules.kubeReservedMemory, rules.defaultOsDisk]) source(id);
});
