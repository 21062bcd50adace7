import { describe, expect, it } from 'vitest';
import { allocatable } from '../../src/catalog/aks-allocatable.ts';
import { type VmSize, vmSize } from '../../src/catalog/vm-sizes.ts';
import { compile } from '../../src/compile.ts';
import { compileText, leastSpec, today } from '../support/specs.ts';

const owned = leastSpec.replace('environment: prod', 'environment: prod\n  owner: platform@example.org');
const pool = (keys: string, more = '') => owned.replace('"1.35"', `"1.35"\n  nodePool: { ${keys} }${more}`);
const host =
  'network: { expose: { gateway: { from: [internet], host: a.example.org } }, dns: { zone: example.org, record: a, create: true } }\n';
const size = (name: string) => vmSize(name) as VmSize;

/** aks/node-resource-reservations.md, its own examples and the table of CPU. */
describe('what AKS leaves to pods', () => {
  it.each([
    ['Standard_B1ms', 30, 1436, 940],
    ['Standard_B2s', 30, 3346, 1900],
    ['Standard_D2s_v5', 30, 7442, 1900],
    ['Standard_D2s_v5', 250, 6044, 1900],
    ['Standard_D4s_v5', 30, 15_634, 3860],
  ])('of %s at %i pods is %i MiB and %im', (name, maxPods, memoryMiB, cpuMillicores) => {
    expect(allocatable(size(name), maxPods, '1.35')).toMatchObject({ memoryMiB, cpuMillicores });
  });

  // 25 % of 4 GB, 20 % of 4, 10 % of 8, 6 % of 112, 2 % of the rest, and 750 MiB.
  it.each([
    ['Standard_B2s', 4 * 1024 - 1024 - 750],
    ['Standard_D2s_v5', Math.floor(8 * 1024 - 1.8 * 1024 - 750)],
    ['Standard_D4s_v5', Math.floor(16 * 1024 - 2.6 * 1024 - 750)],
    ['Standard_E16s_v5', Math.floor(128 * 1024 - 9.32 * 1024 - 750)],
    ['Standard_E20s_v5', Math.floor(160 * 1024 - (9.32 + 0.02 * 32) * 1024 - 750)],
  ])('of %s before Kubernetes 1.29 is %i MiB, however many pods', (name, memoryMiB) => {
    expect(allocatable(size(name), 30, '1.28').memoryMiB).toBe(memoryMiB);
    expect(allocatable(size(name), 250, '1.28.5').memoryMiB).toBe(memoryMiB);
    expect(allocatable(size(name), 30, '1.29').memoryMiB).toBeGreaterThan(memoryMiB);
  });
});

