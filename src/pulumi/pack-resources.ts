import { type PolicyResource, type ResourceValidationArgs, Secret, UnknownValueError } from '@pulumi/policy';
import type { Expr } from '../expr.ts';
import { type Resource, type Token, UNKNOWN } from '../plan.ts';

/** A copy of the engine's properties in which what is not known yet is `UNKNOWN`: the SDK's own would throw, and a mandatory policy would end as a note. */
function known(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const copy = (key: string): unknown => {
    try {
      return known((value as Record<string, unknown>)[key]);
    } catch (error) {
      if (error instanceof UnknownValueError) return UNKNOWN;
      throw error;
    }
  };
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => copy(String(index)));
  return Object.fromEntries(Object.keys(value).map((key) => [key, copy(key)]));
}

const asResource = (type: string, name: string, inputs: Record<string, unknown>): Resource => ({
  type: type as Token,
  name,
  inputs,
  options: {},
  origin: '',
  trace: {},
});

/** A value with something in place of each unknown part. */
function filled(value: unknown, by: Expr): unknown {
  if (value === UNKNOWN) return by;
  if (Array.isArray(value)) return value.map((each) => filled(each, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, filled(part, by)]));
}

/** What the engine tells of resources, as policies read it. */
export class Registered {
  /** The inputs each resource was registered with: of a stack the engine shows outputs, in a preview nothing of Kubernetes objects. */
  readonly #inputs = new Map<string, Record<string, unknown>>();
  readonly #secrets = new Map<string, ReadonlySet<string>>();
  #last: { urn: string; inputs: Record<string, unknown> } | undefined;

  one({ urn, type, props }: ResourceValidationArgs, name: string): Resource {
    // The SDK makes the properties anew for each policy; what they say is the same.
    const last = this.#last?.urn === urn ? this.#last : { urn, inputs: known(props) as Record<string, unknown> };
    this.#last = last;
    return asResource(type, name, last.inputs);
  }

  remember({ urn, props }: ResourceValidationArgs): void {
    this.#inputs.set(urn, known(props) as Record<string, unknown>);
    this.#last = undefined;
  }

  /** All of a stack. What is not known yet in an input that depends on one resource alone is a reference to it. */
  all(resources: readonly PolicyResource[], nameOf: (resource: PolicyResource) => string): Resource[] {
    return resources.map((given) => {
      const { urn, type, props, dependencies, propertyDependencies } = given;
      const inputs = { ...(this.#inputs.get(urn) ?? (known(props) as Record<string, unknown>)) };
      for (const [key, [dependency, ...others]] of Object.entries(propertyDependencies)) {
        if (dependency && others.length === 0)
          inputs[key] = filled(inputs[key], { $: { ref: nameOf(dependency), output: 'id' } });
      }
      const used = [...dependencies, ...Object.values(propertyDependencies).flat()].map(nameOf);
      return { ...asResource(type, nameOf(given), inputs), options: { dependsOn: [...new Set(used)] } };
    });
  }

  /** Only while it asks for remedies the SDK says what is secret; everywhere else it gives the bare values. */
  rememberSecrets({ urn, props }: ResourceValidationArgs): void {
    const found = new Set<string>();
    collectSecrets(props, false, found);
    if (found.size > 0) this.#secrets.set(urn, found);
    else this.#secrets.delete(urn);
  }

  /** A message may quote an input, and an input may hold what is secret elsewhere. */
  withoutSecrets(message: string): string {
    let shown = message;
    for (const secrets of this.#secrets.values())
      for (const secret of secrets) shown = shown.replaceAll(secret, '[secret]');
    return shown;
  }
}

/** The texts below a value that is marked as secret. The marks are in the properties themselves: reading one takes them off. */
function collectSecrets(value: unknown, isSecret: boolean, into: Set<string>): void {
  // What is shorter is in every message.
  if (typeof value === 'string' && isSecret && value.length > 3) into.add(value);
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof Secret) {
    collectSecrets(value.value, true, into);
    return;
  }
  for (const { value: part } of Object.values(Object.getOwnPropertyDescriptors(value)))
    collectSecrets(part, isSecret, into);
}
