import type { Resource } from '../src/plan.ts';
import { definePolicy, type Finding } from '../src/policy/policy.ts';
import { object, text } from '../src/views.ts';

export default definePolicy({
  id: 'workload-selector-missing',
  title: 'a Deployment, StatefulSet or DaemonSet must select the pods of its template',
  why: 'Kubernetes refuses it: the selector is required, must fit the labels of the template and can never be changed',
  fix: 'give spec.selector.matchLabels and spec.template.metadata.labels the same labels',
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector',
  example: {
    wrong: 'spec: { template: ... }',
    right: 'spec: { selector: { matchLabels: { app: node } }, template: ... }',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: {
    'kubernetes:apps/v1:DaemonSet': judge,
    'kubernetes:apps/v1:Deployment': judge,
    'kubernetes:apps/v1:StatefulSet': judge,
  },
});

function* judge({ inputs }: Resource): Generator<Finding> {
  const { spec } = inputs;
  if (object(spec) !== spec) return;
  const { selector, template } = object(spec);
  if (selector === undefined) {
    yield { input: 'spec.selector', message: 'the workload has no selector' };
    return;
  }
  const { labels = {} } = object(object(template).metadata);
  for (const [key, value] of Object.entries(object(object(selector).matchLabels))) {
    const label = object(labels)[key];
    const differs = label === undefined ? object(labels) === labels : text(label) !== undefined && label !== value;
    if (differs && text(value) !== undefined)
      yield { input: `spec.selector.matchLabels.${key}`, message: `the template has no label ${key}: ${text(value)}` };
  }
}
