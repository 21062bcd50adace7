import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Arm } from '../../src/azure/arm.ts';
import type { Diagnostic } from '../../src/diagnostic.ts';
import { UsageError } from '../../src/files.ts';
import { preflight } from '../../src/preflight/preflight.ts';
import {
  type Azure,
  addresses,
  cores,
  disk,
  forbidden,
  minor,
  owner,
  permissions,
  refusal,
  registered,
  size,
  skus,
  startAzure,
  subscription,
  token,
  versions,
  type World,
} from '../support/azure.ts';
import { compileText } from '../support/specs.ts';

const prod = readFileSync('specs/prod/perpetual-node.yaml', 'utf8');
const group = `/subscriptions/${subscription}/resourceGroups/perpetual-prod-rg`;
const vault = compileText(prod).plan?.resources.find(({ type }) => type === 'azure-native:keyvault:Vault')?.inputs
  .vaultName as string;
let azure: Azure;

beforeAll(async () => {
  azure = await startAzure();
  tls.setDefaultCACertificates([...tls.getCACertificates(), azure.cert]);
});
afterAll(() => azure.close());

const armOf = (timeoutMs = 20_000, endpoint = azure.endpoint): Arm =>
  new Arm({
    ...{ endpoint, timeoutMs },
    credential: { getToken: async () => ({ token, expiresOnTimestamp: 4_070_908_800_000 }) },
  });

async function found(world: World, text = prod, arm = armOf()): Promise<Diagnostic[]> {
  azure.become(world);
  return preflight(compileText(text), arm, subscription);
}

/** Code, severity and line of each. */
function shown(diagnostics: readonly Diagnostic[], text = prod): string[] {
  const { loaded } = compileText(text);
  return diagnostics.map(
    ({ code, severity, message, labels: [{ range }] }) =>
      `${severity} ${code} ${loaded.source.line(loaded.source.position(range.start).line).trim().split(/[:{]/)[0]}: ${message}`,
  );
}

describe('a subscription', () => {
  it('in which all can be deployed has nothing found, and is asked each thing once', async () => {
    expect(await found({})).toEqual([]);
    const asked = azure.asked().map(({ method, path, query }) => `${method} ${path}?${query}`);
    expect(new Set(asked).size).toBe(asked.length);
    // Nothing is changed: a name is asked about by POST.
    expect(asked.filter((each) => !/^GET |^POST \S+\/checkNameAvailability\?/.test(each))).toEqual([]);
  });

  it.each([
    ['Disabled', 'error', 'the subscription is disabled: nothing can be made or changed in it'],
    ['Warned', 'warning', 'the subscription is about to be disabled'],
    ['PastDue', 'warning', 'the subscription is past due'],
  ])('that is %s is told', async (state, severity, message) => {
    const diagnostics = await found({ [`/subscriptions/${subscription}`]: { body: { state } } });
    expect(shown(diagnostics)).toEqual([`${severity} preflight/subscription subscription: ${message}`]);
  });

  it('that stops when its credit is spent is told, and one that nobody sees here', async () => {
    const limit = { state: 'Enabled', subscriptionPolicies: { spendingLimit: 'On' } };
    const [warning] = shown(await found({ [`/subscriptions/${subscription}`]: { body: limit } }));
    expect(warning).toMatch(/^warning preflight\/subscription subscription: .* spending limit/);
    const [absent] = shown(await found({ [`/subscriptions/${subscription}`]: refusal(404, 'SubscriptionNotFound') }));
    expect(absent).toBe(
      'error preflight/subscription subscription: there is no such subscription for whoever is logged in',
    );
  });

  it('without the region is told at the region', async () => {
    const diagnostics = await found({ '/locations': { body: { value: [{ name: 'westeurope' }] } } });
    expect(shown(diagnostics)).toEqual([
      'error preflight/region-closed region: the subscription may not use the region eastus',
    ]);
  });

  it('has to know its providers', async () => {
    const diagnostics = await found({
      '/providers': registered({ 'Microsoft.KeyVault': 'NotRegistered', 'Microsoft.ContainerService': 'Registering' }),
    });
    expect(shown(diagnostics)).toEqual([
      'warning preflight/provider-unregistered cluster: Microsoft.ContainerService is still being registered in the subscription',
      'error preflight/provider-unregistered store: Microsoft.KeyVault is not registered in the subscription',
    ]);
    expect(diagnostics[1]?.help).toBe('az provider register --namespace Microsoft.KeyVault --wait');
  });
});

