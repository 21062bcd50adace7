import { providerTypes } from '../catalog/provider-inputs.ts';
import type { Resource } from '../plan.ts';
import type { Finding } from './policy.ts';

/**
 * The type of a resource as the present version of the SDK calls it: up to version 2 a module had another name, and a
 * program may pin the version of Azure's interface (`network/v20240501:`, or `azure-native_network_v20240501:`).
 */
export const currentType = (type: string): string =>
  // Asked for every resource by every policy, and most types stand as they are.
  isAsNow(type)
    ? type
    : type
        .replace(/^azure-native_\w+?_v\d{8}(?:preview)?:/, 'azure-native:')
        .replace(/^(azure-native:\w+)\/v\d{8}(?:preview)?:/, '$1:')
        .replace(':insights:MetricAlert', ':monitor:MetricAlert');
const isAsNow = (type: string): boolean => !type.includes('v20') && !type.includes(':insights:');

/** The day of that version as `20230701`; undefined where the SDK chooses it. */
export const apiVersionOf = (type: string): string | undefined =>
  type.includes('v20') ? /[/_]v(20\d{6})/.exec(type)?.[1] : undefined;

/** The same judgement for every type whose inputs are known: those of the API version the SDK chooses, and of no other. */
export function ofProviderTypes(
  judge: (resource: Resource) => Iterable<Finding>,
): Record<string, (resource: Resource) => Iterable<Finding>> {
  const ofItsVersion = (resource: Resource) => (apiVersionOf(resource.type) === undefined ? judge(resource) : []);
  return Object.fromEntries([...providerTypes].map((type) => [type, ofItsVersion]));
}
