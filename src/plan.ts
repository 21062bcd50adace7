import type * as applicationinsights from '@pulumi/azure-native/applicationinsights/index.js';
import type * as authorization from '@pulumi/azure-native/authorization/index.js';
import type * as compute from '@pulumi/azure-native/compute/index.js';
import type * as consumption from '@pulumi/azure-native/consumption/index.js';
import type * as containerregistry from '@pulumi/azure-native/containerregistry/index.js';
import type * as containerservice from '@pulumi/azure-native/containerservice/index.js';
import type * as dataprotection from '@pulumi/azure-native/dataprotection/index.js';
import type * as dns from '@pulumi/azure-native/dns/index.js';
import type * as keyvault from '@pulumi/azure-native/keyvault/index.js';
import type * as logic from '@pulumi/azure-native/logic/index.js';
import type * as managedidentity from '@pulumi/azure-native/managedidentity/index.js';
import type * as monitor from '@pulumi/azure-native/monitor/index.js';
import type * as azureNetwork from '@pulumi/azure-native/network/index.js';
import type * as operationalinsights from '@pulumi/azure-native/operationalinsights/index.js';
import type { ProviderArgs as AzureProviderArgs } from '@pulumi/azure-native/provider.js';
import type * as resources from '@pulumi/azure-native/resources/index.js';
import type * as azureStorage from '@pulumi/azure-native/storage/index.js';
import type * as apiextensions from '@pulumi/kubernetes/apiextensions/index.js';
import type * as apps from '@pulumi/kubernetes/apps/v1/index.js';
import type * as core from '@pulumi/kubernetes/core/v1/index.js';
import type * as k8sNetworking from '@pulumi/kubernetes/networking/v1/index.js';
import type * as k8sPolicy from '@pulumi/kubernetes/policy/v1/index.js';
import type { ProviderArgs } from '@pulumi/kubernetes/provider.js';
import type * as k8sStorage from '@pulumi/kubernetes/storage/v1/index.js';
import type { OutputInstance } from '@pulumi/pulumi';
import type { Expr } from './expr.ts';

