import type { Resource } from '../src/plan.ts';
import { definePolicy, type Finding } from '../src/policy/policy.ts';

export default definePolicy({
  id: 'alert-without-action',
  title: 'an alert should tell somebody',
  why: 'without an action group the alert is a line in the portal that nobody looks at',
  fix: 'add an action group with an e-mail receiver to actions; in a spec, addresses to monitoring.notify',
  source: 'https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups',
  levels: { production: 'advisory', development: 'advisory' },
  advice: true,
  waivable: true,
  // The second is what the module was called before version 3.
  resource: { 'azure-native:monitor:MetricAlert': judge, 'azure-native:insights:MetricAlert': judge },
});

function* judge({ inputs: { actions } }: Resource): Generator<Finding> {
  if (actions === undefined || (Array.isArray(actions) && actions.length === 0))
    yield { input: 'actions', message: 'the alert has no actions: nobody is told' };
}
