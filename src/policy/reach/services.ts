import type { Resource } from '../../plan.ts';
import { isPresent, items, number, object, referenceOf, text } from '../../views.ts';
import { ofType } from '../references.ts';
import { addressesOf, publicPart, rangeOf } from './addresses.ts';
import { everything, isEmpty, nothing, type Points, union } from './line.ts';
import { mayShareNamespace, type Pod, selects } from './pods.ts';
import type { Spelling } from './rules.ts';

/** A Service as those outside see it. */
export type Service = {
  resource: Resource;
  name: string;
  namespace: unknown;
  type: 'LoadBalancer' | 'NodePort' | 'ClusterIP' | undefined;
  /** Has it an address of its own? A headless one only names its pods. */
  isReachable: boolean;
  /** On a load balancer inside the network; undefined when nobody can tell. */
  internal: boolean | undefined;
  /** Whom its load balancer lets in for sure; without spellings everybody. */
  sources: { spellings: readonly Spelling[]; points: Points };
  /** Do pods see where somebody comes from? */
  keepsAddress: boolean;
  ports: readonly ServicePort[];
  pods: readonly Pod[];
};
export type ServicePort = {
  port: number;
  name: string | undefined;
  protocol: 'TCP' | 'UDP';
  nodePort: number | undefined;
  /** The pods' port; undefined when its name is found nowhere. */
  target: number | undefined;
  input: string;
};

const annotation = 'service.beta.kubernetes.io/';

export const servicesOf = (resources: readonly Resource[], pods: readonly Pod[]): Service[] =>
  ofType(resources, 'kubernetes:core/v1:Service').map((resource) => serviceOf(resource, pods));

function serviceOf(resource: Resource, all: readonly Pod[]): Service {
  const { metadata, spec: given } = resource.inputs;
  const { name, namespace, annotations } = object(metadata);
  const spec = object(given);
  const pods = all.filter((pod) => mayShareNamespace(namespace, pod.namespace) && selects(spec.selector, pod.labels));
  const written = isPresent(spec.type) ? text(spec.type) : isPresent(given) && spec === given ? 'ClusterIP' : undefined;
  return {
    resource,
    name: text(name) ?? resource.name,
    namespace,
    type: written === 'LoadBalancer' || written === 'NodePort' || written === 'ClusterIP' ? written : undefined,
    isReachable: spec.clusterIP !== 'None',
    internal: isInternal(annotations, spec),
    sources: sourcesOf(object(annotations), spec),
    keepsAddress: spec.externalTrafficPolicy === 'Local',
    ports: items(spec.ports).flatMap((each, index) => portOf(object(each), `spec.ports[${index}]`, pods)),
    pods,
  };
}

function isInternal(annotations: unknown, { loadBalancerClass }: Record<string, unknown>): boolean | undefined {
  // Another class is another load balancer, of which nothing is known here.
  if (isPresent(loadBalancerClass)) return undefined;
  if (!isPresent(annotations)) return false;
  const { [`${annotation}azure-load-balancer-internal`]: value, [`${annotation}azure-load-balancer-ipv4`]: address } =
    object(annotations);
  // A private address is found on an internal load balancer or nowhere.
  const range = rangeOf(text(address) ?? '');
  if (range && isEmpty(publicPart(range))) return true;
  if (
    object(annotations) !== annotations ||
    (isPresent(value) && text(value) === undefined && typeof value !== 'boolean')
  )
    return undefined;
  return String(value) === 'true';
}

/** `loadBalancerSourceRanges`, the annotations that say the same, and service tags: any of them closes all others out. */
function sourcesOf(annotations: Record<string, unknown>, spec: Record<string, unknown>): Service['sources'] {
  const ranges = 'spec.loadBalancerSourceRanges';
  const lists = ['load-balancer-source-ranges', 'azure-allowed-ip-ranges', 'azure-allowed-service-tags'].flatMap(
    (key) => {
      const value = annotations[annotation + key];
      const input = `metadata.annotations["${annotation}${key}"]`;
      return isPresent(value) && value !== ''
        ? (text(value)?.split(',') ?? [undefined]).map((each) => ({ value: each, input }))
        : [];
    },
  );
  const given = spec.loadBalancerSourceRanges;
  const written = [
    ...items(given).map((each, index) => ({ value: text(each), input: `${ranges}[${index}]` })),
    ...(isPresent(given) && !Array.isArray(given) ? [{ value: undefined, input: ranges }] : []),
    ...lists,
  ];
  if (written.length === 0) return { spellings: [], points: everything };
  const spellings = written.flatMap(({ value, input }): Spelling[] => {
    const points = value === undefined ? undefined : addressesOf(value, nothing);
    return value !== undefined && points ? [{ value: value.trim(), input, points }] : [];
  });
  return { spellings, points: union(...spellings.map(({ points }) => points)) };
}

function portOf(given: Record<string, unknown>, input: string, pods: readonly Pod[]): ServicePort[] {
  const port = number(given.port);
  if (port === undefined) return [];
  const { targetPort } = given;
  const named = text(targetPort);
  const ports = pods.flatMap((pod) => pod.ports);
  return [
    {
      port,
      name: text(given.name),
      protocol: given.protocol === 'UDP' ? 'UDP' : 'TCP',
      nodePort: number(given.nodePort),
      target: !isPresent(targetPort)
        ? port
        : (number(targetPort) ??
          (named !== undefined && /^\d+$/.test(named)
            ? Number(named)
            : ports.find(({ name }) => name !== undefined && name === named)?.port)),
      input,
    },
  ];
}

/** The Service that somebody calls by name, as far as it is in the program. */
export const serviceNamed = (services: readonly Service[], name: unknown, namespace: unknown): Service | undefined =>
  services.find(
    (service) =>
      mayShareNamespace(service.namespace, namespace) &&
      (referenceOf(name) === service.resource.name || (text(name) !== undefined && text(name) === service.name)),
  );
