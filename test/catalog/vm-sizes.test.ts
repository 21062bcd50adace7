import { describe, expect, it } from 'vitest';
import { aksRules } from '../../src/catalog/aks-rules.ts';
import { source } from '../../src/catalog/sources.ts';
import { vmSize, vmSizeNames, vmSizesAsOf } from '../../src/catalog/vm-sizes.ts';

describe('vmSize', () => {
  it('knows 1,505 sizes, each with sane figures and a listed source', () => {
    expect(vmSizeNames()).toHaveLength(1505);
    for (const name of vmSizeNames()) {
      const size = vmSize(name);
      expect(size?.name).toBe(name);
      expect(size?.memoryGiB, name).toBeGreaterThan(0);
      expect(size?.vcpuAvailable, name).toBeGreaterThan(0);
      expect(size?.vcpuAvailable, name).toBeLessThanOrEqual(size?.vcpu ?? 0);
      expect(() => source(size?.source ?? '')).not.toThrow();
    }
    expect(vmSizesAsOf()).toBe('2026-03-05');
  });

  it('says that AKS refuses Standard_B1ms', () => {
    // kubernetes/autoscaler azure_instance_types.go; karpenter AKSRestrictedVMSizes; retired-sizes-list.md
    expect(vmSize('Standard_B1ms')).toMatchObject({
      vcpu: 1,
      memoryGiB: 2,
      burstable: true,
      aksRestricted: true,
      retires: '2028-11-15',
      retirementStatus: 'announced',
    });
  });

  it('reads every column of a common size', () => {
    // kubernetes/autoscaler (vCPU, memory, family), azuredisk-csi-driver (disks), dasv5-series.md (no local disk)
    expect(vmSize('Standard_D2as_v5')).toEqual({
      name: 'Standard_D2as_v5',
      vcpu: 2,
      vcpuAvailable: 2,
      memoryGiB: 8,
      arch: 'x64',
      family: 'standardDASv5Family',
      version: 5,
      maxDataDisks: 4,
      premiumStorage: true,
      burstable: false,
      ephemeralOsDisk: false,
      tempDiskGiB: null,
      gpu: 0,
      retires: null,
      retirementStatus: null,
      noNewSubscriptionsFrom: null,
      aksRestricted: false,
      source: 'autoscaler',
    });
    expect(vmSize('Standard_D2ps_v5')?.arch).toBe('arm64');
    expect(vmSize('Standard_D2ds_v5')?.tempDiskGiB).toBe(75);
  });

  it('ignores case, answers with the canonical name, and knows nothing else', () => {
    expect(vmSize('STANDARD_d2AS_V5')?.name).toBe('Standard_D2as_v5');
    for (const name of ['Standard_D2as_v99', '', 'constructor', '__proto__']) expect(vmSize(name)).toBeUndefined();
  });

  it('counts what the guest of a constrained size may use, and half a GiB', () => {
    expect(vmSize('Standard_E4-2as_v5')).toMatchObject({ vcpu: 4, vcpuAvailable: 2 });
    // bv1-series.md (ms.date 2026-03-10); the autoscaler list cuts it to 0
    expect(vmSize('Standard_B1ls')?.memoryGiB).toBe(0.5);
  });
});

it('flags as restricted exactly the sizes of the AKS rule', () => {
  const flagged = vmSizeNames().filter((name) => vmSize(name)?.aksRestricted);
  expect(flagged).toEqual(
    aksRules()
      .restrictedSizes.sizes.filter((name) => vmSize(name))
      .sort(),
  );
});
