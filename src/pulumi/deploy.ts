import { setImmediate } from 'node:timers/promises';
import { getClientConfigOutput } from '@pulumi/azure-native/authorization/getClientConfig.js';
import { listManagedClusterUserCredentialsOutput } from '@pulumi/azure-native/containerservice/listManagedClusterUserCredentials.js';
import * as pulumi from '@pulumi/pulumi';
import { type ExprBody, isExpr } from '../expr.ts';
import type { Plan, Resource } from '../plan.ts';
import { parsePath } from '../spec/path.ts';
import { classes } from './classes.ts';
import { type FormerNames, formerNames } from './former-names.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { type NodeOutputs, outputsOf } from './outputs.ts';
import type { SecretValues } from './secrets.ts';

/** The component the resources belong to; its name comes before theirs, so that several fit into one stack. */
export type Within = { parent: pulumi.Resource; name: string };

/** What others may need of what is deployed, and what is there only when all of it is. */
export type Deployed = { given: NodeOutputs; whole: pulumi.Output<unknown> };

/** Registers every resource of a complete plan with the engine, in the plan's order. */
export async function deploy(
  plan: Plan,
  secrets: SecretValues,
  within?: Within,
  former: FormerNames = formerNames,
): Promise<Deployed> {
  const nameOf = (name: string): string => (within ? `${within.name}-${name}` : name);
  const created = new Map<string, pulumi.Resource>();
  const resolver = new Resolver(created, secrets);
  for (const resource of plan.resources) {
    const Class = await classes[resource.type]();
    const aliases = former[resource.name]?.map((name) => ({ name: nameOf(name) }));
    const options = {
      ...optionsOf(resource, created),
      ...(within && { parent: within.parent }),
      ...(aliases && { aliases }),
    };
    const inputs = resolver.value(resource.inputs) as never;
    created.set(resource.name, new Class(nameOf(resource.name), inputs, options));
    // What is registered is only sent when this process waits: the engine begins with it while the next are made.
    await setImmediate();
  }
  const outputs = Object.entries(outputsOf(plan)).map(([name, value]) => [name, pulumi.output(resolver.value(value))]);
  return {
    given: Object.fromEntries(outputs) as NodeOutputs,
    whole: pulumi.all([...created.values()].map(({ urn }) => urn)),
  };
}

function optionsOf({ options }: Resource, created: ReadonlyMap<string, pulumi.Resource>): pulumi.CustomResourceOptions {
  const { dependsOn, provider, ...rest } = options;
  return {
    ...rest,
    ...(dependsOn && { dependsOn: dependsOn.map((name) => named(created, name)) }),
    ...(provider && { provider: named(created, provider) as pulumi.ProviderResource }),
  };
}

function named(created: ReadonlyMap<string, pulumi.Resource>, name: string): pulumi.Resource {
  const resource = created.get(name);
  if (!resource) throw new Error(`the plan refers to "${name}" before it declares it`);
  return resource;
}

/** Turns the plan's expressions into the engine's outputs, so that what depends on what, and what is secret, stays known. */
class Resolver {
  readonly #created: ReadonlyMap<string, pulumi.Resource>;
  readonly #secrets: SecretValues;
  /** A question that stands in two places is asked once. */
  readonly #resolved = new Map<ExprBody, pulumi.Output<unknown>>();

  constructor(created: ReadonlyMap<string, pulumi.Resource>, secrets: SecretValues) {
    this.#created = created;
    this.#secrets = secrets;
  }

  value(value: unknown): unknown {
    if (isExpr(value)) {
      const resolved = this.#resolved.get(value.$) ?? this.#expression(value.$);
      this.#resolved.set(value.$, resolved);
      return resolved;
    }
    if (Array.isArray(value)) return value.map((each) => this.value(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.value(each)]));
  }

  #expression(body: ExprBody): pulumi.Output<unknown> {
    if ('ref' in body) return this.#reference(body.ref, body.output);
    if ('secret' in body) return pulumi.secret(this.#secrets.get(body.secret));
    if ('concat' in body) return pulumi.concat(...body.concat.map((part) => this.value(part) as pulumi.Input<string>));
    if ('json' in body) return pulumi.jsonStringify(this.value(body.json) as object);
    if ('base64' in body)
      return pulumi
        .output(this.value(body.base64) as pulumi.Input<string>)
        .apply((text) => Buffer.from(text).toString('base64'));
    const provider = this.#created.get('azure') as pulumi.ProviderResource | undefined;
    if (body.invoke === 'azure-native:authorization:getClientConfig')
      return getClientConfigOutput({ ...(provider && { provider }) })[body.output];
    const args = this.value(body.args) as Parameters<typeof listManagedClusterUserCredentialsOutput>[0];
    const { kubeconfigs } = listManagedClusterUserCredentialsOutput(args, { ...(provider && { provider }) });
    // With an unknown argument the SDK forgets what the answer depends on, and an update held to its preview is refused.
    const answer = pulumi.all([kubeconfigs, args]).apply(([[first]]) => kubeconfigOf(first?.value));
    // Whoever has it administers the cluster.
    return pulumi.secret(answer);
  }

  #reference(name: string, output: string): pulumi.Output<unknown> {
    const [first, ...rest] = parsePath(output);
    const property = (named(this.#created, name) as unknown as Record<string, unknown>)[String(first)];
    return rest.reduce<pulumi.Output<unknown>>(
      (value, key) => value.apply((each) => (each as Record<string, unknown> | undefined)?.[key]),
      pulumi.output(property),
    );
  }
}