describe('rights', () => {
  const noGrants = {
    actions: ['*'],
    notActions: ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write'],
  };

  it('of a contributor lack the grants, by the exceptions of the role', async () => {
    const diagnostics = await found({ '/Microsoft.Authorization/permissions': permissions(noGrants) });
    expect(shown(diagnostics)).toEqual([
      expect.stringMatching(
        /^error preflight\/right-missing .* may not Microsoft.Authorization\/roleAssignments\/delete and 1 more$/,
      ),
    ]);
    expect(diagnostics[0]?.labels[0].note).toBe('Microsoft.Authorization/roleAssignments/write');
  });

  it('are whole when another role gives what one excepts', async () => {
    const grants = { actions: ['microsoft.authorization/roleassignments/*'], notActions: [] };
    expect(await found({ '/Microsoft.Authorization/permissions': permissions(noGrants, grants) })).toEqual([]);
  });

  it('are missing at what each is there for', async () => {
    const all = await found({ '/Microsoft.Authorization/permissions': permissions({ actions: ['*/read'] }) });
    expect(new Set(all.map(({ code }) => code))).toEqual(new Set(['preflight/right-missing']));
    expect(new Set(all.map(({ path }) => path))).toContain('storage.data');
    expect(new Set(all.map(({ message }) => message)).size).toBe(all.length);
  });

  it('on the group alone do where the group is there', async () => {
    const body = { location: 'eastus', tags: { 'managed-by': 'perpetual', environment: 'prod' } };
    const world = { [group]: { body }, '/Microsoft.Authorization/permissions': permissions() };
    expect((await found(world)).length).toBeGreaterThan(0);
    expect(
      await found({ ...world, [`${group}/providers/Microsoft.Authorization/permissions`]: permissions(owner) }),
    ).toEqual([]);
  });
});

