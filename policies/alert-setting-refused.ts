import type { Resource } from '../src/plan.ts';
import { definePolicy, type Finding } from '../src/policy/policy.ts';
import { items, number, object, text } from '../src/views.ts';

const frequencies = ['PT1M', 'PT5M', 'PT15M', 'PT30M', 'PT1H'];
const windows = [...frequencies, 'PT6H', 'PT12H', 'P1D'];
const aggregations = ['Average', 'Count', 'Minimum', 'Maximum', 'Total'];
const operators = ['Equals', 'GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual'];
const dynamicOperators = ['GreaterThan', 'LessThan', 'GreaterOrLessThan'];

export default definePolicy({
  id: 'alert-setting-refused',
  title: 'a metric alert must have only settings that Azure Monitor takes',
  why: 'Azure refuses the alert, and nobody is told of what it should watch',
  fix: 'write one of the values that the message names',
  source: 'https://learn.microsoft.com/azure/templates/microsoft.insights/metricalerts',
  example: { wrong: 'evaluationFrequency: PT10M', right: 'evaluationFrequency: PT15M' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: { 'azure-native:monitor:MetricAlert': judge },
});

function* judge({ inputs }: Resource): Generator<Finding> {
  yield* oneOf(inputs.evaluationFrequency, 'evaluationFrequency', frequencies);
  yield* oneOf(inputs.windowSize, 'windowSize', windows);
  const severity = number(inputs.severity);
  if (severity !== undefined && ![0, 1, 2, 3, 4].includes(severity))
    yield { input: 'severity', message: `${severity} is no severity: 0 (critical) to 4 (verbose)` };
  for (const [index, each] of items(object(inputs.criteria).allOf).entries()) {
    const { timeAggregation, operator, criterionType } = object(each);
    const at = `criteria.allOf[${index}].`;
    const isDynamic = text(criterionType)?.toLowerCase() === 'dynamicthresholdcriterion';
    yield* oneOf(timeAggregation, `${at}timeAggregation`, aggregations);
    yield* oneOf(operator, `${at}operator`, isDynamic ? dynamicOperators : operators);
  }
}

/** Azure takes any case. */
function* oneOf(value: unknown, input: string, known: readonly string[]): Generator<Finding> {
  const written = text(value);
  if (written !== undefined && !known.some((each) => each.toLowerCase() === written.toLowerCase()))
    yield { input, message: `"${written}" is none of ${known.join(', ')}` };
}
