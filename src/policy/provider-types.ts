import { providerTypes } from '../catalog/provider-inputs.ts';
import type { Resource } from '../plan.ts';
import type { Finding } from './policy.ts';

/** The type of a resource as the present version of the SDK calls it: up to version 2 a module had another name. */
export const currentType = (type: string): string => type.replace(':insights:MetricAlert', ':monitor:MetricAlert');

/** The same judgement for every type whose inputs are known. */
export const ofProviderTypes = (
  judge: (resource: Resource) => Iterable<Finding>,
): Record<string, (resource: Resource) => Iterable<Finding>> =>
  Object.fromEntries([...providerTypes, 'azure-native:insights:MetricAlert'].map((type) => [type, judge]));
