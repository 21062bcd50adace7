import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/compile.ts';
import { addressRange, covers, isCanonical, overlaps } from './addresses.ts';
import { idsOf, pathArguments } from './azure/arm-path.ts';
import { secondsUntilNextTry } from './azure/retries.ts';
import { types } from './azure/types.ts';
import { Cloud } from './cloud.ts';
import { differences } from './differences.ts';
import { type Fault, faultsOf, type Operation } from './faults.ts';
import { plan, resourceOf, today } from './fixture/fixture.ts';
import { Deployment } from './in-process.ts';
import { secondsOf } from './latency.ts';
import { declarationOf } from './shapes.ts';
import { pathText, UNKNOWN, unwrap, wrap } from './values.ts';

const run = promisify(execFile);

describe("the compiler's own plans", () => {
  const root = new URL('../../', import.meta.url);
  const files = [
    ...readdirSync(new URL('specs/', root)).map((environment) => `specs/${environment}/perpetual-node.yaml`),
    'test/fixtures/specs/everything.yaml',
  ];
  it.each(files)('%s can be deployed', async (path) => {
    const file = new URL(path, root);
    const { plan } = compile(file.pathname, readFileSync(file, 'utf8'), { today });
    if (!plan) throw new Error('there is no plan');
    const deployment = new Deployment({ PERPETUAL_AS_OF: today });
    await deployment.deploy(plan);
    expect(deployment.resources.size).toBe(plan.resources.filter(({ type }) => !type.startsWith('pulumi:')).length);
  });
});

describe('the table of types', () => {
  it.each(Object.entries(types))('%s is declared by the SDK, and so is its path', async (token, type) => {
    const declaration = await declarationOf(token);
    const args = declaration?.args.kind === 'object' ? declaration.args.properties : {};
    expect(declaration?.apiVersion).toMatch(/^\d{4}-\d{2}-\d{2}/);
    expect(Object.keys(args)).toEqual(expect.arrayContaining(pathArguments(type.path)));
    const replaced = (type.replaceOn ?? []).concat(type.fixed ?? []).map((path) => path.split('.')[0]);
    expect(Object.keys(args)).toEqual(expect.arrayContaining(replaced));
    expect(Boolean(type.location) && !('location' in args)).toBe(false);
  });

  it('makes ids as Azure does, parents outermost first', () => {
    const subnet = { resourceGroupName: 'g', virtualNetworkName: 'v', subnetName: 's' };
    const { id, parents } = idsOf(types['azure-native:network:Subnet'].path, subnet, 'S');
    const group = '/subscriptions/S/resourceGroups/g';
    expect(id).toBe(`${group}/providers/Microsoft.Network/virtualNetworks/v/subnets/s`);
    expect(parents).toEqual([group, `${group}/providers/Microsoft.Network/virtualNetworks/v`]);
    const grant = idsOf(
      types['azure-native:authorization:RoleAssignment'].path,
      { scope: group, roleAssignmentName: 'n' },
      'S',
    );
    expect(grant).toEqual({ id: `${group}/providers/Microsoft.Authorization/roleAssignments/n`, parents: [group] });
  });
});

