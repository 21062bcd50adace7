import type { Properties } from './provider.ts';

/** How the engine writes a value that is known only later; `sdk/go/common/resource/plugin/rpc.go` of pulumi/pulumi. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

const signatureKey = '4dabf18193072939515e22adb298388d';
const secretSignature = '1b47061264138c4ac30d75fd1eb44270';

type Path = readonly (string | number)[];

export const isObject = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSecret = (value: unknown): value is { value: unknown } =>
  isObject(value) && value[signatureKey] === secretSignature;

/** Plain properties, and where the secrets among them were. Nulls are absent, as for the real providers. */
export function unwrap(properties: unknown): { plain: Properties; secrets: Path[] } {
  const secrets: Path[] = [];
  const plain = (value: unknown, path: Path): unknown => {
    if (isSecret(value)) {
      secrets.push(path);
      return plain(value.value, path);
    }
    if (Array.isArray(value)) return value.map((item, index) => plain(item, [...path, index]));
    if (!isObject(value)) return value;
    const present = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
    return Object.fromEntries(present.map(([key, part]) => [key, plain(part, [...path, key])]));
  };
  return { plain: plain(properties ?? {}, []) as Properties, secrets };
}

/** The properties with the values at these paths marked secret; paths that are not there are skipped. */
export function wrap(properties: Properties, secrets: readonly Path[]): Properties {
  const wrapped = structuredClone(properties);
  // Inner ones first: once a value is wrapped, paths through it no longer hold.
  for (const path of secrets.toSorted((a, b) => b.length - a.length)) {
    const key = path.at(-1);
    if (key === undefined) continue;
    const parent = at(wrapped, path.slice(0, -1)) as Record<string | number, unknown> | undefined;
    if (parent?.[key] === undefined) continue;
    parent[key] = { [signatureKey]: secretSignature, value: parent[key] };
  }
  return wrapped;
}

/** The value at a path, or undefined. */
export function at(value: unknown, path: Path): unknown {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string | number, unknown>)[key];
  }
  return found;
}

/** A path as Pulumi and this project write it: `a.b[0]["c/d"]`. */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    if (!/^[\w-]+$/.test(key)) return `${text}["${key}"]`;
    return text ? `${text}.${key}` : key;
  }, '');
