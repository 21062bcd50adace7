import type { Token } from '../../../src/plan.ts';
import { managementLock, roleAssignment } from './authorization.ts';
import { backupInstance } from './backup-instance.ts';
import { backupPolicy } from './backup-policy.ts';
import { backupVault } from './backup-vault.ts';
import { blobServiceProperties, managementPolicy } from './blob-service.ts';
import { managedCluster } from './cluster.ts';
import { dataCollectionRule, dataCollectionRuleAssociation } from './data-collection.ts';
import { disk, snapshot } from './disk.ts';
import { recordSet, zone } from './dns.ts';
import { federatedIdentityCredential, userAssignedIdentity } from './identity.ts';
import { scheduledQueryRule } from './log-alert.ts';
import { maintenanceConfiguration } from './maintenance.ts';
import { actionGroup, budget, diagnosticSetting, metricAlert, workspace } from './monitoring.ts';
import { agentPool } from './node-pool.ts';
import { publicIp } from './public-ip.ts';
import { resourceGroup } from './resource-group.ts';
import type { ResourceType } from './resource-type.ts';
import { networkSecurityGroup, securityRule } from './security-group.ts';
import { blobContainer, registry, storageAccount } from './storage.ts';
import { secret, vault } from './vault.ts';
import { subnet, virtualNetwork } from './virtual-network.ts';
import { workbook } from './workbook.ts';
import { workflow } from './workflow.ts';

type Planned = Extract<Token, `azure-native:${string}`>;

/**
 * Every type the stand-in knows, those of the compiler's plans at least. Others are refused: what nobody has described
 * would be accepted too easily.
 */
export const types = {
  'azure-native:applicationinsights:Workbook': workbook,
  'azure-native:authorization:ManagementLockByScope': managementLock,
  'azure-native:authorization:RoleAssignment': roleAssignment,
  'azure-native:compute:Disk': disk,
  'azure-native:compute:Snapshot': snapshot,
  'azure-native:consumption:Budget': budget,
  'azure-native:containerregistry:Registry': registry,
  'azure-native:containerservice:AgentPool': agentPool,
  'azure-native:containerservice:MaintenanceConfiguration': maintenanceConfiguration,
  'azure-native:containerservice:ManagedCluster': managedCluster,
  'azure-native:dataprotection:BackupInstance': backupInstance,
  'azure-native:dataprotection:BackupPolicy': backupPolicy,
  'azure-native:dataprotection:BackupVault': backupVault,
  'azure-native:dns:RecordSet': recordSet,
  'azure-native:dns:Zone': zone,
  'azure-native:keyvault:Secret': secret,
  'azure-native:keyvault:Vault': vault,
  'azure-native:logic:Workflow': workflow,
  'azure-native:managedidentity:FederatedIdentityCredential': federatedIdentityCredential,
  'azure-native:managedidentity:UserAssignedIdentity': userAssignedIdentity,
  'azure-native:monitor:ActionGroup': actionGroup,
  'azure-native:monitor:DataCollectionRule': dataCollectionRule,
  'azure-native:monitor:DataCollectionRuleAssociation': dataCollectionRuleAssociation,
  'azure-native:monitor:DiagnosticSetting': diagnosticSetting,
  'azure-native:monitor:MetricAlert': metricAlert,
  'azure-native:monitor:ScheduledQueryRule': scheduledQueryRule,
  'azure-native:network:NetworkSecurityGroup': networkSecurityGroup,
  'azure-native:network:PublicIPAddress': publicIp,
  'azure-native:network:SecurityRule': securityRule,
  'azure-native:network:Subnet': subnet,
  'azure-native:network:VirtualNetwork': virtualNetwork,
  'azure-native:operationalinsights:Workspace': workspace,
  'azure-native:resources:ResourceGroup': resourceGroup,
  'azure-native:storage:BlobContainer': blobContainer,
  'azure-native:storage:BlobServiceProperties': blobServiceProperties,
  'azure-native:storage:ManagementPolicy': managementPolicy,
  'azure-native:storage:StorageAccount': storageAccount,
} satisfies Record<string, ResourceType<unknown>> & Record<Planned, ResourceType<unknown>>;

const byToken: Readonly<Record<string, ResourceType<unknown>>> = types;

export const typeOf = (token: string): ResourceType<unknown> | undefined =>
  Object.hasOwn(byToken, token) ? byToken[token] : undefined;
