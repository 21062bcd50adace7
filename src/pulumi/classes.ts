import type { CustomResourceOptions, Resource } from '@pulumi/pulumi';
import type { Token } from '../plan.ts';

/** A class of the SDK, as the program uses it: the plan has checked the inputs against the class's own types already. */
export type ResourceClass = new (name: string, inputs: never, options: CustomResourceOptions) => Resource;

const from = (module: () => Promise<Record<string, unknown>>, name: string) => async () =>
  (await module())[name] as ResourceClass;

const applicationinsights = () => import('@pulumi/azure-native/applicationinsights/index.js');
const authorization = () => import('@pulumi/azure-native/authorization/index.js');
const compute = () => import('@pulumi/azure-native/compute/index.js');
const consumption = () => import('@pulumi/azure-native/consumption/index.js');
const containerregistry = () => import('@pulumi/azure-native/containerregistry/index.js');
const containerservice = () => import('@pulumi/azure-native/containerservice/index.js');
const dataprotection = () => import('@pulumi/azure-native/dataprotection/index.js');
const dns = () => import('@pulumi/azure-native/dns/index.js');
const keyvault = () => import('@pulumi/azure-native/keyvault/index.js');
const logic = () => import('@pulumi/azure-native/logic/index.js');
const managedidentity = () => import('@pulumi/azure-native/managedidentity/index.js');
const monitor = () => import('@pulumi/azure-native/monitor/index.js');
const network = () => import('@pulumi/azure-native/network/index.js');
const operationalinsights = () => import('@pulumi/azure-native/operationalinsights/index.js');
const resources = () => import('@pulumi/azure-native/resources/index.js');
const storageAccounts = () => import('@pulumi/azure-native/storage/index.js');
const apps = () => import('@pulumi/kubernetes/apps/v1/index.js');
const core = () => import('@pulumi/kubernetes/core/v1/index.js');
const networking = () => import('@pulumi/kubernetes/networking/v1/index.js');
const policy = () => import('@pulumi/kubernetes/policy/v1/index.js');
const storage = () => import('@pulumi/kubernetes/storage/v1/index.js');

/** The SDK's class for each type token; a module is loaded only when the plan needs it, because the whole SDK is 136 MB. */
export const classes: Readonly<Record<Token, () => Promise<ResourceClass>>> = {
  'azure-native:applicationinsights:Workbook': from(applicationinsights, 'Workbook'),
  'azure-native:authorization:RoleAssignment': from(authorization, 'RoleAssignment'),
  'azure-native:compute:Disk': from(compute, 'Disk'),
  'azure-native:consumption:Budget': from(consumption, 'Budget'),
  'azure-native:containerregistry:Registry': from(containerregistry, 'Registry'),
  'azure-native:containerservice:AgentPool': from(containerservice, 'AgentPool'),
  'azure-native:containerservice:MaintenanceConfiguration': from(containerservice, 'MaintenanceConfiguration'),
  'azure-native:containerservice:ManagedCluster': from(containerservice, 'ManagedCluster'),
  'azure-native:dataprotection:BackupInstance': from(dataprotection, 'BackupInstance'),
  'azure-native:dataprotection:BackupPolicy': from(dataprotection, 'BackupPolicy'),
  'azure-native:dataprotection:BackupVault': from(dataprotection, 'BackupVault'),
  'azure-native:dns:RecordSet': from(dns, 'RecordSet'),
  'azure-native:dns:Zone': from(dns, 'Zone'),
  'azure-native:keyvault:Secret': from(keyvault, 'Secret'),
  'azure-native:keyvault:Vault': from(keyvault, 'Vault'),
  'azure-native:logic:Workflow': from(logic, 'Workflow'),
  'azure-native:managedidentity:FederatedIdentityCredential': from(managedidentity, 'FederatedIdentityCredential'),
  'azure-native:managedidentity:UserAssignedIdentity': from(managedidentity, 'UserAssignedIdentity'),
  'azure-native:monitor:ActionGroup': from(monitor, 'ActionGroup'),
  'azure-native:monitor:DataCollectionRule': from(monitor, 'DataCollectionRule'),
  'azure-native:monitor:DataCollectionRuleAssociation': from(monitor, 'DataCollectionRuleAssociation'),
  'azure-native:monitor:DiagnosticSetting': from(monitor, 'DiagnosticSetting'),
  'azure-native:monitor:MetricAlert': from(monitor, 'MetricAlert'),
  'azure-native:monitor:ScheduledQueryRule': from(monitor, 'ScheduledQueryRule'),
  'azure-native:network:NetworkSecurityGroup': from(network, 'NetworkSecurityGroup'),
  'azure-native:network:PublicIPAddress': from(network, 'PublicIPAddress'),
  'azure-native:network:Subnet': from(network, 'Subnet'),
  'azure-native:network:VirtualNetwork': from(network, 'VirtualNetwork'),
  'azure-native:operationalinsights:Workspace': from(operationalinsights, 'Workspace'),
  'azure-native:resources:ResourceGroup': from(resources, 'ResourceGroup'),
  'azure-native:storage:BlobContainer': from(storageAccounts, 'BlobContainer'),
  'azure-native:storage:ManagementPolicy': from(storageAccounts, 'ManagementPolicy'),
  'azure-native:storage:StorageAccount': from(storageAccounts, 'StorageAccount'),
  'kubernetes:apps/v1:Deployment': from(apps, 'Deployment'),
  'kubernetes:apps/v1:StatefulSet': from(apps, 'StatefulSet'),
  'kubernetes:core/v1:ConfigMap': from(core, 'ConfigMap'),
  'kubernetes:core/v1:Namespace': from(core, 'Namespace'),
  'kubernetes:core/v1:PersistentVolume': from(core, 'PersistentVolume'),
  'kubernetes:core/v1:PersistentVolumeClaim': from(core, 'PersistentVolumeClaim'),
  'kubernetes:core/v1:Secret': from(core, 'Secret'),
  'kubernetes:core/v1:Service': from(core, 'Service'),
  'kubernetes:core/v1:ServiceAccount': from(core, 'ServiceAccount'),
  'kubernetes:networking.k8s.io/v1:NetworkPolicy': from(networking, 'NetworkPolicy'),
  'kubernetes:policy/v1:PodDisruptionBudget': from(policy, 'PodDisruptionBudget'),
  'kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass': from(
    () => import('@pulumi/kubernetes/apiextensions/index.js'),
    'CustomResource',
  ),
  'kubernetes:storage.k8s.io/v1:StorageClass': from(storage, 'StorageClass'),
  'pulumi:providers:azure-native': from(() => import('@pulumi/azure-native/provider.js'), 'Provider'),
  'pulumi:providers:kubernetes': from(() => import('@pulumi/kubernetes/provider.js'), 'Provider'),
};
