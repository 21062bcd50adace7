import { definePolicy } from '../src/policy/policy.ts';
import { isWorkload } from '../src/policy/workloads.ts';
import { isPresent, object } from '../src/views.ts';

export default definePolicy({
  id: 'workload-in-default-namespace',
  title: 'a workload belongs into a namespace of its own',
  why: 'nothing limits what pods may do in "default": pod security is enforced by the labels of a namespace, and everything else lives there too',
  fix: 'make a namespace with the label pod-security.kubernetes.io/enforce: restricted and name it in metadata.namespace',
  source: 'https://learn.microsoft.com/azure/aks/use-psa',
  example: { wrong: 'metadata: { name: node }', right: 'metadata: { name: node, namespace: perpetual }' },
  levels: { production: 'mandatory', development: 'advisory' },
  waivable: true,
  *plan({ resources }) {
    // A provider may bring a namespace of its own.
    const elsewhere = resources.some(
      ({ type, inputs }) => type === 'pulumi:providers:kubernetes' && isPresent(inputs.namespace),
    );
    for (const resource of resources.filter(isWorkload)) {
      const { metadata } = resource.inputs;
      if (isPresent(metadata) && object(metadata) !== metadata) continue;
      const { namespace } = object(metadata);
      if (namespace === 'default' || (!isPresent(namespace) && !elsewhere))
        yield {
          resource: resource.name,
          input: 'metadata.namespace',
          message: 'the workload is in the namespace "default"',
        };
    }
  },
});
