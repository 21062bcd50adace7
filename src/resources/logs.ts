import type { Handle, Perhaps } from '../builder.ts';
import type { Spec } from '../spec/schema.ts';
import type { Cluster } from './cluster.ts';
import { type Context, tags } from './context.ts';
import type { Vault } from './vault.ts';

/** Are logs collected? The alert before the disk is full is made from them as well. */
export const collectsLogs = (spec: Spec): boolean =>
  spec.monitoring?.logs !== undefined || spec.storage.growth !== undefined;

/** What the section says, or its defaults where something else asks for logs. */
const settings = (spec: Spec) => spec.monitoring?.logs ?? { dailyCapGb: 0.15, keepDays: 30 };

/** The Log Analytics workspace, capped: what it takes in is what costs. */
export const workspace = (context: Context, group: Handle): Perhaps<Handle> => {
  const { spec, plan, names } = context;
  return plan.when(
    () => collectsLogs(spec),
    () =>
      plan.resource('azure-native:operationalinsights:Workspace', 'workspace', 'monitoring.logs', () => ({
        resourceGroupName: group.output('name'),
        location: () => spec.azure.region,
        workspaceName: names.workspace,
        // The free tier is closed to new workspaces.
        sku: { name: 'PerGB2018' },
        retentionInDays: () => settings(spec).keepDays,
        workspaceCapping: { dailyQuotaGb: () => settings(spec).dailyCapGb },
        features: { enableLogAccessUsingOnlyResourcePermissions: true },
        publicNetworkAccessForIngestion: 'Enabled',
        publicNetworkAccessForQuery: 'Enabled',
        tags: () => tags(context),
      })),
  );
};

// What the alerts and the workbook are made from; each further stream would be paid for and looked at by nobody.
const streams = ['Microsoft-ContainerLogV2', 'Microsoft-KubeEvents', 'Microsoft-KubePodInventory'];

/** What is collected: the node's own logs, every five minutes the state of its pods, and who changed the cluster or read the vault. */
export function collection(
  context: Context,
  group: Handle,
  { cluster }: Cluster,
  vault: Perhaps<Vault>,
  workspace: Perhaps<Handle>,
  storage: Perhaps<Handle>,
): void {
  const { spec, plan, names } = context;
  plan.when(
    () => workspace() !== undefined,
    () => {
      const rule = plan.resource(
        'azure-native:monitor:DataCollectionRule',
        'container-logs',
        'monitoring.logs',
        () => ({
          resourceGroupName: group.output('name'),
          location: () => spec.azure.region,
          dataCollectionRuleName: names.collectionRule,
          kind: 'Linux',
          dataSources: {
            extensions: [
              {
                name: 'ContainerInsightsExtension',
                extensionName: 'ContainerInsights',
                streams,
                extensionSettings: {
                  dataCollectionSettings: {
                    interval: '5m',
                    namespaceFilteringMode: 'Include',
                    namespaces: [names.kubernetes],
                    enableContainerLogV2: true,
                  },
                },
              },
            ],
          },
          destinations: {
            logAnalytics: [{ name: 'workspace', workspaceResourceId: (workspace() as Handle).id }],
          },
          dataFlows: [{ streams, destinations: ['workspace'] }],
          tags: () => tags(context),
        }),
      );
      plan.resource(
        'azure-native:monitor:DataCollectionRuleAssociation',
        'container-logs-of-cluster',
        'monitoring.logs',
        () => ({
          associationName: 'ContainerInsightsExtension',
          dataCollectionRuleId: rule.id,
          resourceUri: cluster.id,
        }),
      );
    },
  );
  const audit = (
    name: string,
    resource: () => Handle,
    sink: () => object,
    category: string,
    origin = 'monitoring.logs',
  ) =>
    plan.resource('azure-native:monitor:DiagnosticSetting', name, origin, () => ({
      name,
      resourceUri: () => resource().id,
      ...sink(),
      logs: [{ category, enabled: true }],
    }));
  const toWorkspace = () => ({ workspaceId: (workspace() as Handle).id });
  const toStorage = () => ({ storageAccountId: (storage() as Handle).id });
  plan.when(
    () => workspace() !== undefined,
    () => audit('cluster-logins', () => cluster, toWorkspace, 'guard'),
  );
  // Every change of anything in the cluster: far too much for the cap of the workspace, and cheap in a storage account.
  plan.when(
    () => storage() !== undefined,
    () => audit('cluster-changes', () => cluster, toStorage, 'kube-audit-admin', 'storage.logs'),
  );
  plan.when(
    () => vault() !== undefined && (workspace() !== undefined || storage() !== undefined),
    () =>
      audit(
        'vault-reads',
        () => (vault() as Vault).vault,
        () => (workspace() ? toWorkspace() : toStorage()),
        'AuditEvent',
      ),
  );
}
