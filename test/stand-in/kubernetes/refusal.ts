import type { KubernetesObject } from '../cloud.ts';

/** A refusal of the API server, or what the provider would say after waiting ten minutes in vain. */
export class Refusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Refusal';
  }
}

type Named = Pick<KubernetesObject, 'kind' | 'metadata'>;

export const invalid = ({ kind, metadata }: Named, field: string, why: string): Refusal =>
  new Refusal(`${kind} "${metadata.name}" is invalid: ${field}: ${why}`);
export const missing = (resource: string, name: string | undefined): Refusal =>
  new Refusal(`${resource} "${name}" not found`);

/** Pods that never start: pulumi-kubernetes waits for them and then fails (`provider/pkg/await`). */
export const neverReady = ({ kind, metadata }: Named, why: string): Refusal =>
  new Refusal(`${kind} "${metadata.namespace}/${metadata.name}" did not become ready: ${why}`);
