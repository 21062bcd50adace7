import type { CustomResourceOptions, Resource } from '@pulumi/pulumi';
import type { Token } from '../plan.ts';

/** A class of the SDK, as the program uses it: the plan has checked the inputs against the class's own types already. */
export type ResourceClass = new (name: string, inputs: never, options: CustomResourceOptions) => Resource;

const from = (module: () => Promise<Record<string, unknown>>, name: string) => async () =>
  (await module())[name] as ResourceClass;

/** The SDK's class for each type token; its file is loaded only when the plan needs it, because the whole SDK is 136 MB. */
export const classes: Readonly<Record<Token, () => Promise<ResourceClass>>> = {
  'azure-native:applicationinsights:Workbook': from(
    () => import('@pulumi/azure-native/applicationinsights/workbook.js'),
    'Workbook',
  ),
  'azure-native:authorization:RoleAssignment': from(
    () => import('@pulumi/azure-native/authorization/roleAssignment.js'),
    'RoleAssignment',
  ),
  'azure-native:compute:Disk': from(() => import('@pulumi/azure-native/compute/disk.js'), 'Disk'),
  'azure-native:consumption:Budget': from(() => import('@pulumi/azure-native/consumption/budget.js'), 'Budget'),
  'azure-native:containerregistry:Registry': from(
    () => import('@pulumi/azure-native/containerregistry/registry.js'),
    'Registry',
  ),
  'azure-native:containerservice:AgentPool': from(
    () => import('@pulumi/azure-native/containerservice/agentPool.js'),
    'AgentPool',
  ),
  'azure-native:containerservice:MaintenanceConfiguration': from(
    () => import('@pulumi/azure-native/containerservice/maintenanceConfiguration.js'),
    'MaintenanceConfiguration',
  ),
  'azure-native:containerservice:ManagedCluster': from(
    () => import('@pulumi/azure-native/containerservice/managedCluster.js'),
    'ManagedCluster',
  ),
  'azure-native:dataprotection:BackupInstance': from(
    () => import('@pulumi/azure-native/dataprotection/backupInstance.js'),
    'BackupInstance',
  ),
  'azure-native:dataprotection:BackupPolicy': from(
    () => import('@pulumi/azure-native/dataprotection/backupPolicy.js'),
    'BackupPolicy',
  ),
  'azure-native:dataprotection:BackupVault': from(
    () => import('@pulumi/azure-native/dataprotection/backupVault.js'),
    'BackupVault',
  ),
  'azure-native:dns:RecordSet': from(() => import('@pulumi/azure-native/dns/recordSet.js'), 'RecordSet'),
  'azure-native:dns:Zone': from(() => import('@pulumi/azure-native/dns/zone.js'), 'Zone'),
  'azure-native:keyvault:Secret': from(() => import('@pulumi/azure-native/keyvault/secret.js'), 'Secret'),
  'azure-native:keyvault:Vault': from(() => import('@pulumi/azure-native/keyvault/vault.js'), 'Vault'),
  'azure-native:logic:Workflow': from(() => import('@pulumi/azure-native/logic/workflow.js'), 'Workflow'),
  'azure-native:managedidentity:FederatedIdentityCredential': from(
    () => import('@pulumi/azure-native/managedidentity/federatedIdentityCredential.js'),
    'FederatedIdentityCredential',
  ),
  'azure-native:managedidentity:UserAssignedIdentity': from(
    () => import('@pulumi/azure-native/managedidentity/userAssignedIdentity.js'),
    'UserAssignedIdentity',
  ),
  'azure-native:monitor:ActionGroup': from(() => import('@pulumi/azure-native/monitor/actionGroup.js'), 'ActionGroup'),
  'azure-native:monitor:DataCollectionRule': from(
    () => import('@pulumi/azure-native/monitor/dataCollectionRule.js'),
    'DataCollectionRule',
  ),
  'azure-native:monitor:DataCollectionRuleAssociation': from(
    () => import('@pulumi/azure-native/monitor/dataCollectionRuleAssociation.js'),
    'DataCollectionRuleAssociation',
  ),
  'azure-native:monitor:DiagnosticSetting': from(
    () => import('@pulumi/azure-native/monitor/diagnosticSetting.js'),
    'DiagnosticSetting',
  ),
  'azure-native:monitor:MetricAlert': from(() => import('@pulumi/azure-native/monitor/metricAlert.js'), 'MetricAlert'),
  'azure-native:monitor:ScheduledQueryRule': from(
    () => import('@pulumi/azure-native/monitor/scheduledQueryRule.js'),
    'ScheduledQueryRule',
  ),
  'azure-native:network:NetworkSecurityGroup': from(
    () => import('@pulumi/azure-native/network/networkSecurityGroup.js'),
    'NetworkSecurityGroup',
  ),
  'azure-native:network:PublicIPAddress': from(
    () => import('@pulumi/azure-native/network/publicIPAddress.js'),
    'PublicIPAddress',
  ),
  'azure-native:network:Subnet': from(() => import('@pulumi/azure-native/network/subnet.js'), 'Subnet'),
  'azure-native:network:VirtualNetwork': from(
    () => import('@pulumi/azure-native/network/virtualNetwork.js'),
    'VirtualNetwork',
  ),
  'azure-native:operationalinsights:Workspace': from(
    () => import('@pulumi/azure-native/operationalinsights/workspace.js'),
    'Workspace',
  ),
  'azure-native:resources:ResourceGroup': from(
    () => import('@pulumi/azure-native/resources/resourceGroup.js'),
    'ResourceGroup',
  ),
  'azure-native:storage:BlobContainer': from(
    () => import('@pulumi/azure-native/storage/blobContainer.js'),
    'BlobContainer',
  ),
  'azure-native:storage:ManagementPolicy': from(
    () => import('@pulumi/azure-native/storage/managementPolicy.js'),
    'ManagementPolicy',
  ),
  'azure-native:storage:StorageAccount': from(
    () => import('@pulumi/azure-native/storage/storageAccount.js'),
    'StorageAccount',
  ),
  'kubernetes:apps/v1:Deployment': from(() => import('@pulumi/kubernetes/apps/v1/deployment.js'), 'Deployment'),
  'kubernetes:apps/v1:StatefulSet': from(() => import('@pulumi/kubernetes/apps/v1/statefulSet.js'), 'StatefulSet'),
  'kubernetes:core/v1:ConfigMap': from(() => import('@pulumi/kubernetes/core/v1/configMap.js'), 'ConfigMap'),
  'kubernetes:core/v1:Namespace': from(() => import('@pulumi/kubernetes/core/v1/namespace.js'), 'Namespace'),
  'kubernetes:core/v1:PersistentVolume': from(
    () => import('@pulumi/kubernetes/core/v1/persistentVolume.js'),
    'PersistentVolume',
  ),
  'kubernetes:core/v1:PersistentVolumeClaim': from(
    () => import('@pulumi/kubernetes/core/v1/persistentVolumeClaim.js'),
    'PersistentVolumeClaim',
  ),
  'kubernetes:core/v1:Secret': from(() => import('@pulumi/kubernetes/core/v1/secret.js'), 'Secret'),
  'kubernetes:core/v1:Service': from(() => import('@pulumi/kubernetes/core/v1/service.js'), 'Service'),
  'kubernetes:core/v1:ServiceAccount': from(
    () => import('@pulumi/kubernetes/core/v1/serviceAccount.js'),
    'ServiceAccount',
  ),
  'kubernetes:networking.k8s.io/v1:NetworkPolicy': from(
    () => import('@pulumi/kubernetes/networking/v1/networkPolicy.js'),
    'NetworkPolicy',
  ),
  'kubernetes:policy/v1:PodDisruptionBudget': from(
    () => import('@pulumi/kubernetes/policy/v1/podDisruptionBudget.js'),
    'PodDisruptionBudget',
  ),
  'kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass': from(
    () => import('@pulumi/kubernetes/apiextensions/customResource.js'),
    'CustomResource',
  ),
  'kubernetes:storage.k8s.io/v1:StorageClass': from(
    () => import('@pulumi/kubernetes/storage/v1/storageClass.js'),
    'StorageClass',
  ),
  'pulumi:providers:azure-native': from(() => import('@pulumi/azure-native/provider.js'), 'Provider'),
  'pulumi:providers:kubernetes': from(() => import('@pulumi/kubernetes/provider.js'), 'Provider'),
};
