import type { Resource } from '../plan.ts';
import { items, object, text } from '../views.ts';
import type { Finding, PolicyContext } from './policy.ts';

/** Where each kind of workload keeps the description of its pods. */
const podSpecs: Readonly<Record<string, string>> = {
  'kubernetes:core/v1:Pod': 'spec',
  'kubernetes:apps/v1:DaemonSet': 'spec.template.spec',
  'kubernetes:apps/v1:Deployment': 'spec.template.spec',
  'kubernetes:apps/v1:StatefulSet': 'spec.template.spec',
  'kubernetes:batch/v1:CronJob': 'spec.jobTemplate.spec.template.spec',
  'kubernetes:batch/v1:Job': 'spec.template.spec',
};

type Judge = (resource: Resource, context: PolicyContext) => Iterable<Finding>;

/** The same judgement for every kind of workload. */
export const ofWorkloads = (judge: Judge): Record<string, Judge> =>
  Object.fromEntries(Object.keys(podSpecs).map((type) => [type, judge]));

export const isWorkload = ({ type }: Resource): boolean => type in podSpecs;

/** The description of a workload's pods, with the input that holds it. */
export function podSpecOf({ type, inputs }: Resource): { pod: Record<string, unknown>; at: string } {
  const at = podSpecs[type] ?? '';
  return { pod: at.split('.').reduce((value, key) => object(value[key]), inputs), at };
}

/** The images of a workload that are known, with the inputs that name them. */
export function* imagesOf(resource: Resource): Generator<{ image: string; input: string }> {
  const { pod, at } = podSpecOf(resource);
  for (const list of ['initContainers', 'containers']) {
    for (const [index, container] of items(pod[list]).entries()) {
      const image = text(object(container).image);
      if (image !== undefined) yield { image, input: `${at}.${list}[${index}].image` };
    }
  }
}
