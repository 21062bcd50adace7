import type { BudgetArgs } from '@pulumi/azure-native/consumption/index.js';
import type { ActionGroupArgs, DiagnosticSettingArgs, MetricAlertArgs } from '@pulumi/azure-native/monitor/index.js';
import type { WorkspaceArgs } from '@pulumi/azure-native/operationalinsights/index.js';
import { badRequest, invalidParameter } from './error.ts';
import { names } from './names.ts';
import { define } from './resource-type.ts';
import { guid, type World } from './world.ts';

/** https://learn.microsoft.com/azure/azure-monitor/logs/cost-logs; refusals as in hashicorp/terraform-provider-azurerm#26410. */
export const workspace = define<WorkspaceArgs>({
  path: '{group}/Microsoft.OperationalInsights/workspaces/{workspaceName}',
  name: names.workspace,
  replaceOn: ['location'],
  check({ inputs }) {
    const sku = inputs.sku?.name ?? 'PerGB2018';
    if (!['pergb2018', 'capacityreservation'].includes(sku.toLowerCase())) {
      throw badRequest(
        'InvalidPricingTier',
        `Pricing tier ${sku} doesn't match the subscription's billing model. Read http://aka.ms/PricingTierWarning for more details.`,
      );
    }
    const days = inputs.retentionInDays;
    if (days !== undefined && (!Number.isInteger(days) || days < 30 || days > 730)) {
      throw badRequest(
        'InvalidParameter',
        `The value provided for retention is invalid: ${days} days. It must be between 30 and 730.`,
      );
    }
    const cap = inputs.workspaceCapping?.dailyQuotaGb;
    if (cap !== undefined && cap !== -1 && cap < 0.023)
      throw invalidParameter('workspaceCapping.dailyQuotaGb', `${cap} is neither -1 nor a quota.`);
  },
  outputs: ({ id, inputs }) => ({
    provisioningState: 'Succeeded',
    customerId: guid('workspace', id),
    retentionInDays: inputs.retentionInDays ?? 30,
  }),
});

const frequencies = ['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H'];
const windows = [...frequencies, 'PT6H', 'PT12H', 'P1D'];

/** https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-metric-alert-rule */
export const metricAlert = define<MetricAlertArgs>({
  path: '{group}/Microsoft.Insights/metricAlerts/{ruleName}',
  name: names.alert,
  location: 'global',
  check({ world, inputs, before }) {
    if (inputs.scopes.length === 0)
      throw badRequest('BadRequest', 'Scopes property is invalid. At least one resource is needed.');
    for (const scope of inputs.scopes) checkExists(world, scope);
    for (const action of inputs.actions ?? []) checkExists(world, action.actionGroupId ?? '');
    const [every, over] = [frequencies.indexOf(inputs.evaluationFrequency), windows.indexOf(inputs.windowSize)];
    if (every < 0 || over < every) {
      throw badRequest(
        'BadRequest',
        `The window ${inputs.windowSize} and the frequency ${inputs.evaluationFrequency} are not supported together: frequencies are ${frequencies.join(', ')}, windows also PT6H, PT12H and P1D, and the window is not the shorter one.`,
      );
    }
    if (!Number.isInteger(inputs.severity) || inputs.severity < 0 || inputs.severity > 4)
      throw badRequest('BadRequest', `Severity ${inputs.severity} is not between 0 and 4.`);
    if (before && before.inputs.criteria.odataType !== inputs.criteria.odataType) {
      throw badRequest('BadRequest', 'The criteria type of an alert cannot be changed; create another one.');
    }
    const criteria = 'allOf' in inputs.criteria ? (inputs.criteria.allOf ?? []) : [];
    if ('allOf' in inputs.criteria && criteria.length === 0)
      throw badRequest('BadRequest', 'At least one criterion is needed.');
    const watchesClusters = inputs.scopes.every((scope) => /\/managedClusters\/[^/]+$/i.test(scope));
    const unknown = criteria.find(
      (criterion) => watchesClusters && !criterion.skipMetricValidation && !clusterMetrics.test(criterion.metricName),
    );
    if (unknown)
      throw badRequest(
        'BadRequest',
        `Couldn't find a metric named ${unknown.metricName}. To create an alert rule on it, set skipMetricValidation.`,
      );
  },
});

/** azure-monitor-docs, `supported-metrics/microsoft-containerservice-managedclusters-metrics.md` */
const clusterMetrics = new RegExp(
  `^(${[
    'apiserver_(cpu|memory)_usage_percentage',
    'apiserver_current_inflight_requests',
    'cluster_autoscaler_(cluster_safe_to_autoscale|scale_down_in_cooldown|unneeded_nodes_count|unschedulable_pods_count)',
    'etcd_(cpu|database|memory)_usage_percentage',
    'kube_node_status_(allocatable_cpu_cores|allocatable_memory_bytes|condition)',
    'kube_pod_status_(phase|ready)',
    'node_cpu_usage_(millicores|percentage)',
    'node_disk_usage_(bytes|percentage)',
    'node_memory_(rss|working_set)_(bytes|percentage)',
    'node_network_(in|out)_bytes',
  ].join('|')})$`,
  'i',
);

