import { beforeEach, describe, expect, it } from 'vitest';
import { Bed, groupName, idIn, subscriptionId } from '../fixture/bed.ts';
import { edited } from '../fixture/fixture.ts';
import type { Properties } from '../provider.ts';

const workspaceId = idIn('Microsoft.OperationalInsights/workspaces/logs');
const ruleId = idIn('Microsoft.Insights/dataCollectionRules/containers');
const diskId = idIn('Microsoft.Compute/disks/data');

const collection: Properties = {
  resourceGroupName: groupName,
  location: 'eastus',
  dataCollectionRuleName: 'containers',
  kind: 'Linux',
  dataSources: {
    extensions: [
      {
        name: 'ContainerInsightsExtension',
        extensionName: 'ContainerInsights',
        streams: ['Microsoft-ContainerLogV2', 'Microsoft-KubeEvents'],
        extensionSettings: { dataCollectionSettings: { interval: '5m', namespaceFilteringMode: 'Off' } },
      },
    ],
  },
  destinations: { logAnalytics: [{ name: 'logs', workspaceResourceId: workspaceId }] },
  dataFlows: [{ streams: ['Microsoft-ContainerLogV2', 'Microsoft-KubeEvents'], destinations: ['logs'] }],
};
const association: Properties = {
  resourceUri: diskId, // any resource will do
  associationName: 'ContainerInsightsExtension',
  dataCollectionRuleId: ruleId,
};
const alert: Properties = {
  resourceGroupName: groupName,
  location: 'eastus',
  ruleName: 'restarts',
  kind: 'LogAlert',
  enabled: true,
  severity: 2,
  scopes: [workspaceId],
  evaluationFrequency: 'PT15M',
  windowSize: 'PT30M',
  criteria: {
    allOf: [
      {
        query: 'KubePodInventory | where PodRestartCount > 3',
        timeAggregation: 'Count',
        operator: 'GreaterThan',
        threshold: 0,
        failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
      },
    ],
  },
  actions: { actionGroups: [idIn('Microsoft.Insights/actionGroups/operators')] },
};
const workbook: Properties = {
  resourceGroupName: groupName,
  location: 'eastus',
  resourceName: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
  kind: 'shared',
  category: 'workbook',
  displayName: 'Nodes',
  serializedData: '{"version":"Notebook/1.0","items":[]}',
  sourceId: workspaceId,
};

let bed: Bed;
beforeEach(async () => {
  bed = await Bed.made();
  const workspace = { resourceGroupName: groupName, workspaceName: 'logs', location: 'eastus' };
  await bed.make('operationalinsights:Workspace', 'logs', { ...workspace, sku: { name: 'PerGB2018' } });
  await bed.make('compute:Disk', 'disk', {
    ...{ resourceGroupName: groupName, location: 'eastus', diskName: 'data', diskSizeGB: 8 },
    creationData: { createOption: 'Empty' },
  });
  await bed.make('monitor:ActionGroup', 'operators', {
    ...{ resourceGroupName: groupName, location: 'global', actionGroupName: 'operators' },
    ...{ enabled: true, groupShortName: 'operators' },
  });
});

describe('data collection rules', () => {
  it.each<[string, Properties, string]>([
    ['a name that ends in a hyphen', { dataCollectionRuleName: 'containers-' }, 'InvalidResourceName'],
    ['a name of 65 characters', { dataCollectionRuleName: 'a'.repeat(65) }, 'InvalidResourceName'],
    ['no flow', { dataFlows: [] }, 'InvalidPayload'],
    ['a flow to nowhere', { 'dataFlows.0.destinations': ['log'] }, 'destination name is unknown: log'],
    ['a flow of what nobody sends', { 'dataFlows.0.streams': ['Microsoft-Perf'] }, 'No data source sends'],
    [
      'a stream that containers do not have',
      { 'dataSources.extensions.0.streams.0': 'Microsoft-Logs' },
      'has no stream',
    ],
    ['a source without a name', { 'dataSources.extensions.0.name': undefined }, 'InvalidDataSource'],
    ['a workspace that is not there', workspaceIs('x'), 'InvalidDestination'],
    ['a workspace elsewhere', { location: 'westus' }, 'the rule in westus'],
  ])('refuses %s', async (_what, changes, code) => {
    await expect(bed.make('monitor:DataCollectionRule', 'rule', edited(collection, changes))).rejects.toThrow(code);
  });

  it('changes in place, and is replaced for another region', async () => {
    await bed.make('monitor:DataCollectionRule', 'rule', collection);
    expect(bed.resources.get('rule')?.outputs.immutableId).toMatch(/^dcr-[0-9a-f]{32}$/);
    expect(await bed.undeclared('rule')).toEqual([]);
    expect((await bed.change('rule', { description: 'x' })).replaces).toEqual([]);
    expect((await bed.change('rule', { location: 'westus' })).replaces).toEqual(['location']);
  });

  it.each<[string, Properties, string]>([
    ['with nothing', { dataCollectionRuleId: undefined }, 'either a data collection rule or an endpoint'],
    ['with a rule that is not there', { dataCollectionRuleId: `${ruleId}2` }, 'ResourceNotFound'],
    ['with what is no rule', { dataCollectionRuleId: workspaceId }, 'ResourceNotFound'],
    ['of what is not there', { resourceUri: `${diskId}2` }, 'ResourceNotFound'],
  ])('refuses an association %s', async (_what, changes, code) => {
    await bed.make('monitor:DataCollectionRule', 'rule', collection);
    const inputs = edited(association, changes);
    await expect(bed.make('monitor:DataCollectionRuleAssociation', 'link', inputs)).rejects.toThrow(code);
  });

  it('stays while something is associated with it', async () => {
    await bed.make('monitor:DataCollectionRule', 'rule', collection);
    const { id } = await bed.make('monitor:DataCollectionRuleAssociation', 'link', association);
    expect(id).toBe(`${diskId}/providers/Microsoft.Insights/dataCollectionRuleAssociations/ContainerInsightsExtension`);
    expect(await bed.undeclared('link')).toEqual([]);
    await expect(bed.delete('rule')).rejects.toThrow('still associated');
    await bed.delete('disk'); // takes the association along
    await bed.delete('rule');
  });
});

