import { describe, expect, it } from 'vitest';
import { unknownToStack } from '../../src/engine/recover.ts';
import type { Opened } from '../../src/engine/session.ts';
import { targetOf } from '../../src/engine/target.ts';

const target = targetOf('.', 'prod', { IPFS_PRIVATE_KEY: 'a', NODE_GITHUB_TOKEN: 'b' });
const urn = (name: string): string => `urn:pulumi:prod::perpetual::azure-native:a:B::${name}`;

/** A stack in which the making of these was interrupted, and what the engine is asked of it. */
function stackWith(...unfinished: string[]) {
  const asked: string[][] = [];
  const pending_operations = unfinished.map((name) => ({
    type: 'creating',
    resource: { urn: urn(name), type: 'a:b:C', provider: `${urn('azure')}::1-2-3` },
  }));
  const ask = async (...args: string[]): Promise<string> => {
    asked.push(args);
    return JSON.stringify({ deployment: { pending_operations } });
  };
  return { opened: { ask } as unknown as Opened, asked };
}
const found = async (opened: Opened, resource: string, message: string) =>
  unknownToStack(target, opened, { failures: [{ resource, message }] } as never);

describe('what Azure has and the stack has not', () => {
  it.each([
    ['cluster', "cannot create already existing resource '/subscriptions/1/a'", '/subscriptions/1/a'],
    ['cluster', 'cannot create already existing resource "/subscriptions/1/b"', '/subscriptions/1/b'],
    [
      'node',
      'resource "perpetual/perpetual" was not successfully created by the Kubernetes API server: statefulsets "perpetual" already exists',
      'perpetual/perpetual',
    ],
  ])('is taken in where a run of this stack had begun it: %s, %s', async (name, message, id) => {
    const { opened, asked } = stackWith(name);
    const unknown = await found(opened, name, message);
    expect(unknown).toMatchObject({ name, found: `"${name}" was made by a run that was killed; it is taken in` });
    await unknown?.take(() => Promise.reject());
    expect(asked.at(-2)?.slice(0, 6)).toEqual(['import', 'a:b:C', name, id, '--provider', `azure=${urn('azure')}`]);
    expect(asked.at(-1)).toContain('--clear-pending-creates');
  });

  it("is left alone where it is somebody else's, or fails for another reason", async () => {
    const message = "cannot create already existing resource '/subscriptions/1/a'";
    expect(await found(stackWith('vault').opened, 'cluster', message)).toBeUndefined();
    expect(await found(stackWith('cluster').opened, 'cluster', 'Code="QuotaExceeded"')).toBeUndefined();
    expect(await found(stackWith().opened, 'vault', 'Code="VaultAlreadyExists"')).toBeUndefined();
  });

  it('is a vault that was deleted', async () => {
    const message = 'Code="ConflictError" Message="A vault with the same name already exists in deleted state."';
    expect(await found(stackWith().opened, 'vault', message)).toMatchObject({ name: 'vault' });
    expect(await found(stackWith().opened, 'log-storage', message)).toBeUndefined();
  });
});