export const actionGroup = define<ActionGroupArgs>({
  path: '{group}/Microsoft.Insights/actionGroups/{actionGroupName}',
  name: names.alert,
  location: 'global',
  check({ inputs }) {
    if (!/^.{1,12}$/.test(inputs.groupShortName))
      throw badRequest('BadRequest', `The group short name '${inputs.groupShortName}' must have 1 to 12 characters.`);
    const {
      emailReceivers = [],
      smsReceivers = [],
      webhookReceivers = [],
      armRoleReceivers = [],
      logicAppReceivers = [],
    } = inputs;
    const receivers = [
      ...emailReceivers,
      ...smsReceivers,
      ...webhookReceivers,
      ...armRoleReceivers,
      ...logicAppReceivers,
    ].map(({ name }) => name);
    const twice = receivers.find((name, index) => receivers.indexOf(name) < index);
    if (twice) throw badRequest('ReceiverNameNotUnique', `The receiver name '${twice}' is used twice.`);
    const wrong = emailReceivers.find((receiver) => !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(receiver.emailAddress));
    if (wrong) throw badRequest('BadRequest', `The e-mail address '${wrong.emailAddress}' is not valid.`);
  },
});

export const diagnosticSetting = define<DiagnosticSettingArgs>({
  path: '{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}',
  name: names.alert,
  check({ world, inputs }) {
    const sinks = [
      inputs.workspaceId,
      inputs.storageAccountId,
      inputs.eventHubAuthorizationRuleId,
      inputs.marketplacePartnerId,
    ];
    if (!sinks.some(Boolean)) throw badRequest('BadRequest', 'At least one data sink needs to be specified.');
    for (const sink of [inputs.workspaceId, inputs.storageAccountId]) if (sink !== undefined) checkExists(world, sink);
    if (!inputs.logs?.length && !inputs.metrics?.length)
      throw badRequest('BadRequest', 'At least one category of logs or metrics needs to be specified.');
  },
});

/** https://learn.microsoft.com/rest/api/consumption/budgets; the start date as in https://github.com/Azure/CanadaPubSecALZ/issues/317 */
export const budget = define<BudgetArgs>({
  path: '{scope}/Microsoft.Consumption/budgets/{budgetName}',
  name: names.budget,
  check({ world, inputs, before }) {
    const refuse = (why: string) => badRequest('400', why);
    const start = inputs.timePeriod.startDate;
    const thisMonth = `${world.account.today.slice(0, 7)}-01`;
    if (before) {
      if (Date.parse(before.inputs.timePeriod.startDate) !== Date.parse(start)) {
        throw refuse('Start date of budgets cannot be updated. Please delete and create a new budget.');
      }
    } else {
      const latest = `${Number(thisMonth.slice(0, 4)) + 1}${thisMonth.slice(4)}`;
      const isFirst = /^\d{4}-\d{2}-01(T00:00:00(\.0+)?Z?)?$/.test(start);
      const isMonthly = inputs.timeGrain.toLowerCase() === 'monthly';
      if (!isFirst || start.slice(0, 10) < (isMonthly ? thisMonth : '2017-06-01') || start.slice(0, 10) > latest) {
        throw refuse(
          `Invalid start date ${start}: it must be the first of a month, not before the current one and at most a year ahead.`,
        );
      }
    }
    if (!(inputs.amount > 0)) throw refuse(`The amount ${inputs.amount} must be above 0.`);
    const notifications = Object.entries(inputs.notifications ?? {});
    if (notifications.length > 5) throw refuse('A budget has at most 5 notifications.');
    for (const [key, { threshold, contactEmails, contactGroups, contactRoles }] of notifications) {
      if (threshold < 0 || threshold > 1000)
        throw refuse(`The threshold ${threshold} of ${key} is not between 0 and 1000.`);
      if (contactEmails.length + (contactGroups?.length ?? 0) + (contactRoles?.length ?? 0) === 0)
        throw refuse(`The notification ${key} reaches nobody.`);
      if (contactEmails.length > 50 || (contactGroups?.length ?? 0) > 50)
        throw refuse(`The notification ${key} has more than 50 contacts of a kind.`);
      for (const group of contactGroups ?? []) checkExists(world, group);
    }
    if (inputs.filter?.and && inputs.filter.and.length < 2)
      throw refuse("The filter's 'and' needs at least two members.");
  },
  outputs: () => ({ currentSpend: { amount: 0, unit: 'USD' }, forecastSpend: { amount: 0, unit: 'USD' } }),
});

function checkExists(world: World, id: string): void {
  if (world.get(id) || /^\/subscriptions\/[^/]+$/.test(id)) return;
  throw badRequest('ResourceNotFound', `The Resource '${id}' was not found.`);
}
