import { type AksRules, aksRules } from './aks-rules.ts';
import type { VmSize } from './vm-sizes.ts';

/** What a node has for pods, and what of its memory is kept from them. */
export type Allocatable = {
  cpuMillicores: number;
  memoryMiB: number;
  /** By the kubelet and the system. */
  reservedMiB: number;
  /** The least that stays free: below it the kubelet ends pods. */
  evictionMiB: number;
};

/**
 * What AKS leaves to pods, the cluster's own included:
 * https://learn.microsoft.com/azure/aks/node-resource-reservations. Another formula held before Kubernetes 1.29.
 */
export function allocatable(size: VmSize, maxPods: number, kubernetesVersion?: string): Allocatable {
  const rules = aksRules();
  const totalMiB = size.memoryGiB * 1024;
  const { reservedMiB, evictionMiB } = isBefore(kubernetesVersion, rules.kubeReservedMemory.sinceKubernetes)
    ? reservedBefore(size.memoryGiB, rules)
    : reservedNow(totalMiB, maxPods, rules);
  // Only some counts are documented; between them the smaller one is a bound that never refuses what would fit.
  const { millicoresByVcpu } = rules.kubeReservedCpu;
  const counts = Object.keys(millicoresByVcpu)
    .map(Number)
    .filter((count) => count <= size.vcpuAvailable);
  const reservedCpu = millicoresByVcpu[String(Math.max(...counts, 1))] ?? 0;
  return {
    cpuMillicores: size.vcpuAvailable * 1000 - reservedCpu,
    memoryMiB: Math.floor(totalMiB - reservedMiB - evictionMiB),
    reservedMiB: Math.ceil(reservedMiB),
    evictionMiB,
  };
}

type Reserved = Pick<Allocatable, 'reservedMiB' | 'evictionMiB'>;

const reservedNow = (totalMiB: number, maxPods: number, { kubeReservedMemory: rule }: AksRules): Reserved => ({
  reservedMiB: Math.min(rule.mbPerPod * maxPods + rule.mbBase, rule.maxFraction * totalMiB),
  evictionMiB: rule.evictionMiB,
});

function reservedBefore(memoryGiB: number, { kubeReservedMemoryBefore: rule }: AksRules): Reserved {
  let left = memoryGiB;
  let reservedGiB = 0;
  for (const { ofGb, fraction } of rule.steps) {
    const part = Math.min(left, ofGb ?? left);
    reservedGiB += part * fraction;
    left -= part;
  }
  return { reservedMiB: reservedGiB * 1024, evictionMiB: rule.evictionMiB };
}

const minorOf = (version: string): number => Number(version.split('.')[1]);
const isBefore = (version: string | undefined, since: string): boolean =>
  version !== undefined && minorOf(version) < minorOf(since);