describe('machines', () => {
  it.each([
    ['not at all', [], '"Standard_D2as_v5" is not offered in eastus'],
    [
      'to others only',
      [size('Standard_D2as_v5', { restrictions: [{ type: 'Location', reasonCode: 'NotAvailableForSubscription' }] })],
      '"Standard_D2as_v5" is not offered to this subscription in eastus (NotAvailableForSubscription)',
    ],
    [
      'to others only in the zone',
      [size('Standard_D2as_v5', { restrictions: [{ type: 'Zone', restrictionInfo: { zones: ['1'] } }] })],
      '"Standard_D2as_v5" is not offered to this subscription in zone 1 of eastus',
    ],
    [
      'in other zones',
      [size('standard_d2as_v5', { locationInfo: [{ location: 'EastUS', zones: ['3', '2'] }] })],
      '"Standard_D2as_v5" is not in zone 1 of eastus, only in 2, 3',
    ],
  ])('that are offered %s are told at the size', async (_, sizes, message) => {
    const diagnostics = await found({ '/skus': skus(...sizes, disk('Premium_LRS')) });
    expect(shown(diagnostics)).toEqual([`error preflight/size-unavailable nodePool: ${message}`]);
    expect(diagnostics[0]?.path).toBe('cluster.nodePool.vmSize');
  });

  it('may be closed in a zone that nobody asks for', async () => {
    const closed = { restrictions: [{ type: 'Zone', restrictionInfo: { zones: ['2'] } }] };
    expect(await found({ '/skus': skus(size('Standard_D2as_v5', closed), disk('Premium_LRS')) })).toEqual([]);
  });

  it('and disks of a kind that is not there are told', async () => {
    const diagnostics = await found({ '/skus': skus(size('Standard_D2as_v5'), disk('StandardSSD_LRS')) });
    expect(shown(diagnostics)).toEqual([
      'error preflight/disk-unavailable data: a disk of the kind "Premium_LRS" is not offered in eastus',
    ]);
  });

  it('need quota of their family, for one more during an upgrade, too', async () => {
    expect(shown(await found({ '/Microsoft.Compute/locations/eastus/usages': cores([9, 10]) }))).toEqual([
      'error preflight/quota-exceeded nodePool: the nodes take 2 vCPUs, and the quota of Standard DASv5 Family vCPUs has 1 left',
    ]);
    expect(shown(await found({ '/Microsoft.Compute/locations/eastus/usages': cores([8, 10]) }))).toEqual([
      'warning preflight/quota-exceeded nodePool: an upgrade or the autoscaler may want 4 vCPUs, and the quota of Standard DASv5 Family vCPUs has 2 left for the 2 there are to be',
    ]);
    expect(await found({ '/Microsoft.Compute/locations/eastus/usages': cores([6, 10]) })).toEqual([]);
  });

  it('need the quota of the region, all pools together up to what the autoscaler may make', async () => {
    const text = prod.replace(
      /^cluster:\n/m,
      'cluster:\n  pools: [{ name: more, vmSize: Standard_D4as_v5, count: 1, autoscale: { min: 1, max: 5 } }]\n',
    );
    const diagnostics = await found({ '/Microsoft.Compute/locations/eastus/usages': cores([0, 100], [80, 100]) }, text);
    expect(shown(diagnostics, text)).toEqual([
      'warning preflight/quota-exceeded pools: an upgrade or the autoscaler may want 28 vCPUs, and the quota of all machines in eastus has 20 left for the 6 there are to be',
    ]);
  });

  it('that stand already count once, and need not be offered to others', async () => {
    const pool = { name: 'system', count: 1, vmSize: 'Standard_D2as_v5' };
    const cluster = { properties: { currentKubernetesVersion: '1.35.2', agentPoolProfiles: [pool] } };
    const closed = size('Standard_D2as_v5', { restrictions: [{ type: 'Location', reasonCode: 'QuotaId' }] });
    const diagnostics = await found({
      '/managedClusters/perpetual-prod-aks': { body: cluster },
      '/skus': skus(closed, disk('Premium_LRS')),
      '/kubernetesVersions': versions(minor('1.36')),
      '/Microsoft.Compute/locations/eastus/usages': cores([8, 10]),
    });
    expect(diagnostics).toEqual([]);
  });

  it('take addresses, and AKS one of its own', async () => {
    const path = '/Microsoft.Network/locations/eastus/usages';
    expect(await found({ [path]: addresses(18, 20) })).toEqual([]);
    const [first] = shown(await found({ [path]: addresses(19, 20) }));
    expect(first).toMatch(
      /^error preflight\/quota-exceeded .*: 2 more public addresses are needed, and the quota has 1 left$/,
    );
  });
});

describe('a version of Kubernetes', () => {
  it.each([
    ['is not there', minor('1.36'), 'error', 'AKS does not offer Kubernetes 1.35 in eastus'],
    [
      'is a preview',
      minor('1.35', { isPreview: true }),
      'warning',
      'Kubernetes 1.35 is a preview in eastus: nobody supports it',
    ],
    [
      'is for others',
      minor('1.35', { capabilities: { supportPlan: ['AKSLongTermSupport'] } }),
      'error',
      'AKS offers Kubernetes 1.35 in eastus only with AKSLongTermSupport',
    ],
  ])('that %s is told at its line', async (_, offered, severity, message) => {
    const diagnostics = await found({ '/kubernetesVersions': versions(minor('1.34'), offered) });
    expect(shown(diagnostics)).toEqual([`${severity} preflight/version-unavailable kubernetesVersion: ${message}`]);
  });

  it('with a patch needs that patch', async () => {
    const text = prod.replace('"1.35"', '"1.35.3"');
    const diagnostics = await found({}, text);
    expect(shown(diagnostics, text)).toEqual([
      'error preflight/version-unavailable kubernetesVersion: AKS does not offer the patch 1.35.3 in eastus',
    ]);
    expect(diagnostics[0]?.help).toBe('write "1.35", or one of 1.35.1, 1.35.4');
  });
});

