import type { ScheduledQueryRuleArgs } from '@pulumi/azure-native/monitor/index.js';
import type { Resolved } from '../provider.ts';
import { badRequest } from './error.ts';
import { checkIdentities, identityShown } from './identity.ts';
import { names } from './names.ts';
import { define, type Write } from './resource-type.ts';

type Criterion = NonNullable<NonNullable<Resolved<ScheduledQueryRuleArgs>['criteria']>['allOf']>[number];

/** Minutes: https://github.com/Azure/azure-rest-api-specs/issues/21258, and azurerm's monitor_scheduled_query_rules_alert_v2. */
const granularities = {
  ...{ PT1M: 1, PT5M: 5, PT10M: 10, PT15M: 15, PT30M: 30, PT45M: 45, PT1H: 60, PT2H: 120, PT3H: 180 },
  ...{ PT4H: 240, PT5H: 300, PT6H: 360, P1D: 1440, P2D: 2880 },
} as const;
const minutes = (duration: string | undefined): number | undefined =>
  granularities[duration as keyof typeof granularities];

/** https://learn.microsoft.com/rest/api/monitor/scheduled-query-rules/create-or-update */
export const scheduledQueryRule = define<ScheduledQueryRuleArgs>({
  path: '{group}/Microsoft.Insights/scheduledQueryRules/{ruleName}',
  name: names.alert,
  replaceOn: ['location'],
  fixed: ['kind'],
  // The SDK's enumeration is that of another service (`eq`, `startswith`); the operators are below.
  openChoices: /^criteria\.allOf\[\d+\]\.operator$/,
  check(write) {
    const { world, id, inputs } = write;
    checkIdentities(world, id, inputs.identity);
    for (const needed of ['scopes', 'criteria', 'severity', 'evaluationFrequency', 'windowSize'] as const)
      if (inputs[needed] === undefined) throw badRequest('BadRequest', `The property '${needed}' is missing.`);
    if (!inputs.scopes?.length)
      throw badRequest('BadRequest', 'Scopes property is invalid. At least one resource is needed.');
    for (const wanted of [...inputs.scopes, ...(inputs.actions?.actionGroups ?? [])])
      if (!world.get(wanted) && !/^\/subscriptions\/[^/]+$/.test(wanted))
        throw badRequest('ResourceNotFound', `The Resource '${wanted}' was not found.`);
    if ((inputs.actions?.actionGroups ?? []).length > 5)
      throw badRequest('BadRequest', 'An alert rule has at most 5 action groups.');
    const { severity = -1 } = inputs;
    if (!Number.isInteger(severity) || severity < 0 || severity > 4)
      throw badRequest('BadRequest', `Severity ${severity} is not between 0 and 4.`);
    checkTimes(write);
    const criteria = inputs.criteria?.allOf ?? [];
    if (criteria.length === 0) throw badRequest('BadRequest', 'At least one criterion is needed.');
    if (criteria.length > 1) throw badRequest('BadRequest', 'A log alert has one criterion.');
    for (const criterion of criteria) checkCriterion(criterion, minutes(inputs.windowSize) ?? 0);
  },
  outputs: ({ world, id, inputs }) => ({
    identity: identityShown(world, id, inputs.identity),
    createdWithApiVersion: '2025-01-01-preview',
    isLegacyLogAnalyticsRule: false,
    isWorkspaceAlertsStorageConfigured: false,
  }),
});

function checkTimes({ inputs }: Write<ScheduledQueryRuleArgs>): void {
  const { evaluationFrequency, windowSize, muteActionsDuration, overrideQueryTimeRange, autoMitigate = true } = inputs;
  const [every, over] = [minutes(evaluationFrequency), minutes(windowSize)];
  const supported = `Supported granularities are: ${Object.values(granularities).join(', ')}`;
  if (every === undefined || every > 1440)
    throw badRequest('BadRequest', `The evaluation frequency ${evaluationFrequency} is not supported. ${supported}`);
  if (over === undefined)
    throw badRequest('BadRequest', `The window size ${windowSize} is not supported. ${supported}`);
  if (over < every)
    throw badRequest('BadRequest', `The window ${windowSize} is shorter than the frequency ${evaluationFrequency}.`);
  if (overrideQueryTimeRange !== undefined && (minutes(overrideQueryTimeRange) ?? 0) < over)
    throw badRequest('BadRequest', `The query time range ${overrideQueryTimeRange} is shorter than the window.`);
  if (muteActionsDuration === undefined) return;
  if (autoMitigate) throw badRequest('BadRequest', 'An alert that resolves itself cannot mute its actions.');
  // https://github.com/Azure/azure-cli/issues/26581
  const muted = minutes(muteActionsDuration);
  if (muted === undefined || muted < every)
    throw badRequest(
      'InvalidRequestContent',
      "The request content was invalid and could not be deserialized: 'EvaluationFrequency cannot be greater than MuteActionsDuration'",
    );
}

const operators = {
  StaticThresholdCriterion: ['Equals', 'GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual'],
  DynamicThresholdCriterion: ['GreaterThan', 'LessThan', 'GreaterOrLessThan'],
};

/** Failing periods as in azurerm's monitor_scheduled_query_rules_alert_v2: 1 to 6 of them, 48 hours together. */
function checkCriterion(criterion: Criterion, window: number): void {
  const { query, timeAggregation, metricMeasureColumn, operator, threshold, failingPeriods, dimensions } = criterion;
  if (!query?.trim()) throw badRequest('BadRequest', 'The query of a criterion must not be empty.');
  if (!timeAggregation) throw badRequest('BadRequest', 'The time aggregation of a criterion is missing.');
  if (timeAggregation !== 'Count' && !metricMeasureColumn)
    throw badRequest('BadRequest', `The aggregation ${timeAggregation} needs a metricMeasureColumn.`);
  const kind = (criterion.criterionType ?? 'StaticThresholdCriterion') as keyof typeof operators;
  if (!operators[kind].includes(operator ?? ''))
    throw badRequest('BadRequest', `The operator '${operator}' is not one of ${operators[kind].join(', ')}.`);
  if (kind === 'StaticThresholdCriterion' ? threshold === undefined : !criterion.alertSensitivity)
    throw badRequest('BadRequest', 'A criterion needs a threshold, or a sensitivity if it is dynamic.');
  const { numberOfEvaluationPeriods: of = 1, minFailingPeriodsToAlert: failing = 1 } = failingPeriods ?? {};
  const areWhole = [of, failing].every((count) => Number.isInteger(count) && count >= 1 && count <= 6);
  if (!areWhole || failing > of)
    throw badRequest(
      'BadRequest',
      `${failing} failing of ${of} evaluation periods: both are 1 to 6, the first not the larger.`,
    );
  if (window * of > 2880) throw badRequest('BadRequest', `${of} windows of ${window} minutes are more than 48 hours.`);
  if ((dimensions ?? []).length > 6) throw badRequest('BadRequest', 'A criterion has at most 6 dimensions.');
  const empty = dimensions?.find(({ values }) => values.length === 0);
  if (empty) throw badRequest('BadRequest', `The dimension '${empty.name}' has no values.`);
}
