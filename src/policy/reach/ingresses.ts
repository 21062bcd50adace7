import type { Resource } from '../../plan.ts';
import { isPresent, items, object, text } from '../../views.ts';
import { ofType } from '../references.ts';
import { addressesOf } from './addresses.ts';
import { everything, nothing, type Points } from './line.ts';
import type { Spelling } from './rules.ts';
import { type Service, type ServicePort, serviceNamed } from './services.ts';

/** A port of a Service that an Ingress publishes over HTTP, and whom it lets in. */
export type Published = {
  ingress: Resource;
  input: string;
  service: Service;
  port: ServicePort;
  sources: readonly Spelling[];
  points: Points;
};

/** What Ingresses publish to whoever comes: one that asks who it is, or is for insiders by its name, is left out. */
export function* publishedBy(resources: readonly Resource[], services: readonly Service[]): Generator<Published> {
  for (const ingress of ofType(resources, 'kubernetes:networking.k8s.io/v1:Ingress')) {
    const { annotations, namespace } = object(ingress.inputs.metadata);
    const spec = object(ingress.inputs.spec);
    if (isPrivate(annotations, spec.ingressClassName)) continue;
    for (const { backend, at } of backendsOf(spec)) {
      const { name, port: wanted } = object(object(backend).service);
      const { number: byNumber, name: byName } = object(wanted);
      const service = serviceNamed(services, name, namespace);
      const port = service?.ports.find(
        (each) => each.port === byNumber || (each.name !== undefined && each.name === byName),
      );
      if (!service || !port) continue;
      const input = `${at}.service.port.${isPresent(byNumber) ? 'number' : 'name'}`;
      yield { ingress, input, service, port, ...sourcesOf(object(annotations)) };
    }
  }
}

const backendsOf = (spec: Record<string, unknown>): { backend: unknown; at: string }[] => [
  { backend: spec.defaultBackend, at: 'spec.defaultBackend' },
  ...items(spec.rules).flatMap((rule, index) =>
    items(object(object(rule).http).paths).map((path, place) => ({
      backend: object(path).backend,
      at: `spec.rules[${index}].http.paths[${place}].backend`,
    })),
  ),
];

const isPrivate = (annotations: unknown, className: unknown): boolean =>
  (isPresent(annotations) && object(annotations) !== annotations) ||
  (isPresent(className) && text(className) === undefined) ||
  /internal|private/i.test(text(className) ?? '') ||
  Object.entries(object(annotations)).some(
    ([key, value]) =>
      /auth-(url|type|tls-secret)$/.test(key) || (/use-private-ip$/.test(key) && String(value) === 'true'),
  );

function sourcesOf(annotations: Record<string, unknown>): Pick<Published, 'sources' | 'points'> {
  const list = Object.entries(annotations).find(([key]) => /(white|allow)list-source-range$/.test(key));
  if (!list) return { sources: [], points: everything };
  const [key, value] = list;
  const points = addressesOf(text(value) ?? '', nothing) ?? nothing;
  return { sources: [{ value: text(value) ?? '', input: `metadata.annotations["${key}"]`, points }], points };
}
