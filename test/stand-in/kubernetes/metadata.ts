import type { Failure, Properties } from '../provider.ts';
import { isObject, pathText, UNKNOWN } from '../values.ts';
import { isNamespaced } from './view.ts';

// https://kubernetes.io/docs/concepts/overview/working-with-objects/names and `…/labels`
const label = /^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const serviceName = /^(?=.{1,63}$)[a-z]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualifiedName = /^(?=[^/]{1,63}$)[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?$/;
const labelValue = /^(?=.{0,63}$)([A-Za-z0-9]([-\w.]*[A-Za-z0-9])?)?$/;

const nameRules: Readonly<Record<string, readonly [RegExp, string]>> = {
  Namespace: [
    label,
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', at most 63",
  ],
  Service: [
    serviceName,
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, at most 63",
  ],
};
const subdomainRule = [
  subdomain,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'",
] as const;

/** Names, labels and annotations of an object and of the pods it makes. */
export function metadataFailures(kind: string, object: Properties): Failure[] {
  const failures: Failure[] = [];
  const fail = (property: string, value: unknown, why: string): void =>
    void failures.push({ property, reason: `${property}: Invalid value: ${JSON.stringify(value)}: ${why}` });
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const [pattern, rule] = nameRules[kind] ?? subdomainRule;
  const { name, namespace } = metadata;
  if (typeof name === 'string' && name !== UNKNOWN && !pattern.test(name)) fail('metadata.name', name, rule);
  if (namespace !== undefined && !isNamespaced(kind)) fail('metadata.namespace', namespace, 'not allowed on this type');
  if (typeof namespace === 'string' && namespace !== UNKNOWN && !label.test(namespace))
    fail('metadata.namespace', namespace, 'a lowercase RFC 1123 label is needed');

  const walk = (value: unknown, path: (string | number)[]): void => {
    if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, [...path, index]);
    if (!isObject(value)) return;
    for (const [key, part] of Object.entries(value)) {
      const place = [...path, key];
      const isLabels =
        key === 'labels' ||
        key === 'matchLabels' ||
        key === 'nodeSelector' ||
        (key === 'selector' && kind === 'Service');
      if (isObject(part) && (isLabels || key === 'annotations')) pairs(part, place, isLabels);
      else walk(part, place);
    }
  };
  const pairs = (entries: Properties, path: (string | number)[], isLabels: boolean): void => {
    for (const [key, value] of Object.entries(entries)) {
      const place = pathText([...path, key]);
      const [prefix, own] = key.includes('/')
        ? [key.slice(0, key.indexOf('/')), key.slice(key.indexOf('/') + 1)]
        : ['a', key];
      if (!qualifiedName.test(own) || !subdomain.test(prefix))
        fail(
          place,
          key,
          "name part must consist of alphanumeric characters, '-', '_' or '.', at most 63, with an optional DNS subdomain prefix and '/'",
        );
      if (isLabels && typeof value === 'string' && value !== UNKNOWN && !labelValue.test(value))
        fail(
          place,
          value,
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', at most 63",
        );
    }
  };
  walk(object, []);
  const annotations = isObject(metadata.annotations) ? metadata.annotations : {};
  if (JSON.stringify(annotations).length > 256 * 1024)
    fail('metadata.annotations', '…', 'Too long: must have at most 262144 bytes');
  return failures;
}

/** Contents of ConfigMaps and Secrets: keys, and a megabyte at most. */
export function dataFailures(kind: string, object: Properties): Failure[] {
  if (kind !== 'ConfigMap' && kind !== 'Secret') return [];
  const entries = ['data', 'binaryData', 'stringData'].flatMap((field) =>
    Object.entries(isObject(object[field]) ? object[field] : {}).map(([key, value]) => ({ field, key, value })),
  );
  const failures = entries
    .filter(({ key }) => !/^(?=.{1,253}$)[-._a-zA-Z0-9]+$/.test(key) || key === '.' || key.startsWith('..'))
    .map(({ field, key }) => ({
      property: pathText([field, key]),
      reason: `${field}: Invalid value: "${key}": a valid config key must consist of alphanumeric characters, '-', '_' or '.'`,
    }));
  const isBase64 = (value: unknown): boolean =>
    value === UNKNOWN || /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(String(value));
  for (const { field, key, value } of entries) {
    const isEncoded = field === 'binaryData' || (field === 'data' && kind === 'Secret');
    if (isEncoded && !isBase64(value))
      failures.push({ property: pathText([field, key]), reason: 'illegal base64 data' });
  }
  const size = entries.reduce((sum, { value }) => sum + String(value).length, 0);
  if (size > 2 ** 20) failures.push({ property: 'data', reason: 'data: Too long: may not be more than 1048576 bytes' });
  return [...failures, ...pullSecretFailures(object)];
}

/** https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry */
function pullSecretFailures(object: Properties): Failure[] {
  if (object.type !== 'kubernetes.io/dockerconfigjson') return [];
  const { data, stringData } = object as { data?: Record<string, string>; stringData?: Record<string, string> };
  const encoded = data?.['.dockerconfigjson'];
  const text =
    stringData?.['.dockerconfigjson'] ??
    (encoded && encoded !== UNKNOWN ? Buffer.from(encoded, 'base64').toString() : encoded);
  if (text === UNKNOWN) return [];
  try {
    if (isObject(JSON.parse(text ?? '').auths)) return [];
  } catch {
    // Not JSON: refused below.
  }
  return [
    {
      property: 'data[".dockerconfigjson"]',
      reason: 'data[.dockerconfigjson]: Required value: a JSON object with "auths"',
    },
  ];
}
