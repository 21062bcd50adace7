import { definePolicy } from '../src/policy/policy.ts';
import { ofType } from '../src/policy/references.ts';
import { isWorkload, podSpecOf } from '../src/policy/workloads.ts';
import { items, object, text } from '../src/views.ts';

export default definePolicy({
  id: 'pull-secret-elsewhere',
  title: "the secret for pulling images must be in the pod's namespace",
  why: 'a pod sees the secrets of its own namespace only: it can not pull its image and never starts',
  fix: "give the secret the workload's namespace",
  source: 'https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/',
  example: {
    wrong: 'a Secret in "default" for a pod in "perpetual"',
    right: 'metadata: { namespace: perpetual } on both',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: true,
  *plan({ resources }) {
    const secrets = ofType(resources, 'kubernetes:core/v1:Secret').map(({ inputs }) => object(inputs.metadata));
    for (const workload of resources.filter(isWorkload)) {
      const namespace = text(object(workload.inputs.metadata).namespace);
      const { pod, at } = podSpecOf(workload);
      for (const [index, entry] of items(pod.imagePullSecrets).entries()) {
        const name = text(object(entry).name);
        const named = secrets.filter((secret) => secret.name === name);
        const elsewhere = named.map((secret) => text(secret.namespace));
        // Only where both say where they are; one of that name may also be in the right place already.
        if (namespace === undefined || named.length === 0) continue;
        if (elsewhere.every((each) => each !== undefined && each !== namespace))
          yield {
            resource: workload.name,
            input: `${at}.imagePullSecrets[${index}].name`,
            message: `the secret "${name}" is in the namespace "${elsewhere[0]}", the pod in "${namespace}"`,
          };
      }
    }
  },
});
