import { providerTypes } from '../catalog/provider-inputs.ts';
import type { Resource } from '../plan.ts';
import type { Finding } from './policy.ts';

/** The type of a resource as the present version of the SDK calls it: up to version 2 a module had another name. */
export const currentType = (type: string): string => type.replace(':insights:MetricAlert', ':monitor:MetricAlert');

const plain = new Map<string, string>();

/** A type without the version of Azure's API that a program may name: `azure-native:keyvault/v20230701:Vault`. */
export function plainType(type: string): string {
  let found = plain.get(type);
  if (found === undefined) {
    found = type.replace(/^azure-native(?:_\w+_v\d{8}\w*)?:([^:/]+)(?:\/v\d{8}\w*)?:/, 'azure-native:$1:');
    plain.set(type, found);
  }
  return found;
}

/** The day of that version as `20230701`; undefined where the SDK chooses it. */
export const apiVersionOf = (type: string): string | undefined => /[/_]v(\d{8})/.exec(type)?.[1];

/** The same judgement for every type whose inputs are known: those of the API version the SDK chooses, and of no other. */
export function ofProviderTypes(
  judge: (resource: Resource) => Iterable<Finding>,
): Record<string, (resource: Resource) => Iterable<Finding>> {
  const ofItsVersion = (resource: Resource) => (apiVersionOf(resource.type) === undefined ? judge(resource) : []);
  return Object.fromEntries(
    [...providerTypes, 'azure-native:insights:MetricAlert'].map((type) => [type, ofItsVersion]),
  );
}
