import type { Resource } from '../plan.ts';
import { object, text } from '../views.ts';
import type { PolicyContext } from './policy.ts';

/** What the secrets store driver reads of a vault for an identity, by kind; undefined when that is not known. */
export type Mounted = ReadonlyMap<'secrets' | 'keys' | 'certificates', ReadonlySet<string>>;

const driver = 'kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass';
const kinds = { secret: 'secrets', key: 'keys', cert: 'certificates', certificate: 'certificates' } as const;

/** The named objects the driver mounts from the vaults into pods that act as an identity. */
export function mountedFor(
  identity: Resource,
  vaults: readonly Resource[],
  { usersOf }: PolicyContext,
): Mounted | undefined {
  const readers = usersOf(identity.name).filter(
    (each) => each.type === driver && vaults.some((vault) => readsFrom(each, vault, usersOf)),
  );
  const mounted = new Map<'secrets' | 'keys' | 'certificates', Set<string>>();
  for (const { inputs } of readers) {
    const objects = text(object(object(inputs.spec).parameters).objects);
    if (objects === undefined) return undefined;
    for (const { name, kind } of objectsIn(objects)) mounted.set(kind, (mounted.get(kind) ?? new Set()).add(name));
  }
  return readers.length > 0 ? mounted : undefined;
}

const readsFrom = (reader: Resource, vault: Resource, usersOf: PolicyContext['usersOf']): boolean => {
  const written = text(object(object(reader.inputs.spec).parameters).keyvaultName)?.toLowerCase();
  return (
    usersOf(vault.name).includes(reader) ||
    (written !== undefined && written === text(vault.inputs.vaultName)?.toLowerCase())
  );
};

// The driver's own form: YAML in a text in YAML, one object an item, with its keys in any order.
function* objectsIn(objects: string): Generator<{ name: string; kind: 'secrets' | 'keys' | 'certificates' }> {
  for (const item of objects.split(/^\s*-\s*\|?\s*$|(?<=\n|^)\s*-\s+(?=\S)/m)) {
    const name = /objectName:\s*["']?([\w-]+)/.exec(item)?.[1];
    const type = /objectType:\s*["']?(\w+)/.exec(item)?.[1]?.toLowerCase() ?? 'secret';
    if (name !== undefined && type in kinds)
      yield { name: name.toLowerCase(), kind: kinds[type as keyof typeof kinds] };
  }
}
