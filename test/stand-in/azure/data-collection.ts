import type { DataCollectionRuleArgs, DataCollectionRuleAssociationArgs } from '@pulumi/azure-native/monitor/index.js';
import type { Resolved } from '../provider.ts';
import { badRequest, conflict, notFound } from './error.ts';
import { checkIdentities, identityShown } from './identity.ts';
import { names } from './names.ts';
import { define, type Write } from './resource-type.ts';
import { guid, locationOf } from './world.ts';

type Rule = Resolved<DataCollectionRuleArgs>;

const ruleType = 'azure-native:monitor:DataCollectionRule';
const associationType = 'azure-native:monitor:DataCollectionRuleAssociation';

/** https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure; the refusal as in hashicorp/terraform-provider-azurerm's issues. */
const invalidRule = (code: string, why: string) =>
  badRequest('InvalidPayload', `Data collection rule is invalid. Details: ${code}: ${why}`);

export const dataCollectionRule = define<DataCollectionRuleArgs>({
  path: '{group}/Microsoft.Insights/dataCollectionRules/{dataCollectionRuleName}',
  name: names.dataCollectionRule,
  replaceOn: ['location'],
  openChoices: /\.streams\[\d+\]$/,
  check(write) {
    const { world, id, inputs } = write;
    checkIdentities(world, id, inputs.identity);
    const endpoint = inputs.dataCollectionEndpointId;
    if (endpoint !== undefined && !world.get(endpoint))
      throw invalidRule('InvalidDataCollectionEndpoint', `'${endpoint}' was not found.`);
    const sources = checkSources(inputs);
    const destinations = checkDestinations(write);
    const flows = inputs.dataFlows ?? [];
    if (flows.length === 0) throw invalidRule('InvalidDataFlow', "'Data Flows' must not be empty.");
    for (const flow of flows) {
      if (!flow.streams?.length) throw invalidRule('InvalidDataFlow', "'Streams' must not be empty.");
      if (!flow.destinations?.length) throw invalidRule('InvalidDataFlow', "'Destinations' must not be empty.");
      const unknown = flow.destinations.find((name) => !destinations.includes(name));
      if (unknown) throw invalidRule('InvalidDataFlow', `'DataFlows' destination name is unknown: ${unknown}`);
      const idle = flow.streams.find((stream) => !sources.includes(stream));
      if (idle && sources.length > 0) throw invalidRule('InvalidDataFlow', `No data source sends the stream ${idle}.`);
    }
  },
  outputs: ({ world, id, inputs }) => ({
    provisioningState: 'Succeeded',
    identity: identityShown(world, id, inputs.identity),
    immutableId: `dcr-${guid('data collection rule', id, String(world.generation(id))).replaceAll('-', '')}`,
  }),
  // https://learn.microsoft.com/rest/api/monitor/data-collection-rules/delete: only `deleteAssociations` takes them along.
  deletable(world, held) {
    const user = world.all(associationType).find(({ inputs }) => isSame(inputs.dataCollectionRuleId, held.id));
    if (user) throw conflict('Conflict', `The data collection rule ${held.id} is still associated, by ${user.id}.`);
  },
});

const isSame = (a: unknown, b: string): boolean => String(a).toLowerCase() === b.toLowerCase();

