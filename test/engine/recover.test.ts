import { describe, expect, it } from 'vitest';
import { abandoned, forgetUnfinished, unknownToStack } from '../../src/engine/recover.ts';
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
    const [unknown] = await found(opened, name, message);
    expect(unknown).toMatchObject({ name, found: `"${name}" was made by a run that could not say so; it is taken in` });
    await unknown?.take(() => Promise.reject());
    expect(asked.at(-1)?.slice(0, 6)).toEqual(['import', 'a:b:C', name, id, '--provider', `azure=${urn('azure')}`]);
  });

  it('is all taken in before the engine forgets what it was making', async () => {
    const { opened, asked } = stackWith('one', 'two', 'gone');
    const failures = ['one', 'two'].map((resource) => ({
      resource,
      message: `cannot create already existing resource '/subscriptions/1/${resource}'`,
    }));
    const unknown = await unknownToStack(target, opened, { failures } as never);
    expect(unknown.map(({ name }) => name)).toEqual(['one', 'two']);
    for (const { take } of unknown) await take(() => Promise.reject());
    expect(asked.flat()).not.toContain('--clear-pending-creates');
    const unfinished = ['one', 'two'].map((name) => ({ urn: urn(name), type: 'a:b:C' }));
    await forgetUnfinished(opened, { resources: [], deployed: undefined, kept: { earlier: [] }, unfinished });
    expect(asked.at(-1)).toEqual([
      ...['--color=never', 'refresh', '--clear-pending-creates'],
      ...['--target', urn('one'), '--target', urn('two'), '--skip-preview', '--yes'],
    ]);
  });

  it('is taken in below what this stack has made, whoever began it', async () => {
    const group = '/subscriptions/1/resourceGroups/a';
    const asked: string[][] = [];
    const stackOf = (...held: { type: string; id: string }[]): Opened => {
      const resources = held.map((each) => ({ urn: urn(each.type), ...each }));
      const ask = async (...args: string[]) => {
        asked.push(args);
        return JSON.stringify({ deployment: { resources } });
      };
      return { ask } as unknown as Opened;
    };
    const azure = { type: 'pulumi:providers:azure-native', id: '1-2' };
    const inAzure = `cannot create already existing resource '${group}/providers/A/b'`;
    expect(await found(stackOf(azure, { type: 'a', id: `${group}bc` }), 'cluster', inAzure)).toEqual([]);
    const [unknown] = await found(
      stackOf(azure, { type: 'a', id: group.toUpperCase().replace('/S', '/s') }),
      'cluster',
      inAzure,
    );
    expect(unknown?.found).toBe('"cluster" is there already, in what belongs to this environment; it is taken in');
    await unknown?.take(() => Promise.reject());
    expect(asked.at(-1)?.slice(0, 6)).toEqual([
      ...['import', 'azure-native:containerservice:ManagedCluster', 'cluster', `${group}/providers/A/b`],
      ...['--provider', `${azure.type}=${urn(azure.type)}`],
    ]);

    const inCluster =
      'resource "a/b" was not successfully created by the Kubernetes API server: pods "b" already exists';
    expect(await found(stackOf(azure), 'node', inCluster)).toEqual([]);
    const cluster = { type: 'azure-native:containerservice:ManagedCluster', id: `${group}/providers/A/b` };
    expect(await found(stackOf(cluster), 'node', inCluster)).toMatchObject([{ name: 'node' }]);
  });

  it('is said where the spec has it no more', () => {
    const unfinished = ['cluster', 'pool'].map((name) => ({ urn: urn(name), type: 'a:b:C' }));
    const plan = { formatVersion: 1, environment: 'prod', resources: [{ name: 'cluster' }] } as never;
    expect(abandoned({ resources: [], deployed: undefined, kept: { earlier: [] }, unfinished }, plan)).toEqual([
      '"pool" was being made when a run was killed, and the spec has it no more: delete it in Azure',
    ]);
  });

  it("is left alone where it is somebody else's, or fails for another reason", async () => {
    const message = "cannot create already existing resource '/subscriptions/1/a'";
    expect(await found(stackWith('vault').opened, 'cluster', message)).toEqual([]);
    expect(await found(stackWith('cluster').opened, 'cluster', 'Code="QuotaExceeded"')).toEqual([]);
    expect(await found(stackWith().opened, 'vault', 'Code="VaultAlreadyExists"')).toEqual([]);
  });

  it('is a vault that was deleted', async () => {
    const message = 'Code="ConflictError" Message="A vault with the same name already exists in deleted state."';
    expect(await found(stackWith().opened, 'vault', message)).toMatchObject([{ name: 'vault' }]);
    expect(await found(stackWith().opened, 'log-storage', message)).toEqual([]);
  });
});
