import type { core } from '@pulumi/kubernetes/types/input.js';
import type { Failure, Properties, Resolved } from '../provider.ts';
import { at, isObject, UNKNOWN } from '../values.ts';
import { quantity } from './quantity.ts';

export type PodSpec = Resolved<core.v1.PodSpec>;
export type Container = PodSpec['containers'][number];
export type Pod = { spec: PodSpec; labels: Record<string, string>; path: string };

const templates: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** The pod that an object is or makes. */
export function podOf(kind: string, object: Properties): Pod | undefined {
  const path = templates[kind];
  const template = path && at(object, path);
  if (!path || !isObject(template) || !isObject(template.spec)) return undefined;
  const labels = at(template, ['metadata', 'labels']);
  return {
    spec: template.spec as PodSpec,
    labels: (isObject(labels) ? labels : {}) as Record<string, string>,
    path: [...path, 'spec'].join('.'),
  };
}

export const containersOf = (spec: PodSpec): Container[] => [
  ...(spec.initContainers ?? []),
  ...(spec.containers ?? []),
];

/** What the API server refuses in pods and workloads beyond the schema: `pkg/apis/core/validation` and `apps/validation`. */
export function podFailures(kind: string, object: Properties): Failure[] {
  const failures: Failure[] = [];
  const fail = (property: string, why: string): void => void failures.push({ property, reason: `${property}: ${why}` });
  const pod = podOf(kind, object);
  if (!pod) return [];
  const selector = at(object, ['spec', 'selector', 'matchLabels']);
  if (
    isObject(selector) &&
    kind !== 'Job' &&
    Object.entries(selector).some(([key, value]) => pod.labels[key] !== value)
  ) {
    fail('spec.template.metadata.labels', 'Invalid value: `selector` does not match template `labels`');
  }
  if (
    ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind) &&
    !isObject(selector) &&
    !at(object, ['spec', 'selector', 'matchExpressions'])
  ) {
    fail('spec.selector', 'Invalid value: empty selector is invalid');
  }
  const volumes = new Set((pod.spec.volumes ?? []).map(({ name }) => name));
  const claims = at(object, ['spec', 'volumeClaimTemplates']) as { metadata?: { name?: string } }[] | undefined;
  for (const claim of claims ?? []) if (claim.metadata?.name) volumes.add(claim.metadata.name);
  twice((pod.spec.volumes ?? []).map(({ name }) => name)).forEach(
    (name) => void fail(`${pod.path}.volumes`, `Duplicate value: "${name}"`),
  );
  twice(containersOf(pod.spec).map(({ name }) => name)).forEach(
    (name) => void fail(`${pod.path}.containers`, `Duplicate value: "${name}"`),
  );
  for (const list of ['initContainers', 'containers'] as const) {
    pod.spec[list]?.forEach(
      (container, index) => void containerFailures(container, `${pod.path}.${list}[${index}]`, volumes, fail),
    );
  }
  return failures;
}

function containerFailures(
  container: Container,
  path: string,
  volumes: ReadonlySet<string>,
  fail: (property: string, why: string) => void,
): void {
  const { name, image, ports = [], volumeMounts = [], resources } = container;
  if (!/^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name))
    fail(`${path}.name`, `Invalid value: "${name}": a lowercase RFC 1123 label is needed`);
  if (image === undefined || image === '') fail(`${path}.image`, 'Required value');
  // https://github.com/distribution/reference: what no registry could hold never starts (InvalidImageName).
  else if (
    image !== UNKNOWN &&
    !/^[\w.-]+(:\d+)?(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/.test(image)
  ) {
    fail(`${path}.image`, `InvalidImageName: couldn't parse image name "${image}": invalid reference format`);
  }
  ports.forEach(({ name: port, containerPort }, index) => {
    if (port !== undefined && !isPortName(port))
      fail(
        `${path}.ports[${index}].name`,
        `Invalid value: "${port}": must be no more than 15 characters, with at least one letter and no '--'`,
      );
    if (containerPort < 1 || containerPort > 65535)
      fail(
        `${path}.ports[${index}].containerPort`,
        `Invalid value: ${containerPort}: must be between 1 and 65535, inclusive`,
      );
  });
  twice(ports.flatMap((port) => port.name ?? [])).forEach(
    (port) => void fail(`${path}.ports`, `Duplicate value: "${port}"`),
  );
  volumeMounts.forEach((mount, index) => {
    if (!volumes.has(mount.name)) fail(`${path}.volumeMounts[${index}].name`, `Not found: "${mount.name}"`);
  });
  twice(volumeMounts.map(({ mountPath }) => mountPath)).forEach(
    (mount) => void fail(`${path}.volumeMounts`, `Invalid value: "${mount}": must be unique`),
  );
  for (const [resource, asked] of Object.entries(resources?.requests ?? {})) {
    const limit = quantity(resources?.limits?.[resource]);
    const request = quantity(asked);
    if (limit !== undefined && request !== undefined && request > limit)
      fail(
        `${path}.resources.requests`,
        `Invalid value: "${asked}": must be less than or equal to ${resource} limit of ${resources?.limits?.[resource]}`,
      );
  }
  for (const [index, { name: variable, value, valueFrom }] of (container.env ?? []).entries()) {
    if (value && valueFrom)
      fail(`${path}.env[${index}].valueFrom`, 'Invalid value: "": may not be specified when `value` is not empty');
    if (!/^[ -<>-~]+$/.test(variable)) fail(`${path}.env[${index}].name`, `Invalid value: "${variable}"`);
  }
}

/** IANA_SVC_NAME */
export const isPortName = (name: string): boolean => /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(name);

/** The values that occur more than once; those known only later may all differ. */
export const twice = (values: readonly string[]): string[] => [
  ...new Set(values.filter((value, index) => !value.includes(UNKNOWN) && values.indexOf(value) < index)),
];