/** The inputs of every resource type the compiler knows, by Pulumi's type token: the SDK's own declarations. */
export interface Inputs {
  'azure-native:applicationinsights:Workbook': applicationinsights.WorkbookArgs;
  'azure-native:authorization:RoleAssignment': authorization.RoleAssignmentArgs;
  'azure-native:compute:Disk': compute.DiskArgs;
  'azure-native:consumption:Budget': consumption.BudgetArgs;
  'azure-native:containerregistry:Registry': containerregistry.RegistryArgs;
  'azure-native:containerservice:AgentPool': containerservice.AgentPoolArgs;
  'azure-native:containerservice:MaintenanceConfiguration': containerservice.MaintenanceConfigurationArgs;
  'azure-native:containerservice:ManagedCluster': containerservice.ManagedClusterArgs;
  'azure-native:dataprotection:BackupInstance': dataprotection.BackupInstanceArgs;
  'azure-native:dataprotection:BackupPolicy': dataprotection.BackupPolicyArgs;
  'azure-native:dataprotection:BackupVault': dataprotection.BackupVaultArgs;
  'azure-native:dns:RecordSet': dns.RecordSetArgs;
  'azure-native:dns:Zone': dns.ZoneArgs;
  'azure-native:keyvault:Secret': keyvault.SecretArgs;
  'azure-native:keyvault:Vault': keyvault.VaultArgs;
  'azure-native:logic:Workflow': logic.WorkflowArgs;
  'azure-native:managedidentity:FederatedIdentityCredential': managedidentity.FederatedIdentityCredentialArgs;
  'azure-native:managedidentity:UserAssignedIdentity': managedidentity.UserAssignedIdentityArgs;
  'azure-native:monitor:ActionGroup': monitor.ActionGroupArgs;
  'azure-native:monitor:DataCollectionRule': monitor.DataCollectionRuleArgs;
  'azure-native:monitor:DataCollectionRuleAssociation': monitor.DataCollectionRuleAssociationArgs;
  'azure-native:monitor:DiagnosticSetting': monitor.DiagnosticSettingArgs;
  'azure-native:monitor:MetricAlert': monitor.MetricAlertArgs;
  'azure-native:monitor:ScheduledQueryRule': monitor.ScheduledQueryRuleArgs;
  'azure-native:network:NetworkSecurityGroup': azureNetwork.NetworkSecurityGroupArgs;
  'azure-native:network:PublicIPAddress': azureNetwork.PublicIPAddressArgs;
  'azure-native:network:Subnet': azureNetwork.SubnetArgs;
  'azure-native:network:VirtualNetwork': azureNetwork.VirtualNetworkArgs;
  'azure-native:operationalinsights:Workspace': operationalinsights.WorkspaceArgs;
  'azure-native:resources:ResourceGroup': resources.ResourceGroupArgs;
  'azure-native:storage:BlobContainer': azureStorage.BlobContainerArgs;
  'azure-native:storage:ManagementPolicy': azureStorage.ManagementPolicyArgs;
  'azure-native:storage:StorageAccount': azureStorage.StorageAccountArgs;
  'kubernetes:apps/v1:Deployment': apps.DeploymentArgs;
  'kubernetes:apps/v1:StatefulSet': apps.StatefulSetArgs;
  'kubernetes:core/v1:ConfigMap': core.ConfigMapArgs;
  'kubernetes:core/v1:Namespace': core.NamespaceArgs;
  'kubernetes:core/v1:PersistentVolume': core.PersistentVolumeArgs;
  'kubernetes:core/v1:PersistentVolumeClaim': core.PersistentVolumeClaimArgs;
  'kubernetes:core/v1:Secret': core.SecretArgs;
  'kubernetes:core/v1:Service': core.ServiceArgs;
  'kubernetes:core/v1:ServiceAccount': core.ServiceAccountArgs;
  'kubernetes:networking.k8s.io/v1:NetworkPolicy': k8sNetworking.NetworkPolicyArgs;
  'kubernetes:policy/v1:PodDisruptionBudget': k8sPolicy.PodDisruptionBudgetArgs;
  'kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass': apiextensions.CustomResourceArgs & {
    spec: SecretProviderClassSpec;
  };
  'kubernetes:storage.k8s.io/v1:StorageClass': k8sStorage.StorageClassArgs;
  'pulumi:providers:azure-native': AzureProviderArgs;
  'pulumi:providers:kubernetes': ProviderArgs;
}
type SecretProviderClassSpec = { provider: 'azure'; parameters: Record<string, string | Expr<string>> };

export type Token = keyof Inputs;

/**
 * The SDK's inputs as plain data or expressions; a function anywhere is computed while building the plan, and what it
 * reads of the spec becomes the trace of that very input.
 */
export type Declared<T> = Plain<Unwrapped<T>> | (() => Plain<Unwrapped<T>>);
type Unwrapped<T> = T extends OutputInstance<infer U> | Promise<infer U> ? Unwrapped<U> : T;
type Plain<T> = T extends string | number | boolean
  ? T | Expr<T>
  : T extends null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? Declared<Item>[] | Expr<Item[]>
      : { [Key in keyof T]: Declared<T[Key]> } | Expr<T>;

/** What Pulumi does with a resource beyond creating it; names of resources are logical names of the same plan. */
export type Options = {
  dependsOn?: string[];
  provider?: string;
  protect?: boolean;
  retainOnDelete?: boolean;
  ignoreChanges?: string[];
  replaceOnChanges?: string[];
  deleteBeforeReplace?: boolean;
  additionalSecretOutputs?: string[];
};

/** One resource, from the compiler to the engine. `inputs` have the provider's own shape. */
export type Resource = {
  type: Token;
  /** Pulumi's logical name: constant or made from a key of the spec, so that changing other values never replaces it. */
  name: string;
  inputs: Record<string, unknown>;
  options: Options;
  /** The part of the spec the resource exists for. */
  origin: string;
  /** Which spec paths each input came from; the key '' holds those its existence depends on. */
  trace: Record<string, string[]>;
};

export type Plan = {
  formatVersion: 1;
  environment: string;
  resources: Resource[];
};

/** Stands in a plan for an input whose value in the spec is unusable: policies and bill skip it, and it can't be deployed. */
export const UNKNOWN = Object.freeze({ $unknown: true });

export type DeclaredInputs<T extends Token> = { [Key in keyof Inputs[T]]: Declared<Inputs[T][Key]> };