describe('names', () => {
  const taken = { body: { nameAvailable: false, reason: 'AlreadyExists', message: 'taken' } };
  const deleted = (resourceGroup: string) => ({
    body: {
      properties: {
        vaultId: `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.KeyVault/vaults/${vault}`,
        scheduledPurgeDate: '2027-01-31T00:00:00Z',
      },
    },
  });
  const check = '/Microsoft.KeyVault/checkNameAvailability';

  it('that somebody has are told at what they are made of', async () => {
    expect(shown(await found({ [check]: taken }))).toEqual([
      expect.stringMatching(/^error preflight\/name-taken \w+: the name "perpetual-prod-\w{8}" of the vault is taken$/),
    ]);
    const text = `${prod}registry: { kind: acr, name: exampleregistry, sku: Basic }\n`;
    const diagnostics = await found({ '/Microsoft.ContainerRegistry/checkNameAvailability': taken }, text);
    expect(shown(diagnostics, text)).toEqual([
      'error preflight/name-taken registry: the name "exampleregistry" of the container registry is taken',
    ]);
  });

  it('are asked about as Azure wants it', async () => {
    await found({});
    const question = azure.asked().find(({ path }) => path.endsWith(check));
    expect(question).toMatchObject({ method: 'POST', body: { name: vault, type: 'Microsoft.KeyVault/vaults' } });
  });

  it("that are ours are nobody else's", async () => {
    const resources = { body: { value: [{ type: 'microsoft.keyvault/vaults', name: vault }] } };
    expect(await found({ [check]: taken, [`${group}/resources`]: resources })).toEqual([]);
  });

  it('of a vault that was deleted come back with it, or are in the way', async () => {
    const ours = await found({ [check]: taken, [`/deletedVaults/${vault}`]: deleted('Perpetual-Prod-RG') });
    expect(ours).toMatchObject([{ code: 'preflight/vault-deleted', severity: 'info' }]);
    expect(ours[0]?.labels[0].note).toBe('Azure keeps it until 2027-01-31');
    const others = await found({ [check]: taken, [`/deletedVaults/${vault}`]: deleted('another-rg') });
    expect(others).toMatchObject([
      { severity: 'error', message: expect.stringContaining('deleted in the group "another-rg"') },
    ]);
  });

  it('of groups that are there must be those of this environment', async () => {
    const there = (tags: Record<string, string>, location = 'eastus') => ({ [group]: { body: { location, tags } } });
    const ours = { 'managed-by': 'perpetual', environment: 'prod' };
    const world = { '/Microsoft.Authorization/permissions': permissions(owner) };
    expect(await found({ ...world, ...there(ours) })).toEqual([]);
    expect(await found({ ...world, ...there({}) })).toMatchObject([
      { code: 'preflight/group-foreign', message: expect.stringContaining('is not of this environment') },
    ]);
    expect(await found({ ...world, ...there(ours, 'westeurope') })).toMatchObject([
      { message: 'the group "perpetual-prod-rg" is in westeurope, and a group never moves' },
    ]);
    expect(await found({ [`${group}-nodes`]: { body: { location: 'eastus' } } })).toMatchObject([
      { message: expect.stringContaining('AKS makes the group of the nodes itself') },
    ]);
  });
});

