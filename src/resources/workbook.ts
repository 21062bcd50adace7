import type { Handle, Perhaps } from '../builder.ts';
import { type Expr, json } from '../expr.ts';
import { type Context, tags } from './context.ts';
import { containerLog, watched } from './log-queries.ts';

/** One page for the operator: peers, disk, restarts and the latest words of the node. https://learn.microsoft.com/azure/azure-monitor/visualize/workbooks-overview */
export function workbook(context: Context, group: Handle, workspace: Perhaps<Handle>): void {
  const { spec, plan, names } = context;
  plan.when(
    () => workspace() !== undefined,
    () =>
      plan.resource('azure-native:applicationinsights:Workbook', 'workbook', 'monitoring.logs', () => ({
        resourceGroupName: group.output('name'),
        location: () => spec.azure.region,
        resourceName: names.workbook,
        displayName: names.base,
        category: 'workbook',
        kind: 'shared',
        sourceId: (workspace() as Handle).id,
        serializedData: () => content(names.kubernetes(), (workspace() as Handle).id),
        version: 'Notebook/1.0',
        tags: () => tags(context),
      })),
  );
}

const content = (namespace: string, workspaceId: Expr<string>): Expr<string> =>
  json({
    version: 'Notebook/1.0',
    items: [
      chart('Peers', `${watched(namespace)}\n| project TimeGenerated, peers = toint(state.peers)`),
      chart(
        'Data disk, percent used',
        `${watched(namespace)}\n| project TimeGenerated, used = toint(state.diskUsedPercent)`,
      ),
      table(
        'Pods',
        `KubePodInventory\n| where Namespace == "${namespace}"\n| summarize arg_max(TimeGenerated, PodStatus, ContainerRestartCount, ContainerStatusReason) by Name, ContainerName`,
      ),
      table(
        'Events',
        `KubeEvents\n| where Namespace == "${namespace}"\n| project TimeGenerated, Reason, Message, Name\n| order by TimeGenerated desc`,
      ),
      table(
        'Log of the node',
        `${containerLog}\n| where PodNamespace == "${namespace}" and ContainerName == "node"\n| project TimeGenerated, LogMessage\n| order by TimeGenerated desc\n| take 200`,
      ),
    ],
    fallbackResourceIds: [workspaceId],
    $schema: 'https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json',
  });

const query = (title: string, text: string, visualization: 'timechart' | 'table') => ({
  type: 3,
  name: title,
  content: {
    version: 'KqlItem/1.0',
    query: text,
    size: 0,
    title,
    timeContext: { durationMs: 86_400_000 },
    queryType: 0,
    resourceType: 'microsoft.operationalinsights/workspaces',
    visualization,
  },
});
const chart = (title: string, text: string) => query(title, text, 'timechart');
const table = (title: string, text: string) => query(title, text, 'table');
