import { aksRules } from './aks-rules.ts';
import type { VmSize } from './vm-sizes.ts';

/**
 * What AKS leaves to pods, the cluster's own included:
 * https://learn.microsoft.com/azure/aks/node-resource-reservations (from Kubernetes 1.29 on).
 */
export function allocatable(size: VmSize, maxPods: number): { cpuMillicores: number; memoryMiB: number } {
  const { kubeReservedMemory: memory, kubeReservedCpu: cpu } = aksRules();
  const totalMiB = size.memoryGiB * 1024;
  const reservedMiB =
    Math.min(memory.mbPerPod * maxPods + memory.mbBase, memory.maxFraction * totalMiB) + memory.evictionMiB;
  // Only some counts are documented; between them the smaller one is a bound that never refuses what would fit.
  const counts = Object.keys(cpu.millicoresByVcpu)
    .map(Number)
    .filter((count) => count <= size.vcpuAvailable);
  const reservedCpu = cpu.millicoresByVcpu[String(Math.max(...counts, 1))] ?? 0;
  return { cpuMillicores: size.vcpuAvailable * 1000 - reservedCpu, memoryMiB: Math.floor(totalMiB - reservedMiB) };
}
