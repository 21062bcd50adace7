import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What a property may hold, as the SDK's own declarations say. */
export type Shape =
  | { kind: 'any' }
  | { kind: 'scalar'; of: 'string' | 'number' | 'boolean' }
  | { kind: 'enum'; values: (string | number | boolean)[] }
  | { kind: 'array'; of: Shape }
  | { kind: 'map'; of: Shape }
  | { kind: 'object'; properties: Record<string, { shape: Shape; required: boolean }>; loose?: boolean }
  /** `string | enums.X` is one of these too: the SDK takes any string, the service only what the enumeration holds. */
  | { kind: 'union'; of: Shape[] }
  /** A declared type, in `definitions`: types may refer to themselves. */
  | { kind: 'ref'; name: string };

/** A resource type as the SDK declares it. */
export type Declaration = {
  /** What the constructor takes, and what the resource shows once it exists. */
  args: Shape;
  state: Shape;
  definitions: Record<string, Shape>;
  /** The Azure API version the SDK compiles the type against; empty for other clouds. */
  apiVersion: string;
};

/** Raise it when `declarations.ts` reads anything differently: what is kept on disk is then read anew. */
const format = 1;
const require = createRequire(import.meta.url);
const declared = new Map<string, Promise<Declaration | undefined>>();

/** The declaration of a resource type by its token; undefined if the SDK has no such type. */
export function declarationOf(token: string): Promise<Declaration | undefined> {
  let found = declared.get(token);
  if (!found) {
    found = read(token);
    declared.set(token, found);
  }
  return found;
}

/** Version of an installed SDK, such as `@pulumi/azure-native`. */
export const sdkVersion = (sdk: string): string => require(`${sdk}/package.json`).version;

async function read(token: string): Promise<Declaration | undefined> {
  const place = placeOf(token);
  if (!place) return undefined;
  const folder = join(
    tmpdir(),
    `pulumi-sdk-shapes-${format}`,
    `${place.sdk.replaceAll('/', '-')}-${sdkVersion(place.sdk)}`,
  );
  const kept = join(folder, `${token.replaceAll(/[:/]/g, '-')}.json`);
  try {
    return JSON.parse(readFileSync(kept, 'utf8'));
  } catch {
    // Not there yet: reading the SDK's types takes a second or two, once for all later runs.
  }
  const { readDeclaration } = await import('./declarations.ts');
  const declaration = readDeclaration(dirname(require.resolve(`${place.sdk}/package.json`)), place.file, place.name);
  if (!declaration) return undefined;
  mkdirSync(folder, { recursive: true });
  const draft = `${kept}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(declaration));
  renameSync(draft, kept);
  return declaration;
}

/** `azure-native:compute:Disk` is in `compute/disk.d.ts`, `kubernetes:storage.k8s.io/v1:StorageClass` in `storage/v1/…`. */
function placeOf(token: string): { sdk: string; file: string; name: string } | undefined {
  const [sdk = '', module = '', name = ''] = token.split(':');
  if (sdk === 'pulumi' && module === 'providers')
    return { sdk: `@pulumi/${name}`, file: 'provider.d.ts', name: 'Provider' };
  if (!/^[a-z0-9-]+$/.test(sdk) || !/^[a-z0-9./-]+$/.test(module) || !/^[A-Za-z0-9]+$/.test(name)) return undefined;
  const [group = '', ...version] = module.split('/');
  const folder = [sdk === 'kubernetes' ? group.split('.')[0] : group, ...version].join('/');
  return { sdk: `@pulumi/${sdk}`, file: `${folder}/${name[0]?.toLowerCase()}${name.slice(1)}.d.ts`, name };
}