describe('what nobody answers', () => {
  it('is never a fault and never silent: it says which right it takes, and nothing of whoever asked', async () => {
    const everything = Object.fromEntries(
      ['/skus', '/kubernetesVersions', '/usages', '/permissions', '/locations', '/providers', 'checkNameAvailability']
        .concat(`/subscriptions/${subscription}`)
        .map((end) => [end, forbidden(`Microsoft.Test/${end.replace(/\W/g, '')}/read`)]),
    );
    const diagnostics = await found({
      ...everything,
      '/Microsoft.Compute/locations/eastus/usages': forbidden('Microsoft.Compute/locations/usages/read'),
      '/Microsoft.Network/locations/eastus/usages': forbidden('Microsoft.Network/locations/usages/read'),
      '/Microsoft.KeyVault/checkNameAvailability': forbidden('Microsoft.KeyVault/checkNameAvailability/read'),
      '/Microsoft.Authorization/permissions': forbidden('Microsoft.Authorization/permissions/read'),
    });
    expect(new Set(diagnostics.map(({ code, severity }) => `${severity} ${code}`))).toEqual(
      new Set(['info preflight/not-asked']),
    );
    expect(diagnostics.map(({ message }) => message)).toContain(
      'the quota of vCPUs could not be asked: it takes the right Microsoft.Compute/locations/usages/read',
    );
    expect(diagnostics.length).toBe(10);
    expect(JSON.stringify(diagnostics)).not.toMatch(/ada@|secret-object-id/);
  });

  it('leaves no false alarm where it is not known what is there already', async () => {
    const diagnostics = await found({
      '/managedClusters/perpetual-prod-aks': forbidden('Microsoft.ContainerService/managedClusters/read'),
      [`${group}/resources`]: forbidden('Microsoft.Resources/subscriptions/resources/read'),
      '/Microsoft.KeyVault/checkNameAvailability': { body: { nameAvailable: false } },
      '/Microsoft.Compute/locations/eastus/usages': cores([10, 10]),
      '/Microsoft.Network/locations/eastus/usages': addresses(20, 20),
      '/kubernetesVersions': versions(),
    });
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(['preflight/not-asked']));
    expect(diagnostics.length).toBe(2);
  });

  it('is asked again when Azure is busy, and given up when it stays so', async () => {
    const busy = refusal(429, 'TooManyRequests', 'slow down', { 'retry-after-ms': '1' });
    const usages = '/Microsoft.Network/locations/eastus/usages';
    expect(await found({ [usages]: (_, times) => (times < 3 ? busy : addresses(0, 20)) })).toEqual([]);
    expect(azure.asked().filter(({ path }) => path.endsWith(usages)).length).toBe(3);
    const [given] = await found({ [usages]: busy });
    expect(given?.message).toBe(
      'the quota of public addresses could not be asked: Azure answers with 429 TooManyRequests',
    );
  });

  it('is given up in time, whatever Azure asks to wait', async () => {
    const busy = refusal(429, 'TooManyRequests', 'come back tomorrow', { 'retry-after': '86400' });
    const asking = found({ '/skus': busy }, prod, armOf(300));
    await expect(asking).rejects.toMatchObject({
      exitCode: 9,
      message: expect.stringContaining('more than 0.3 seconds'),
    });
  });

  it.each([
    ['is no JSON', { text: '<html>proxy</html>' }, 'the answer is no JSON'],
    ['is no list', { body: { value: 'x' } }, 'the answer is no list'],
    [
      'leads elsewhere',
      { body: { value: [], nextLink: 'https://elsewhere.example/next' } },
      'the next page of the answer is not where it belongs',
    ],
    [
      'goes round in circles',
      { body: { value: [], nextLink: '@HERE@/skus?api-version=2021-07-01' } },
      'Azure answers with 400',
    ],
    [
      'is another refusal',
      refusal(409, 'MissingSubscriptionRegistration'),
      'Azure answers with 409 MissingSubscriptionRegistration',
    ],
  ])('because the answer %s says so', async (_, reply, because) => {
    const messages = (await found({ '/skus': reply })).map(({ message }) => message);
    expect(messages).toEqual([expect.stringContaining(`which sizes are offered could not be asked: ${because}`)]);
  });

  it('is not a list when the login is refused: that ends all of it', async () => {
    await expect(found({ '/skus': refusal(401, 'ExpiredAuthenticationToken') })).rejects.toThrow(
      new UsageError('Azure does not accept the login: ExpiredAuthenticationToken', 3),
    );
    const nowhere = armOf(20_000, 'https://localhost:1');
    await expect(found({}, prod, nowhere)).rejects.toThrow("can't ask localhost:1: ECONNREFUSED");
  });
});