describe('values on the wire', () => {
  const secret = (value: unknown) => ({
    '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
    value,
  });

  it('keep their secrets', () => {
    const sent = { plain: 1, a: secret({ b: [secret('x'), null, UNKNOWN], c: null }) };
    const { plain, secrets } = unwrap(sent);
    expect(plain).toEqual({ plain: 1, a: { b: ['x', null, UNKNOWN] } });
    expect(wrap(plain, secrets)).toEqual({ plain: 1, a: secret({ b: [secret('x'), null, UNKNOWN] }) });
    expect(wrap({ plain: 1 }, secrets)).toEqual({ plain: 1 });
  });

  it('are compared leaf by leaf', () => {
    const changes = differences(
      { a: 1, b: { c: [1, 2] }, 'd/e': 'x' },
      { b: { c: [1, 3, 4] }, f: UNKNOWN },
      (path) => path === 'b.c',
    );
    expect(changes).toEqual({
      a: { kind: 'delete', replaces: false },
      'b.c[1]': { kind: 'update', replaces: true },
      'b.c[2]': { kind: 'add', replaces: true },
      '["d/e"]': { kind: 'delete', replaces: false },
      f: { kind: 'add', replaces: false },
    });
    expect(pathText(['a', 0, 'b/c'])).toBe('a[0]["b/c"]');
  });

  it('may be ranges of addresses', () => {
    const range = (text: string) => addressRange(text) ?? { text: '', first: 0, last: 0, prefix: 0 };
    expect(['10.0.0.0', '10.0.0/8', '10.0.0.256/8', '10.0.0.0/33', '::/0', 'x'].map(addressRange)).toEqual(
      Array(6).fill(undefined),
    );
    expect(isCanonical(range('10.0.1.0/24'))).toBe(true);
    expect(isCanonical(range('10.0.1.0/23'))).toBe(false);
    expect(covers(range('0.0.0.0/0'), range('255.255.255.255/32'))).toBe(true);
    expect(overlaps(range('10.0.0.0/24'), range('10.0.1.0/24'))).toBe(false);
  });
});

describe('the cloud', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-'));
  const file = join(folder, 'cloud.json');

  it('stays as it was when a change fails, and forgets what only a look did', () => {
    const cloud = new Cloud();
    const add = (id: string) =>
      cloud.change(({ deletedSecrets }) => void Object.assign(deletedSecrets, { [id]: true }));
    add('a');
    expect(() => cloud.change((state) => Object.assign(state, { deletedSecrets: {}, x: raise() }))).toThrow('raised');
    cloud.look((state) => void Object.assign(state, { deletedSecrets: {} }));
    expect(cloud.look(({ deletedSecrets }) => deletedSecrets)).toEqual({ a: true });
  });

  it('is changed by one process at a time, even after one died holding the lock', async () => {
    writeFileSync(`${file}.lock`, '999999999');
    const code = `
      const { Cloud } = await import(${JSON.stringify(new URL('cloud.ts', import.meta.url).href)});
      const cloud = new Cloud(${JSON.stringify(file)});
      for (let i = 0; i < 100; i++) cloud.change((state) => { state.struck.n = (state.struck.n ?? 0) + 1; });`;
    const counting = () => run(process.execPath, ['--input-type=module', '-e', code]);
    await Promise.all([counting(), counting(), counting()]);
    expect(new Cloud(file).look(({ struck }) => struck.n)).toBe(300);
    expect(readdirSync(folder)).toEqual(['cloud.json']);
    rmSync(folder, { recursive: true });
  });
});

