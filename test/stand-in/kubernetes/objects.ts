import { createHash } from 'node:crypto';
import type { KubernetesObject } from '../cloud.ts';
import type { Properties } from '../provider.ts';
import { at, isObject } from '../values.ts';
import { isNamespaced } from './view.ts';

/** The provider's mark on objects whose name it made. */
export const autonamed = 'pulumi.com/autonamed';

/** A name that is left out is made from the logical one, and the namespace is `default`. */
export function named(
  news: Properties,
  kind: string,
  name: string,
  olds?: Properties,
  seed: Uint8Array = new Uint8Array(),
): Properties {
  const metadata: Properties = isObject(news.metadata) ? { ...news.metadata } : {};
  if (metadata.name === undefined && metadata.generateName === undefined) {
    const random = createHash('sha256').update(name).update(seed).digest('hex').slice(0, 8);
    const isOld = at(olds, ['metadata', 'annotations', autonamed]) === 'true';
    metadata.name = isOld ? at(olds, ['metadata', 'name']) : `${name}-${random}`;
    metadata.annotations = { ...(metadata.annotations as Properties), [autonamed]: 'true' };
  }
  if (metadata.namespace === undefined && isNamespaced(kind)) metadata.namespace = 'default';
  return { ...news, metadata };
}

/** As the API server keeps it: what a Secret is given as text becomes data. */
export function stored(inputs: Properties): KubernetesObject {
  const { stringData, ...object } = structuredClone(inputs) as KubernetesObject & {
    stringData?: Record<string, string>;
    data?: Properties;
  };
  if (object.kind !== 'Secret') return object;
  const encoded = Object.entries(stringData ?? {}).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return { ...object, type: object.type ?? 'Opaque', data: { ...object.data, ...Object.fromEntries(encoded) } };
}

/** As the provider shows it. */
export const shown = ({ publicIpId, ...object }: KubernetesObject): Properties => object;

export const idOf = ({ metadata }: KubernetesObject): string =>
  metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;
export const plural = (kind: string): string =>
  kind.endsWith('s') ? `${kind.toLowerCase()}es` : `${kind.toLowerCase().replace(/y$/, 'ie')}s`;

/**
 * The inputs as they would have to be for the object as it is now: each value that was given, from the live object. What
 * the cluster filled in stays out, and so does what is given as text and kept otherwise.
 */
export function projected(given: unknown, live: unknown): unknown {
  if (Array.isArray(given) && Array.isArray(live)) {
    return live.map((item, index) => (index < given.length ? projected(given[index], item) : item));
  }
  if (!isObject(given) || !isObject(live)) return live;
  const kept = Object.entries(given).filter(([key]) => key in live || key === 'stringData');
  return Object.fromEntries(kept.map(([key, value]) => [key, key in live ? projected(value, live[key]) : value]));
}
