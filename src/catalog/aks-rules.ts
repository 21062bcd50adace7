import { readData } from './files.ts';

type Sourced = { source: string };

/** What AKS asks of node sizes and reserves on nodes; `source` ids as in `sources.ts`. */
export type AksRules = {
  /** Sizes AKS refuses, old Basic ones included. */
  restrictedSizes: Sourced & { sizes: string[] };
  userPoolMinimum: Sourced & { vcpu: number; memoryGiB: number; wording: string };
  /** The documents disagree: one entry each, null where one says nothing, `newer` on the most recent. */
  systemPoolMinimum: (Sourced & { vcpu: number | null; memoryGiB: number | null; bSeries: string; newer: boolean })[];
  systemPoolNote: string;
  defaultVmSize: Sourced & { size: string; before: string; since: string };
  /** Millicores kept from pods, by vCPUs of the node; only these counts are documented. */
  kubeReservedCpu: Sourced & { millicoresByVcpu: Record<string, number> };
  /** min(mbPerPod × max pods + mbBase, maxFraction × memory) in MB, plus the eviction threshold. */
  kubeReservedMemory: Sourced & {
    mbPerPod: number;
    mbBase: number;
    maxFraction: number;
    evictionMiB: number;
    sinceKubernetes: string;
  };
  /** The same before that version: a part of each step of the memory, `null` for all the rest, plus the eviction threshold. */
  kubeReservedMemoryBefore: Sourced & { steps: { ofGb: number | null; fraction: number }[]; evictionMiB: number };
  /** What the cluster's own pods were seen to ask of a node; no document says it. */
  ownPods: Sourced & { memoryMiB: number; seenOn: string };
  /** The range of pods that each node takes in overlay networking. */
  overlay: Sourced & { nodePrefix: number };
  /** The managed OS disk AKS picks when none is asked for, by vCPUs, ascending. */
  defaultOsDisk: Sourced & { steps: { fromVcpu: number; tier: string; gib: number }[]; note: string };
  freeTierLimits: Sourced & { maxNodes: number; recommendedNodes: string; sla: string };
};

/** The AKS rules of the catalog. */
export const aksRules = (): AksRules => readData<AksRules>('aks-rules.json');
