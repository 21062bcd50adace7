import type { Declaration, Shape } from './shapes.ts';
import { isObject, pathText, UNKNOWN } from './values.ts';

/**
 * `choice`: a string the SDK lets through but the service's own enumeration does not hold. The provider passes it on;
 * Azure refuses it.
 */
export type ShapeFault = { path: string; reason: string; kind: 'unknown' | 'missing' | 'type' | 'choice' };

type Path = readonly (string | number)[];

/** Where a value departs from what the SDK declares: unknown properties, missing ones, wrong types, unknown choices. */
export function shapeFaults(value: unknown, shape: Shape, definitions: Declaration['definitions']): ShapeFault[] {
  return [...faults(value, shape, [])];

  function* faults(value: unknown, shape: Shape, path: Path): Generator<ShapeFault> {
    if (value === UNKNOWN) return;
    switch (shape.kind) {
      case 'any':
        return;
      case 'ref':
        return yield* faults(value, definitions[shape.name] ?? { kind: 'any' }, path);
      case 'scalar':
        if (typeof value !== shape.of) yield wrongType(path, shape.of, value);
        return;
      case 'enum':
        if (!shape.values.includes(value as string)) yield wrongChoice(path, value, shape.values, 'type');
        return;
      case 'array':
        if (!Array.isArray(value)) return yield wrongType(path, 'array', value);
        for (const [index, item] of value.entries()) yield* faults(item, shape.of, [...path, index]);
        return;
      case 'map':
        if (!isObject(value)) return yield wrongType(path, 'object', value);
        for (const [key, item] of Object.entries(value)) yield* faults(item, shape.of, [...path, key]);
        return;
      case 'union':
        return yield* unionFaults(value, shape.of, path);
      case 'object':
        return yield* objectFaults(value, shape, path);
    }
  }

  function* objectFaults(value: unknown, shape: Shape & { kind: 'object' }, path: Path): Generator<ShapeFault> {
    if (!isObject(value)) return yield wrongType(path, 'object', value);
    for (const [key, item] of Object.entries(value)) {
      const place = [...path, key];
      const property = Object.hasOwn(shape.properties, key) ? shape.properties[key] : undefined;
      if (property) yield* faults(item, property.shape, place);
      else if (!shape.loose)
        yield { path: pathText(place), reason: `unknown property '${pathText(place)}'`, kind: 'unknown' };
    }
    for (const [key, { required }] of Object.entries(shape.properties)) {
      const place = pathText([...path, key]);
      if (required && value[key] === undefined) {
        yield { path: place, reason: `missing required property '${place}'`, kind: 'missing' };
      }
    }
  }

  function* unionFaults(value: unknown, alternatives: readonly Shape[], path: Path): Generator<ShapeFault> {
    const shapes = alternatives.map((shape) => (shape.kind === 'ref' ? (definitions[shape.name] ?? shape) : shape));
    if (typeof value === 'string') {
      const choices = shapes.flatMap((shape) => (shape.kind === 'enum' ? shape.values : []));
      const isOpen = shapes.some((shape) => shape.kind === 'scalar' && shape.of === 'string');
      if (choices.length > 0 && !choices.some((choice) => same(choice, value))) {
        return yield wrongChoice(path, value, choices, isOpen ? 'choice' : 'type');
      }
      if (choices.length > 0) return;
    }
    // The alternative the value comes closest to is the one that was meant.
    const attempts = shapes.map((shape) => [...faults(value, shape, path)]);
    yield* attempts.toSorted((a, b) => a.length - b.length)[0] ?? [];
  }
}

/** Azure compares its own words without regard to case. */
const same = (choice: unknown, value: string): boolean => String(choice).toLowerCase() === value.toLowerCase();

function wrongType(path: Path, expected: string, value: unknown): ShapeFault {
  const got = Array.isArray(value) ? 'an array' : isObject(value) ? 'an object' : `a ${typeof value}`;
  return {
    path: pathText(path),
    reason: `'${pathText(path)}' should be of type '${expected}' but got ${got}`,
    kind: 'type',
  };
}

function wrongChoice(path: Path, value: unknown, choices: readonly unknown[], kind: 'type' | 'choice'): ShapeFault {
  const reason = `The value '${value}' of '${pathText(path)}' is not one of ${choices.map((choice) => `'${choice}'`).join(', ')}`;
  return { path: pathText(path), reason, kind };
}
