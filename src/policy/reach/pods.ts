import type { Resource } from '../../plan.ts';
import { isPresent, items, number, object, referenceOf, text } from '../../views.ts';
import { imagesOf, isWorkload, podSpecOf } from '../workloads.ts';

/** What a workload runs, as others find it: by its labels in its namespace. */
export type Pod = {
  resource: Resource;
  labels: Record<string, unknown>;
  namespace: unknown;
  ports: readonly ContainerPort[];
};
type ContainerPort = {
  name: string | undefined;
  port: number;
  /** The port of the machine it takes, with the input that says so. */
  host: { port: number; input: string } | undefined;
  protocol: string;
};

export const podsOf = (resources: readonly Resource[]): Pod[] => resources.filter(isWorkload).map(podOf);

function podOf(resource: Resource): Pod {
  const { pod, at } = podSpecOf(resource);
  const template = at.split('.').slice(0, -1);
  const { metadata } = template.reduce<Record<string, unknown>>((value, key) => object(value[key]), resource.inputs);
  const ports = items(pod.containers).flatMap((container, index) =>
    items(object(container).ports).flatMap((each, place): ContainerPort[] => {
      const { containerPort, hostPort, name, protocol } = object(each);
      const port = number(containerPort);
      if (port === undefined) return [];
      const input = `${at}.containers[${index}].ports[${place}]`;
      const taken = number(hostPort);
      const host =
        taken !== undefined
          ? { port: taken, input: `${input}.hostPort` }
          : pod.hostNetwork === true
            ? { port, input: `${input}.containerPort` }
            : undefined;
      return [{ name: text(name), port, host, protocol: text(protocol) ?? 'TCP' }];
    }),
  );
  return {
    resource,
    labels: object(object(metadata).labels),
    namespace: object(resource.inputs.metadata).namespace,
    ports,
  };
}

/** Does a selector find the labels? An empty one finds nothing here: what it means differs by who asks. */
export function selects(selector: unknown, labels: Record<string, unknown>): boolean {
  const wanted = Object.entries(object(selector));
  return wanted.length > 0 && wanted.every(([key, value]) => text(value) !== undefined && labels[key] === value);
}

/** Of two namespaces that nobody knows none is said to be another one. */
export const mayShareNamespace = (one: unknown, other: unknown): boolean => {
  const [a, b] = [namespaceName(one), namespaceName(other)];
  return a === undefined || b === undefined || a === b;
};
export const sharesNamespace = (one: unknown, other: unknown): boolean =>
  namespaceName(one) !== undefined && namespaceName(one) === namespaceName(other);

const namespaceName = (value: unknown): string | undefined =>
  isPresent(value) ? (text(value) ?? referenceOf(value)) : 'default';

const kuboImage = /(^|[/-])(kubo|go-ipfs|ipfs|perpetual-node)([-:@/]|$)/i;

/** Is it an IPFS node for sure? Its ports alone are those of many other programs. */
export const isKubo = ({ resource, ports }: Pod): boolean =>
  [...imagesOf(resource)].some(({ image }) => kuboImage.test(image)) ||
  [4001, 5001].every((port) => ports.some((each) => each.port === port));
