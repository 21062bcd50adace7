import type { Resource } from '../src/plan.ts';
import { definePolicy, type Finding } from '../src/policy/policy.ts';
import { imagesOf, ofWorkloads } from '../src/policy/workloads.ts';
import { text } from '../src/views.ts';

// None of these can be part of an id or an image: an app for to-do lists is in small letters.
const placeholder =
  /<[^>]*>|\{[^}]*\}|(?<![\w-])[Yy][Oo][Uu][Rr]-[A-Za-z-]+|\bTODO\b|\bCHANGEME\b|(?<![\w-])changeme(?![\w-])/;

export default definePolicy({
  id: 'placeholder-left',
  title: 'what a template left open must be filled in',
  why: 'Azure knows no such id, and no registry has such an image: the deployment waits ten minutes and fails',
  fix: 'write what the placeholder stands for',
  source:
    'https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/create-upgrade-delete/cannot-pull-image-from-acr-to-aks-cluster',
  example: { wrong: 'image: ghcr.io/your-username/node:1.0', right: 'image: ghcr.io/example/node:1.0' },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  resource: {
    ...ofWorkloads(function* (workload) {
      for (const { image, input } of imagesOf(workload)) yield* judge(image, input, 'the image');
    }),
    *'azure-native:authorization:RoleAssignment'({ inputs }: Resource) {
      for (const input of ['roleDefinitionId', 'scope', 'principalId'])
        yield* judge(text(inputs[input]) ?? '', input, input);
    },
  },
});

function* judge(value: string, input: string, where: string): Generator<Finding> {
  const [found] = placeholder.exec(value) ?? [];
  if (found !== undefined) yield { input, message: `"${found}" in ${where} was never filled in` };
}