describe('faults', () => {
  const type = 'azure-native:compute:Disk';
  const strikes = (faults: Fault[]) => {
    const { strike } = faultsOf(new Cloud(), faults, raise);
    return (on: Operation, when: 'before' | 'after') => strike(on, when, { type, name: 'data' })?.code;
  };

  it('strike where and as often as they are told', () => {
    const strike = strikes([
      { on: 'create', type, name: 'other', code: 'X' },
      { on: 'create', type, times: 2, code: 'Y' },
      { on: 'update', kind: 'partial', code: 'Z' },
    ]);
    expect([
      strike('create', 'after'),
      strike('create', 'before'),
      strike('create', 'before'),
      strike('create', 'before'),
    ]).toEqual([undefined, 'Y', 'Y', undefined]);
    expect([strike('update', 'before'), strike('update', 'after'), strike('update', 'after')]).toEqual([
      undefined,
      'Z',
      undefined,
    ]);
  });

  it('let some pass first, and strike whatever changes something', () => {
    const strike = strikes([{ on: 'write', spare: 2, times: 2, code: 'X' }]);
    expect(
      (['create', 'read', 'delete', 'update', 'create', 'create'] as const).map((on) => strike(on, 'before')),
    ).toEqual([...[undefined, undefined, undefined], ...['X', 'X', undefined]]);
  });

  it('refuse in the words of Azure, or crash before or after the work', async () => {
    const bed = (fault: Fault) => new Deployment({ PERPETUAL_STANDIN_FAULTS: JSON.stringify([fault]) });
    const group = resourceOf('resource-group');
    const locked = bed({ on: 'create', type: group.type, code: 'ScopeLocked', status: 409, message: 'Hands off.' });
    await expect(locked.create(group)).rejects.toThrow('Status=409 Code="ScopeLocked" Message="Hands off."');
    await locked.create(group);
    const half = bed({ on: 'create', type: group.type, kind: 'partial' });
    await expect(half.create(group)).rejects.toMatchObject({
      name: 'HalfCreated',
      id: expect.stringContaining('/resourceGroups/'),
    });
    expect(half.cloud.look(({ resources }) => Object.keys(resources))).toHaveLength(1);
  });

  it.each([
    ['a throttled request', { status: 429, retryAfter: 17 }, 4],
    ['a server that stumbles', { status: 503 }, 4],
    ['another operation', { status: 409, code: 'AnotherOperationInProgress' }, 4],
    ['a wait longer than the client has patience for', { status: 429, retryAfter: 600 }, 1],
    ['a conflict that stays', { status: 409, code: 'Conflict' }, 1],
  ])('are met again as often as azure-native asks again: %s', async (_, fault, tries) => {
    const group = resourceOf('resource-group');
    const bed = (times: number) =>
      new Deployment({
        PERPETUAL_STANDIN_FAULTS: JSON.stringify([{ on: 'create', type: group.type, times, ...fault }]),
      });
    await bed(tries - 1).create(group);
    await expect(bed(tries).create(group)).rejects.toThrow(`Status=${fault.status}`);
  });

  it('wait as long as Azure asks for, or as the client does by itself', () => {
    const throttled = { status: 429, code: 'TooManyRequests' };
    expect([0, 1, 2, 3].map((attempt) => secondsUntilNextTry(throttled, attempt))).toEqual([20, 60, 120, undefined]);
    expect(secondsUntilNextTry(throttled, 0, 17)).toBe(17);
  });

  it('leave a workload behind that did not become live, with the last lines of its container where it hands them out', async () => {
    const node = resourceOf('node');
    const pod = {
      ...{ container: 'node', reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' },
      ended: { reason: 'Error', exitCode: 1, lastLines: 'Error: lock /data/ipfs/repo.lock: someone else has the lock' },
    };
    const bed = new Deployment({
      PERPETUAL_STANDIN_FAULTS: JSON.stringify([{ on: 'create', type: node.type, kind: 'partial', pod }]),
    });
    await bed.deploy(plan, 'node');
    await expect(bed.create(node)).rejects.toMatchObject({
      name: 'HalfCreated',
      reasons: [
        expect.stringContaining("'perpetual' timed out waiting to be Ready"),
        '0 out of 1 replicas succeeded readiness checks',
        expect.stringMatching(/^\[Pod perpetual\/perpetual-0\]: .*\[CrashLoopBackOff\] back-off/),
      ],
    });
  });
});

describe('latencies', () => {
  it('are long for clusters, shorter for changes, and none for looking', () => {
    const cluster = 'azure-native:containerservice:ManagedCluster';
    expect(secondsOf('create', cluster)).toBeGreaterThan(secondsOf('create', 'azure-native:resources:ResourceGroup'));
    expect(secondsOf('update', cluster)).toBeLessThan(secondsOf('create', cluster));
    expect(secondsOf('read', cluster)).toBe(0);
  });
});

function raise(): never {
  throw new Error('raised');
}
