import { definePolicy, type Finding } from '../src/policy/policy.ts';
import { isPresent, items, number, object, text } from '../src/views.ts';

const firstStart = '2017-06-01';
const mostNotifications = 5;
const operators = ['EqualTo', 'GreaterThan', 'GreaterThanOrEqualTo'];

export default definePolicy({
  id: 'budget-setting-refused',
  title: 'a budget must have only settings that Azure takes',
  why: 'Azure refuses the budget, and nobody is told of the costs',
  fix: 'start on the first day of a month, and have up to five notifications that each reach somebody',
  source: 'https://www.pulumi.com/registry/packages/azure-native/api-docs/consumption/budget/',
  example: {
    wrong: 'timePeriod: { startDate: 2026-11-15T00:00:00Z }',
    right: 'timePeriod: { startDate: 2026-11-01T00:00:00Z }',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: {
    *'azure-native:consumption:Budget'({ inputs }) {
      const name = text(inputs.budgetName);
      if (name !== undefined && !/^[-_a-zA-Z0-9]{1,63}$/.test(name))
        yield {
          input: 'budgetName',
          message: `"${name}" can't be the name of a budget: up to 63 letters, digits, "-" and "_"`,
        };
      const amount = number(inputs.amount);
      if (amount !== undefined && amount <= 0)
        yield { input: 'amount', message: `${amount} is no budget: it must be more than 0` };
      const start = text(object(inputs.timePeriod).startDate);
      if (
        start !== undefined &&
        /^\d{4}-\d{2}-\d{2}/.test(start) &&
        (start.slice(8, 10) !== '01' || start < firstStart)
      )
        yield {
          input: 'timePeriod.startDate',
          message: `"${start}" is not the first day of a month from ${firstStart} on`,
        };
      const notifications = Object.entries(object(inputs.notifications));
      if (notifications.length > mostNotifications)
        yield {
          input: 'notifications',
          message: `${notifications.length} notifications are too many: ${mostNotifications} at most`,
        };
      for (const [key, each] of notifications) yield* notification(object(each), `notifications.${key}.`);
    },
  },
});

function* notification(inputs: Record<string, unknown>, at: string): Generator<Finding> {
  const threshold = number(inputs.threshold);
  if (threshold !== undefined && (threshold < 0 || threshold > 1000))
    yield { input: `${at}threshold`, message: `${threshold} is outside 0 to 1000 percent` };
  const operator = text(inputs.operator);
  if (operator !== undefined && !operators.some((known) => known.toLowerCase() === operator.toLowerCase()))
    yield { input: `${at}operator`, message: `"${operator}" is none of ${operators.join(', ')}` };
  const { contactEmails, contactGroups, contactRoles } = inputs;
  const reachesNobody = [contactEmails, contactGroups, contactRoles].every(
    (people) => !isPresent(people) || (Array.isArray(people) && items(people).length === 0),
  );
  if (Object.keys(inputs).length > 0 && reachesNobody)
    yield { input: `${at}contactEmails`, message: 'the notification reaches nobody' };
}
