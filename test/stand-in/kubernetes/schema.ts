import type { Service } from 'kubernetes-models/v1/Service';
import { isWithin } from '../differences.ts';
import type { Failure, Properties } from '../provider.ts';
import { shapeFaults } from '../shape-faults.ts';
import { type Declaration, declarationOf, type Shape } from '../shapes.ts';
import { at, pathText, UNKNOWN } from '../values.ts';

/** `kubernetes:core/v1:Service` is `v1`, `Service`. */
export function kindOf(token: string): { apiVersion: string; kind: string } {
  const [, module = '', kind = ''] = token.split(':');
  return { apiVersion: module.replace(/^core\//, ''), kind };
}

const text: Shape = { kind: 'scalar', of: 'string' };
const texts: Shape = { kind: 'map', of: text };
const optional = (shape: Shape) => ({ shape, required: false });
const required = (shape: Shape) => ({ shape, required: true });

/**
 * The one custom kind a cluster has, with its add-on: `SecretProviderClass` of kubernetes-sigs/secrets-store-csi-driver
 * (`config/crd/bases/secrets-store.csi.x-k8s.io_secretproviderclasses.yaml`). No SDK declares it.
 */
const secretProviderClass: Shape = {
  kind: 'object',
  properties: {
    apiVersion: required(text),
    kind: required(text),
    metadata: optional({ kind: 'ref', name: 'inputs.meta.v1.ObjectMeta' }),
    spec: required({
      kind: 'object',
      properties: {
        provider: optional(text),
        parameters: optional(texts),
        secretObjects: optional({
          kind: 'array',
          of: {
            kind: 'object',
            properties: {
              secretName: optional(text),
              type: optional(text),
              labels: optional(texts),
              annotations: optional(texts),
              data: optional({
                kind: 'array',
                of: { kind: 'object', properties: { objectName: optional(text), key: optional(text) } },
              }),
            },
          },
        }),
      },
    }),
  },
};

/** The declaration of a kind; undefined for kinds no cluster here knows. */
export async function kindDeclaration(token: string): Promise<Declaration | undefined> {
  if (token !== 'kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass') {
    return /(List|Patch)$/.test(token) ? undefined : declarationOf(token);
  }
  const other = await declarationOf('kubernetes:core/v1:ConfigMap');
  return other && { ...other, args: secretProviderClass, state: secretProviderClass };
}

/** Whether a whole object or list is known only later: the finer rules then wait until it is there. */
export function hasUnknownPart(value: unknown, { args, definitions }: Declaration): boolean {
  const visit = (value: unknown, shape: Shape): boolean => {
    if (shape.kind === 'ref') return visit(value, definitions[shape.name] ?? { kind: 'any' });
    if (shape.kind === 'scalar' || shape.kind === 'enum' || shape.kind === 'any' || shape.kind === 'union')
      return false;
    if (value === UNKNOWN) return true;
    if (typeof value !== 'object' || value === null) return false;
    return Object.entries(value).some(([key, part]) =>
      visit(part, shape.kind === 'object' ? (shape.properties[key]?.shape ?? { kind: 'any' }) : shape.of),
    );
  };
  return visit(value, args);
}

type Model = new (data: Properties) => Pick<Service, 'validate'>;
type SchemaError = {
  instancePath: string;
  keyword: string;
  message?: string;
  params: { missingProperty?: string; allowedValues?: unknown[] };
};

/**
 * Two witnesses: the SDK's declarations know every field, so what they do not know is refused (strict field validation);
 * the OpenAPI schemas of `kubernetes-models` know what types cannot say: integers, enumerations, quantities, formats.
 */
export async function schemaFailures(token: string, object: Properties, declaration: Declaration): Promise<Failure[]> {
  const faults = shapeFaults(object, declaration.args, declaration.definitions);
  const failures = faults.map(({ path, reason }) => ({ property: path, reason }));
  const { apiVersion, kind } = kindOf(token);
  if (kind === 'SecretProviderClass') return failures;
  const module = `kubernetes-models/${apiVersion}/${kind}`;
  const models = await import(module);
  const model = models[kind] as Model;
  const found = new Map<string, string[]>();
  for (const error of schemaErrors(new model(object))) {
    const path = pathOf(error.instancePath, object);
    const property = pathText(path);
    const isSaid = faults.some((fault) => isWithin(property.replaceAll('[', '.['), [fault.path.replaceAll('[', '.[')]));
    if (isSaid || at(object, path) === UNKNOWN) continue;
    found.set(property, [...(found.get(property) ?? []), worded(error)]);
  }
  for (const [property, reasons] of found) failures.push({ property, reason: `${property} ${reasons.join(', ')}` });
  return failures;
}

function schemaErrors(object: Pick<Service, 'validate'>): SchemaError[] {
  try {
    object.validate();
    return [];
  } catch (error) {
    const { errors } = error as { errors?: SchemaError[] };
    if (!Array.isArray(errors)) throw error;
    return errors;
  }
}

/** A JSON pointer, with numbers where the object has arrays. */
function pathOf(pointer: string, object: unknown): (string | number)[] {
  let place: unknown = object;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const key = Array.isArray(place) ? Number(name) : name;
      place = at(place, [key]);
      return key;
    });
}

function worded({ message, params }: SchemaError): string {
  const allowed = params.allowedValues ? `: ${params.allowedValues.join(', ')}` : '';
  return `${message ?? 'is invalid'}${allowed}`;
}