function workspaceIs(id: string): Properties {
  return { 'destinations.logAnalytics.0.workspaceResourceId': id };
}

describe('log alerts', () => {
  const criterion = (changes: Properties): Properties =>
    Object.fromEntries(Object.entries(changes).map(([key, value]) => [`criteria.allOf.0.${key}`, value]));
  it.each<[string, Properties, string]>([
    ['all regions', { location: 'global' }, 'LocationNotAvailableForResourceType'],
    ['no scope', { scopes: [] }, 'Scopes property is invalid'],
    ['a scope that is not there', { scopes: [`${workspaceId}2`] }, 'ResourceNotFound'],
    ['an action group that is not there', { 'actions.actionGroups': [`${diskId}/x`] }, 'ResourceNotFound'],
    ['severity 5', { severity: 5 }, 'is not between 0 and 4'],
    ['no severity', { severity: undefined }, "'severity' is missing"],
    ['every seven minutes', { evaluationFrequency: 'PT7M' }, 'Supported granularities'],
    ['every two days', { evaluationFrequency: 'P2D', windowSize: 'P2D' }, 'Supported granularities'],
    ['a window of three days', { windowSize: 'P3D' }, 'Supported granularities'],
    ['a window shorter than the frequency', { windowSize: 'PT10M' }, 'is shorter than the frequency'],
    ['no criterion', { 'criteria.allOf': [] }, 'At least one criterion'],
    ['no query', criterion({ query: ' ' }), 'must not be empty'],
    ['an operator of the SDK', criterion({ operator: 'gt' }), "The operator 'gt' is not one of Equals"],
    ['no threshold', criterion({ threshold: undefined }), 'needs a threshold'],
    ['an average of nothing', criterion({ timeAggregation: 'Average' }), 'needs a metricMeasureColumn'],
    ['more failures than periods', criterion({ 'failingPeriods.minFailingPeriodsToAlert': 2 }), '2 failing of 1'],
    [
      'periods of more than two days',
      { ...criterion({ 'failingPeriods.numberOfEvaluationPeriods': 3 }), windowSize: 'P1D' },
      '48 hours',
    ],
    ['muting what resolves itself', { muteActionsDuration: 'PT1H' }, 'cannot mute'],
    [
      'muting for less than the frequency',
      { autoMitigate: false, muteActionsDuration: 'PT5M' },
      'InvalidRequestContent',
    ],
  ])('refuses %s', async (_what, changes, code) => {
    await expect(bed.make('monitor:ScheduledQueryRule', 'alert', edited(alert, changes))).rejects.toThrow(code);
  });

  it('changes in place, and is replaced for another region', async () => {
    await bed.make('monitor:ScheduledQueryRule', 'alert', alert);
    expect(await bed.undeclared('alert')).toEqual([]);
    expect((await bed.change('alert', { severity: 1 })).replaces).toEqual([]);
    expect((await bed.change('alert', { location: 'westus' })).replaces).toEqual(['location']);
    await bed.make('monitor:ScheduledQueryRule', 'wide', {
      ...alert,
      ruleName: 'wide',
      scopes: [`/subscriptions/${subscriptionId}`],
    });
  });
});

describe('workbooks', () => {
  it.each<[string, Properties, string]>([
    ['a name', { resourceName: 'nodes' }, 'is not a GUID'],
    ['no name, which is then made from the logical one', { resourceName: undefined }, 'is not a GUID'],
    ['data that is no JSON', { serializedData: '{' }, 'no JSON object'],
    ['data that is a list', { serializedData: '[]' }, 'no JSON object'],
    ['a source that is not there', { sourceId: `${workspaceId}2` }, 'was not found'],
    ['no display name', { displayName: '' }, 'needs a display name'],
  ])('refuses %s', async (_what, changes, code) => {
    await expect(bed.make('applicationinsights:Workbook', 'workbook', edited(workbook, changes))).rejects.toThrow(code);
  });

  it('changes in place, and is replaced for another name', async () => {
    await bed.make('applicationinsights:Workbook', 'workbook', workbook);
    expect(await bed.undeclared('workbook')).toEqual([]);
    expect(bed.resources.get('workbook')?.outputs.sourceId).toBe(workspaceId.toLowerCase());
    expect((await bed.change('workbook', { serializedData: '{}' })).replaces).toEqual([]);
    const resourceName = 'bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee';
    expect((await bed.change('workbook', { resourceName })).replaces).toEqual(['resourceName']);
    await bed.make('applicationinsights:Workbook', 'other', { ...workbook, resourceName, sourceId: 'Azure Monitor' });
  });
});