/** The streams that come in. */
function checkSources({ dataSources = {}, streamDeclarations = {} }: Rule): string[] {
  const { dataImports, ...lists } = dataSources;
  const sources = Object.values(lists).flat() as { name?: string; streams?: string[]; extensionName?: string }[];
  for (const { name, streams } of sources) {
    if (!name) throw invalidRule('InvalidDataSource', "'Name' must not be empty.");
    if (!streams?.length) throw invalidRule('InvalidDataSource', "'Streams' must not be empty.");
  }
  const twice = sources.find(({ name }, index) => sources.findIndex((other) => other.name === name) < index);
  if (twice) throw invalidRule('InvalidDataSource', `The data source name '${twice.name}' is used twice.`);
  for (const { extensionName, streams = [] } of dataSources.extensions ?? [])
    for (const stream of streams)
      if (extensionName === 'ContainerInsights' && !containerStreams.has(stream))
        throw invalidRule('InvalidStream', `The extension ${extensionName} has no stream ${stream}.`);
  const { counterSpecifiers, samplingFrequencyInSeconds: every } = dataSources.performanceCounters?.[0] ?? {};
  if (counterSpecifiers && (every === undefined || every < 1 || every > 1800))
    throw invalidRule('InvalidDataSource', `The sampling frequency ${every} is not between 1 and 1800 seconds.`);
  const imported = dataImports?.eventHub?.stream;
  const found = [...sources.flatMap(({ streams = [] }) => streams), ...Object.keys(streamDeclarations)];
  return imported ? [...found, imported] : found;
}

/** https://learn.microsoft.com/azure/azure-monitor/containers/kubernetes-data-collection-configure#stream-values-in-dcr */
const containerStreams = new Set(
  [
    ...['ContainerInsights-Group-Default', 'ContainerInventory', 'ContainerLog', 'ContainerLogV2'],
    ...['ContainerLogV2-HighScale', 'ContainerNodeInventory', 'InsightsMetrics', 'KubeEvents', 'KubeHealth'],
    ...['KubeMonAgentEvents', 'KubeNodeInventory', 'KubePodInventory', 'KubePVInventory', 'KubeServices', 'Perf'],
    ...['Syslog', 'RetinaNetworkFlowLogs', 'ContainerNetworkLogs'],
  ].map((name) => `Microsoft-${name}`),
);

/** The names of the destinations. A workspace must be there, in the rule's own region. */
function checkDestinations({ world, inputs }: Write<DataCollectionRuleArgs>): string[] {
  const { azureMonitorMetrics, ...lists } = inputs.destinations ?? {};
  const all = [...Object.values(lists).flat(), ...(azureMonitorMetrics ? [azureMonitorMetrics] : [])];
  const found = all.map(({ name }) => name ?? '');
  if (found.includes('')) throw invalidRule('InvalidDestination', "'Name' must not be empty.");
  const twice = found.find((name, index) => found.indexOf(name) < index);
  if (twice) throw invalidRule('InvalidDestination', `The destination name '${twice}' is used twice.`);
  for (const { workspaceResourceId = '' } of inputs.destinations?.logAnalytics ?? []) {
    const workspace = world.get(workspaceResourceId);
    if (!workspace) throw invalidRule('InvalidDestination', `The workspace '${workspaceResourceId}' was not found.`);
    // https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-overview#supported-regions
    if (locationOf(workspace) !== locationOf({ inputs }))
      throw invalidRule(
        'InvalidDestination',
        `The workspace is in ${locationOf(workspace)}, the rule in ${inputs.location}.`,
      );
  }
  return found;
}

/** https://learn.microsoft.com/rest/api/monitor/data-collection-rule-associations/create */
export const dataCollectionRuleAssociation = define<DataCollectionRuleAssociationArgs>({
  path: '{resourceUri}/providers/Microsoft.Insights/dataCollectionRuleAssociations/{associationName}',
  name: names.alert,
  check({ world, name, inputs }) {
    const { dataCollectionRuleId: rule, dataCollectionEndpointId: endpoint } = inputs;
    if ((rule === undefined) === (endpoint === undefined))
      throw badRequest('InvalidPayload', 'An association names either a data collection rule or an endpoint.');
    if (endpoint !== undefined && name !== 'configurationAccessEndpoint')
      throw badRequest('InvalidPayload', "The association with an endpoint is called 'configurationAccessEndpoint'.");
    const found = world.get(rule ?? endpoint ?? '');
    if (!found || (rule !== undefined && found.type !== ruleType))
      throw notFound('ResourceNotFound', `The Resource '${rule ?? endpoint}' was not found.`);
  },
});
