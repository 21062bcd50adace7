import { createHash } from 'node:crypto';
import type { Properties } from '../provider.ts';
import type { Declaration, Shape } from '../shapes.ts';
import { isObject, UNKNOWN } from '../values.ts';
import { pathArguments } from './arm-path.ts';
import type { ResourceType } from './resource-type.ts';
import { guid } from './world.ts';

/** The provider's own mark on inputs whose name it made. */
export const autonamed = '__createBeforeDelete';

const isOwn = (key: string): boolean => key === autonamed || key === 'azureApiVersion';
const pick = (properties: Properties, wanted: (key: string) => boolean): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => wanted(key)));

/** What the provider adds to the inputs for itself, and what the program gave. */
export const own = (inputs: Properties): Properties => pick(inputs, isOwn);
export const given = (inputs: Properties): Properties => pick(inputs, (key) => !isOwn(key));

/** What goes into the request's body: all but the path, except that role assignments and budgets show their scope. */
export function bodyOf(type: ResourceType<unknown>, inputs: Properties): Properties {
  const path = new Set(pathArguments(type.path));
  return pick(inputs, (key) => !isOwn(key) && (!path.has(key) || key === 'scope'));
}

/** Names are made from the seed the engine sends, so that a preview and its update agree. */
export function autoname(kind: 'random' | 'uuid', name: string, seed: Uint8Array = new Uint8Array()): string {
  const random = createHash('sha256').update(name).update(seed).digest('hex');
  return kind === 'uuid' ? guid(random) : `${name}${random.slice(0, 8)}`;
}

/** Before it exists, a resource shows what it is given; all else it will show, at any depth, is known later. */
export function expected(declaration: Declaration, type: ResourceType<unknown>, inputs: Properties): Properties {
  const { state, definitions } = declaration;
  const shown = (value: unknown, shape: Shape): unknown => {
    if (value === undefined || value === UNKNOWN) return UNKNOWN;
    if (shape.kind === 'ref') return shown(value, definitions[shape.name] ?? { kind: 'any' });
    if (shape.kind === 'array') return Array.isArray(value) ? value.map((item) => shown(item, shape.of)) : UNKNOWN;
    if (shape.kind === 'map') return isObject(value) ? value : UNKNOWN; // a list of identities comes out as a map
    if (shape.kind !== 'object' || !isObject(value)) return value;
    const properties = Object.entries(shape.properties);
    return Object.fromEntries(properties.map(([key, property]) => [key, shown(value[key], property.shape)]));
  };
  return shown(bodyOf(type, inputs), state) as Properties;
}

/** What Azure shows: the outputs, and for everything else the SDK promises an empty value of its kind. */
export function completed({ state, definitions }: Declaration, outputs: Properties): Properties {
  const complete = (value: unknown, shape: Shape): unknown => {
    switch (shape.kind) {
      case 'ref':
        return complete(value, definitions[shape.name] ?? { kind: 'any' });
      case 'union': {
        const meant = isObject(value) ? shape.of.find((alternative) => suits(value, alternative)) : undefined;
        return meant ? complete(value, meant) : value;
      }
      case 'array':
        return Array.isArray(value) ? value.map((item) => complete(item, shape.of)) : (value ?? []);
      case 'map':
        return isObject(value) ? mapped(value, (item) => complete(item, shape.of)) : (value ?? {});
      case 'object': {
        const present = isObject(value) ? value : {};
        const promised = Object.entries(shape.properties).filter(([key, { required }]) => required || key in present);
        return {
          ...present,
          ...Object.fromEntries(promised.map(([key, part]) => [key, complete(present[key], part.shape)])),
        };
      }
      default:
        return value ?? (shape.kind === 'scalar' ? { string: '', number: 0, boolean: false }[shape.of] : '');
    }
  };
  /** Alternatives tell themselves apart by words such as an `objectType`. */
  const suits = (value: Properties, shape: Shape): boolean => {
    const whole = shape.kind === 'ref' ? definitions[shape.name] : shape;
    if (whole?.kind !== 'object') return false;
    return Object.entries(whole.properties).every(
      ([key, { shape: part }]) => part.kind !== 'enum' || part.values.includes(value[key] as string),
    );
  };
  return complete(outputs, state) as Properties;
}

const mapped = (values: Properties, change: (value: unknown) => unknown): Properties =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
