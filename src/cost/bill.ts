import type { Resource } from '../plan.ts';
import { regionFinder, text } from '../views.ts';
import { metricAlert, queryRule } from './alerts.ts';
import { diskBackup } from './backup.ts';
import { agentPool, cluster, clusterType } from './cluster.ts';
import { claim, disk } from './disk.ts';
import { dnsZone } from './dns-zone.ts';
import { foreign } from './foreign.ts';
import type { CostContext, Coster, CostItem } from './item.ts';
import { publicIp } from './public-ip.ts';
import { registry } from './registry.ts';
import { runningHours } from './running-hours.ts';
import { diagnosticSetting, storageAccount } from './storage-account.ts';
import type { Usage } from './usage.ts';
import { vault } from './vault.ts';
import { workflow } from './workflow.ts';
import { workspace } from './workspace.ts';

/**
 * A month's bill. `monthlyUsd` is rounded once, to the cent; `partial` when an item has no price. The subscription is
 * the one that its free allowances belong to, where the plan says which.
 */
export type Bill = { monthlyUsd: number; partial: boolean; items: CostItem[]; subscription?: string };

export const costers: Readonly<Record<string, Coster>> = {
  'azure-native:compute:Disk': disk,
  'azure-native:containerregistry:Registry': registry,
  'azure-native:containerservice:AgentPool': agentPool,
  'azure-native:containerservice:ManagedCluster': cluster,
  'azure-native:dataprotection:BackupInstance': diskBackup,
  'azure-native:dns:Zone': dnsZone,
  'azure-native:keyvault:Vault': vault,
  'azure-native:logic:Workflow': workflow,
  'azure-native:monitor:DiagnosticSetting': diagnosticSetting,
  'azure-native:monitor:MetricAlert': metricAlert,
  'azure-native:monitor:ScheduledQueryRule': queryRule,
  'azure-native:network:PublicIPAddress': publicIp,
  'azure-native:operationalinsights:Workspace': workspace,
  'azure-native:storage:StorageAccount': storageAccount,
  'kubernetes:core/v1:PersistentVolumeClaim': claim,
};

/** Why a type has no item of its own; every type of a plan is either here or in `costers`. */
export const free: Readonly<Record<string, string>> = {
  'azure-native:applicationinsights:Workbook': 'a workbook costs nothing',
  'azure-native:authorization:RoleAssignment': 'rights cost nothing',
  'azure-native:consumption:Budget': 'a budget costs nothing',
  'azure-native:containerservice:MaintenanceConfiguration': 'a window costs nothing',
  'azure-native:dataprotection:BackupPolicy': 'a policy costs nothing; see the backups of the disk',
  'azure-native:dataprotection:BackupVault': 'the snapshots are billed with the backups of the disk',
  'azure-native:dns:RecordSet': 'records cost nothing; see the zone',
  'azure-native:keyvault:Secret': 'Key Vault bills operations, not secrets; see the vault',
  'azure-native:managedidentity:FederatedIdentityCredential': 'identities cost nothing',
  'azure-native:managedidentity:UserAssignedIdentity': 'identities cost nothing',
  'azure-native:monitor:ActionGroup': 'the first 1,000 mails of a month are free',
  'azure-native:monitor:DataCollectionRule': 'what is collected is billed with the workspace',
  'azure-native:monitor:DataCollectionRuleAssociation': 'what is collected is billed with the workspace',
  'azure-native:network:NetworkSecurityGroup': 'network security groups cost nothing',
  'azure-native:network:Subnet': 'networks cost nothing; traffic is billed with the cluster',
  'azure-native:network:VirtualNetwork': 'networks cost nothing; traffic is billed with the cluster',
  'azure-native:resources:ResourceGroup': 'a resource group is a folder',
  'azure-native:storage:BlobContainer': 'what lies in it is billed with the storage account',
  'azure-native:storage:ManagementPolicy': 'deleting costs nothing',
  'kubernetes:apps/v1:Deployment': 'pods run on nodes that are billed with the cluster',
  'kubernetes:apps/v1:StatefulSet': 'pods run on nodes that are billed with the cluster',
  'kubernetes:core/v1:ConfigMap': 'kept by the control plane',
  'kubernetes:core/v1:Namespace': 'kept by the control plane',
  'kubernetes:core/v1:PersistentVolume': 'the disk behind it is billed',
  'kubernetes:core/v1:Secret': 'kept by the control plane',
  'kubernetes:core/v1:Service': 'load balancers are billed with the cluster',
  'kubernetes:core/v1:ServiceAccount': 'kept by the control plane',
  'kubernetes:networking.k8s.io/v1:NetworkPolicy': 'kept by the control plane',
  'kubernetes:policy/v1:PodDisruptionBudget': 'kept by the control plane',
  'kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass': 'kept by the control plane',
  'kubernetes:storage.k8s.io/v1:StorageClass': 'kept by the control plane',
  'pulumi:providers:azure-native': "Pulumi's own connection",
  'pulumi:providers:kubernetes': "Pulumi's own connection",
};

export function billOf(resources: readonly Resource[], usage: Usage, complete: boolean): Bill {
  const context: CostContext = {
    usage,
    resources,
    region: regionFinder(resources),
    running: new Map(
      resources
        .filter(({ type }) => type === clusterType)
        .map((each) => [each.name, runningHours(each, resources)] as const),
    ),
  };
  const items = resources.flatMap((resource) => [
    ...((costers[resource.type] ?? foreign[resource.type])?.(resource, context) ?? []),
  ]);
  const sum = items.reduce((total, { monthlyUsd }) => total + (monthlyUsd ?? 0), 0);
  const provider = resources.find(({ type }) => type === 'pulumi:providers:azure-native');
  const subscription = text(provider?.inputs.subscriptionId);
  return {
    monthlyUsd: cents(sum),
    partial: !complete || items.some(({ monthlyUsd }) => monthlyUsd === null),
    items,
    ...(subscription !== undefined && { subscription }),
  };
}

/** Rounded half up to the cent; the small addend undoes what binary fractions lose. */
export const cents = (usd: number): number => Math.round((usd + Number.EPSILON * Math.abs(usd)) * 100) / 100;