/** Each just fits, and does not with one more. */
describe('capacity, to the last unit', () => {
  const errors = (text: string) => compileText(text).diagnostics.filter(({ severity }) => severity === 'error');

  it.each([
    [
      'memory of the pod',
      `${owned}  resources: { memory: 7242Mi }\n`,
      `${owned}  resources: { memory: 7243Mi }\n`,
      'spec/does-not-fit',
      '"7243Mi" does not fit a node with 7242 MiB left for pods',
      '8192 MiB - 850 for Kubernetes at 40 pods - 100 that stay free = 7242',
    ],
    [
      'CPU of the pod',
      `${owned}  resources: { cpu: 1900m }\n`,
      `${owned}  resources: { cpu: 1901m }\n`,
      'spec/does-not-fit',
      '"1901m" does not fit a node with 1900m left for pods',
      '2000m - 100m for Kubernetes = 1900m',
    ],
    [
      'the pod with what watches over it',
      `${owned}  resources: { memory: 7114Mi }\nmonitoring: { logs: {} }\n`,
      `${owned}  resources: { memory: 7115Mi }\nmonitoring: { logs: {} }\n`,
      'spec/does-not-fit',
      '"7115Mi" with the 128 MiB of what runs beside it does not fit a node with 7242 MiB left for pods',
      undefined,
    ],
    [
      'the nodes in their subnet, with one more for an upgrade',
      `${pool('count: 10')}network: { subnet: 10.20.0.0/28 }\nbudget: { monthlyUsd: 5000 }\n`,
      `${pool('count: 11')}network: { subnet: 10.20.0.0/28 }\nbudget: { monthlyUsd: 5000 }\n`,
      'spec/subnet',
      'the subnet "10.20.0.0/28" has 11 usable addresses and the nodes need 12',
      'one for each node, one more for each pool during an upgrade',
    ],
    [
      'what the autoscaler may make',
      `${pool('autoscale: { min: 1, max: 10 }')}network: { subnet: 10.20.0.0/28 }\nbudget: { monthlyUsd: 5000 }\n`,
      `${pool('autoscale: { min: 1, max: 8 }', '\n  pools: [{ name: more, count: 2 }]')}network: { subnet: 10.20.0.0/28 }\nbudget: { monthlyUsd: 5000 }\n`,
      'spec/subnet',
      'the subnet "10.20.0.0/28" has 11 usable addresses and the nodes need 12',
      undefined,
    ],
    [
      'an internal load balancer beside the nodes',
      `${pool('count: 9')}network: { subnet: 10.20.0.0/28, expose: { api: { from: [10.0.0.0/9] } } }\nbudget: { monthlyUsd: 5000 }\n`,
      `${pool('count: 10')}network: { subnet: 10.20.0.0/28, expose: { api: { from: [10.0.0.0/9] } } }\nbudget: { monthlyUsd: 5000 }\n`,
      'spec/subnet',
      'the subnet "10.20.0.0/28" has 11 usable addresses and the nodes need 11 and the internal load balancer 1',
      undefined,
    ],
    [
      'the pods of all nodes',
      `${pool('count: 255')}budget: { monthlyUsd: 50000 }\n`,
      `${pool('count: 256')}budget: { monthlyUsd: 50000 }\n`,
      'spec/conflict',
      'the range of pods 10.244.0.0/16 has a /24 for 256 nodes, and there can be 257',
      undefined,
    ],
    [
      'the disks of the pods',
      `${pool('vmSize: Standard_NC24lds_xl_RTXPRO6000BSE_v6, zone: 1')}budget: { monthlyUsd: 50000 }\n`,
      `${pool('vmSize: Standard_NC24lds_xl_RTXPRO6000BSE_v6, zone: 1')}${host}budget: { monthlyUsd: 50000 }\n`,
      'spec/does-not-fit',
      '"Standard_NC24lds_xl_RTXPRO6000BSE_v6" takes 1 data disks, and the pods on it have 2',
      undefined,
    ],
  ])('%s', (_, fits, tooMuch, code, message, note) => {
    expect(errors(fits)).toEqual([]);
    expect(errors(tooMuch).map((each) => [each.code, each.message])).toEqual([[code, message]]);
    if (note !== undefined) expect(errors(tooMuch)[0]?.labels[0].note).toBe(note);
  });

  it('counts the container that fetches secrets instead of the node, because it runs before it', () => {
    const small = `${pool('vmSize: Standard_D2als_v6')}  resources: { memory: 100Mi }\nsecrets: { deliver: initContainer, items: [{ name: a, from: env:A }] }\n`;
    const said = (memory: string) =>
      compileText(small.replace('100Mi', memory)).diagnostics.find(({ code }) => code === 'spec/does-not-fit')?.message;
    // 4096 - 850 - 100
    expect([said('3146Mi'), said('3147Mi')]).toEqual([
      undefined,
      '"3147Mi" does not fit a node with 3146 MiB left for pods',
    ]);
  });

  it('counts the proxy where there is one machine for both, and not where there are two', () => {
    const said = (count: number) =>
      compileText(
        `${pool(`count: ${count}`)}  resources: { memory: 7242Mi }\n${host}budget: { monthlyUsd: 5000 }\n`,
      ).diagnostics.flatMap(({ code }) => (code === 'spec/does-not-fit' ? [code] : []));
    expect([said(1), said(2)]).toEqual([['spec/does-not-fit'], []]);
  });

  it.each([
    [6, 8, undefined],
    [7, 8, 'info plan/tight-disk: 1 GiB of the disk are left when garbage collection starts at 7 of 8 GiB'],
    [8, 8, 'error spec/conflict: a disk of 8 GiB is full before garbage collection starts at 8 GiB'],
    [53, 64, undefined],
    [54, 64, 'info plan/tight-disk: 10 GiB of the disk are left when garbage collection starts at 54 of 64 GiB'],
  ])('of the repository: %i GiB on a disk of %i', (limit, sizeGiB, expected) => {
    const text = `${leastSpec}  ipfs: { storageMaxGiB: ${limit} }\nstorage: { data: { sizeGiB: ${sizeGiB} } }\n`;
    const found = compileText(text).diagnostics.find(({ path }) => path === 'node.ipfs.storageMaxGiB');
    expect(found && `${found.severity} ${found.code}: ${found.message}`).toBe(expected);
  });

  it('says when little is left for the pods of the cluster itself, as a note', () => {
    const of = (memory: string) =>
      compileText(`${owned}  resources: { memory: ${memory} }\n`).diagnostics.filter(
        ({ code }) => code === 'plan/tight-node',
      );
    expect(of('6492Mi')).toEqual([]);
    expect(of('6493Mi').map(({ severity, message }) => [severity, message])).toEqual([
      ['info', "749 MiB are left for the cluster's own pods, which were seen to ask for some 750"],
    ]);
  });
});

