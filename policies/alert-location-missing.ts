import type { Resource } from '../src/plan.ts';
import { definePolicy, type Finding } from '../src/policy/policy.ts';
import { isPresent } from '../src/views.ts';

export default definePolicy({
  id: 'alert-location-missing',
  title: 'a metric alert must say that it is global',
  why: "without a location azure-native fills in the resource group's region, where Azure keeps no metric alerts",
  fix: 'set location: global, whatever the region of the rest',
  source: 'https://www.pulumi.com/registry/packages/azure-native/api-docs/monitor/metricalert/',
  example: { wrong: '{ scopes: [...] }', right: '{ location: global, scopes: [...] }' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  resource: { 'azure-native:monitor:MetricAlert': judge },
});

function* judge({ inputs }: Resource): Generator<Finding> {
  if (!isPresent(inputs.location)) yield { input: 'location', message: 'the alert has no location' };
}
