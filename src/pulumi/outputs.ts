import type * as pulumi from '@pulumi/pulumi';
import type { Expr } from '../expr.ts';
import type { Plan } from '../plan.ts';
import { items, object, text } from '../views.ts';

/** What a deployed node gives to others: to Helm, to the image's pipeline, to other programs. What it does not have is absent. */
export type NodeOutputs = {
  /** How to reach the Kubernetes API; a secret, because whoever has it administers the cluster. */
  kubeconfig: pulumi.Output<string>;
  clusterName: pulumi.Output<string>;
  resourceGroupName: pulumi.Output<string>;
  /** The image without its tag and digest: where the next one is pushed to. */
  imageRepository: pulumi.Output<string>;
  /** The Kubernetes Secret that private images are pulled with, in the node's namespace. */
  registrySecretName?: pulumi.Output<string>;
  /** The IPv4 address the world knows the node by. */
  publicAddress?: pulumi.Output<string>;
  vaultUri?: pulumi.Output<string>;
};

/** The outputs as the plan has them: expressions over its resources, so that one way resolves them and the inputs. */
export function outputsOf({ resources }: Plan): Partial<Record<keyof NodeOutputs, unknown>> {
  const inputsOf = (name: string) => resources.find((resource) => resource.name === name)?.inputs;
  const output = (ref: string, path: string): Expr | undefined => inputsOf(ref) && { $: { ref, output: path } };
  const outputs: Record<keyof NodeOutputs, unknown> = {
    kubeconfig: inputsOf('kubernetes')?.kubeconfig,
    clusterName: output('cluster', 'name'),
    resourceGroupName: output('resource-group', 'name'),
    imageRepository: repositoryOf(inputsOf('node')),
    registrySecretName: output('pull-secret', 'metadata.name'),
    publicAddress: output('public-ip', 'ipAddress'),
    vaultUri: output('vault', 'properties.vaultUri'),
  };
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
}

function repositoryOf(workload: Record<string, unknown> | undefined): string | undefined {
  const pod = object(object(object(workload?.spec).template).spec);
  const image = text(object(items(pod.containers)[0]).image);
  // A colon before the last slash belongs to the registry's port.
  return image?.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}
