import { setTimeout } from 'node:timers/promises';
import type { Operation } from './faults.ts';

/** Seconds that creating takes in the real cloud, roughly; deleting takes half, updating a third. */
const seconds: Record<string, number> = {
  'azure-native:authorization:RoleAssignment': 2,
  'azure-native:containerservice:AgentPool': 150,
  'azure-native:containerservice:ManagedCluster': 300,
  'azure-native:dataprotection:BackupInstance': 60,
  'azure-native:dataprotection:BackupVault': 20,
  'azure-native:keyvault:Secret': 2,
  'azure-native:keyvault:Vault': 30,
  'azure-native:network:VirtualNetwork': 5,
  'azure-native:operationalinsights:Workspace': 20,
  'azure-native:storage:StorageAccount': 20,
  'kubernetes:apps/v1:Deployment': 30,
  'kubernetes:apps/v1:StatefulSet': 60,
  'kubernetes:core/v1:Service': 15,
};
const share: Partial<Record<Operation, number>> = { create: 1, delete: 1 / 2, update: 1 / 3 };

/** How many seconds an operation takes in the real cloud. */
export const secondsOf = (on: Operation, type: string): number => (seconds[type] ?? 3) * (share[on] ?? 0);

/** Waits as long as the operation takes, times `factor`; at 0 it does not wait at all. */
export async function takeTime(factor: number, on: Operation, type: string): Promise<void> {
  const time = secondsOf(on, type) * factor;
  if (time > 0) await setTimeout(time * 1000);
}