describe('what a day decides', () => {
  const codes = (text: string, day: string) =>
    compile('x.yaml', text, { today: day }).diagnostics.map(({ code, severity }) => `${severity} ${code}`);

  it('a secret that should have been replaced is a note from its day on', () => {
    const text = `${leastSpec}secrets: { items: [{ name: a, from: env:A, expires: 2026-12-01 }] }\n`;
    const said = (day: string) => codes(text, day).filter((each) => each.includes('secret'));
    expect(said('2026-11-30')).toEqual([]);
    expect(said('2026-12-01')).toEqual(['info plan/secret-expired']);
  });

  it.each([
    ['2017-05-01', today, true],
    ['2017-06-01', today, false],
    ['2027-11-01', today, false],
    ['2027-12-01', today, true],
    ['2027-12-01', '2026-12-01', false],
  ])('a budget that starts on %s is refused on %s: %s', (start, day, refused) => {
    const text = `${leastSpec}budget: { monthlyUsd: 500, start: ${start}, alerts: [{ atPercent: 80, emails: [a@example.org] }] }\n`;
    expect(codes(text, day).includes('error spec/invalid-value')).toBe(refused);
  });

  it('the interface of the vault ends for the azure-native that asks for an old version of it', () => {
    const text = `${leastSpec}secrets: { items: [{ name: a, from: env:A }, { name: b, from: env:B }] }\n`;
    const said = (day: string) => codes(text, day).filter((each) => each.includes('api-version'));
    expect(['2026-11-28', '2026-11-29', '2027-02-26', '2027-02-27'].map(said)).toEqual([
      [],
      ['info catalog/api-version-ending'],
      ['info catalog/api-version-ending'],
      ['error api-version-retired'],
    ]);
  });

  it('a version with long-term support ends when that does', () => {
    const text = leastSpec.replace('"1.35"', '"1.31"\n  tier: Premium');
    const said = (day: string) => codes(text, day).filter((each) => /kubernetes-version|retiring/.test(each));
    expect(said('2026-09-01')).toEqual([]);
    expect(said('2026-09-02')).toEqual(['info sku-retiring']);
    expect(said('2026-11-30')).toEqual(['info sku-retiring']);
    expect(said('2026-12-01')).toEqual(['error kubernetes-version-unsupported']);
  });
});

it('a region that is not open to everybody is a note', () => {
  const { diagnostics } = compileText(leastSpec.replace('eastus', 'francesouth'));
  expect(diagnostics.find(({ code }) => code === 'catalog/restricted-region')).toMatchObject({
    severity: 'info',
    message: '"francesouth" is open only to subscriptions that Azure has let in (list of 2025-03-21)',
  });
});
