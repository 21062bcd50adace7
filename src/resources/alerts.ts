import type { Handle, Perhaps } from '../builder.ts';
import type { Spec } from '../spec/schema.ts';
import type { Cluster } from './cluster.ts';
import { type Context, tags } from './context.ts';
import { logQueries } from './log-queries.ts';

type Alert = NonNullable<Spec['monitoring']>['alerts'][number];

/** Who is told, and of what: the spec's own alerts on metrics of the cluster, and those every node needs, from its logs. */
export function alerts(context: Context, group: Handle, { cluster }: Cluster, workspace: Perhaps<Handle>): void {
  const { spec, plan, names } = context;
  const notify = actionGroup(context, group);
  const actions = () => {
    const told = notify();
    return told && [{ actionGroupId: told.id }];
  };
  const metrics = new Map<string, number>();
  plan.each(
    () => spec.monitoring?.alerts ?? [],
    (alert: Alert, index) => {
      // Two alerts may watch the same metric at two thresholds.
      const count = (metrics.get(alert.metric) ?? 0) + 1;
      metrics.set(alert.metric, count);
      const name = `${alert.metric.replaceAll('_', '-')}${count > 1 ? `-${count}` : ''}`;
      return plan.resource('azure-native:monitor:MetricAlert', `alert-${name}`, `monitoring.alerts[${index}]`, () => ({
        resourceGroupName: group.output('name'),
        // A name of Azure's own for it: the SDK would fill in the group's region, which is refused.
        location: 'global',
        ruleName: () => names.alert(name),
        description: () => `${alert.metric} above ${alert.above}`,
        enabled: true,
        autoMitigate: true,
        severity: () => alert.severity,
        scopes: [cluster.id],
        evaluationFrequency: () => alert.every,
        windowSize: () => alert.window,
        criteria: {
          odataType: 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria' as const,
          allOf: [
            {
              name: 'threshold',
              criterionType: 'StaticThresholdCriterion' as const,
              metricName: () => alert.metric,
              metricNamespace: 'Microsoft.ContainerService/managedClusters',
              operator: 'GreaterThan',
              threshold: () => alert.above,
              timeAggregation: 'Average',
            },
          ],
        },
        actions,
        tags: () => tags(context),
      }));
    },
  );
  plan.when(
    () => workspace() !== undefined,
    () => {
      for (const { key, title, severity, every, window, query, measure, above, when, origin } of logQueries(
        spec,
        names,
      ))
        plan.when(when, () =>
          plan.resource('azure-native:monitor:ScheduledQueryRule', `alert-${key}`, origin, () => ({
            resourceGroupName: group.output('name'),
            location: () => spec.azure.region,
            ruleName: () => names.alert(key),
            kind: 'LogAlert',
            displayName: () => `${names.base()}: ${title()}`,
            enabled: true,
            autoMitigate: true,
            severity,
            scopes: [(workspace() as Handle).id],
            evaluationFrequency: every,
            windowSize: window,
            // The tables are there only when the first line has arrived.
            skipQueryValidation: true,
            criteria: {
              allOf: [
                {
                  query,
                  timeAggregation: measure ? 'Maximum' : 'Count',
                  metricMeasureColumn: measure,
                  operator: 'GreaterThan',
                  threshold: above,
                  failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
                },
              ],
            },
            actions: () => {
              const told = notify();
              return told && { actionGroups: [told.id] };
            },
            tags: () => tags(context),
          })),
        );
    },
  );
}

/** The people of `notify`, as Azure wants them. */
const actionGroup = (context: Context, group: Handle): Perhaps<Handle> => {
  const { spec, plan, names } = context;
  const people = (): readonly string[] => spec.monitoring?.notify ?? [];
  return plan.when(
    () => people().length > 0,
    () =>
      plan.resource('azure-native:monitor:ActionGroup', 'action-group', 'monitoring.notify', () => ({
        resourceGroupName: group.output('name'),
        location: 'global',
        actionGroupName: names.actionGroup,
        // Shown as the sender; 12 characters at most, like an environment's name.
        groupShortName: () => spec.metadata.environment,
        enabled: true,
        emailReceivers: () =>
          Array.from({ length: people().length }, (_, index) => ({
            name: `mail-${index + 1}`,
            emailAddress: () => people()[index] as string,
            useCommonAlertSchema: true,
          })),
        tags: () => tags(context),
      })),
  );
};
