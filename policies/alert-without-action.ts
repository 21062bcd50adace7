import { definePolicy } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';
import { isPresent } from '../src/views.ts';

const alerts = ['azure-native:monitor:MetricAlert', 'azure-native:monitor:ScheduledQueryRule'];

export default definePolicy({
  id: 'alert-without-action',
  title: 'an alert should tell somebody',
  why: 'without an action group the alert is a line in the portal that nobody looks at',
  fix: 'add addresses to monitoring.notify, or an action group with an e-mail receiver to actions',
  source: 'https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups',
  example: { wrong: 'actions: []', right: 'actions: [{ actionGroupId: ... }]' },
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  *plan({ resources }) {
    const silent = ofType(resources, ...alerts).filter(
      ({ inputs: { actions } }) => !isPresent(actions) || isEmpty(actions),
    );
    const last = silent.at(-1);
    // One group of people is what is missing, so it is said once.
    if (last)
      yield {
        resource: last.name,
        message: `${silent.length > 1 ? `${silent.length} alerts are` : 'an alert is'} raised and nobody is told`,
      };
  },
});

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
