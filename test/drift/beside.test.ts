import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policies } from '../../policies/index.ts';
import { Arm } from '../../src/azure/arm.ts';
import { permissionsOf } from '../../src/catalog/permissions.ts';
import { roleGuid } from '../../src/catalog/roles.ts';
import type { Known } from '../../src/drift/beside/home.ts';
import { armBy, type Beside, lookBeside } from '../../src/drift/beside/look.ts';
import { driftOf } from '../../src/drift/findings.ts';
import type { There } from '../../src/drift/promise.ts';
import { fingerprint } from '../../src/fingerprint.ts';
import { defaultConfig } from '../../src/policy/config.ts';
import { referenceOf, text as textOf } from '../../src/views.ts';
import { type Azure, forbidden, list, refusal, startAzure, subscription, token, type World } from '../support/azure.ts';
import { compileText, today } from '../support/specs.ts';

const text = readFileSync('specs/prod/perpetual-node.yaml', 'utf8').replace(
  'storage:\n',
  'storage:\n  backups: { enabled: true }\n',
);
const compiled = compileText(text);
const plan = compiled.plan?.resources ?? [];
const by = { compiled, policies, config: defaultConfig, catalog: 'shipped' as const, today };
const groups = '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups';
const group = `${groups}/perpetual-prod-rg`;
const number = (of: string): string => `${fingerprint(of)}-0000-0000-0000-000000000000`;

/** What the stack has of the plan: ids as Azure gives them, and the numbers of identities. */
const known: Known[] = [];
for (const { name, type, inputs } of plan) {
  const azures = permissionsOf(type)?.type;
  if (azures === undefined) continue;
  const of = (reference: unknown): string =>
    known.find((each) => each.name === referenceOf(reference))?.id ?? textOf(reference) ?? '';
  const own = Object.entries(inputs).findLast(([key, value]) => /name$/i.test(key) && textOf(value))?.[1];
  const scope = of(inputs.scope);
  const id =
    name === 'resource-group' || name === 'backup-group'
      ? `${groups}/${inputs.resourceGroupName}`
      : type === 'azure-native:authorization:RoleAssignment'
        ? `${scope}/providers/${azures}/${number(name)}`
        : type === 'azure-native:managedidentity:FederatedIdentityCredential'
          ? `${of(inputs.resourceName)}/federatedIdentityCredentials/${own}`
          : type === 'azure-native:keyvault:Secret'
            ? `${of(inputs.vaultName)}/secrets/${own}`
            : `${group}/providers/${azures}/${own}`;
  const principalId = number(referenceOf(inputs.principalId) ?? '');
  known.push({ name, type, id, inputs: { ...inputs, principalId, scope } });
}
const idOf = (name: string): string => known.find((each) => each.name === name)?.id ?? '';

let azure: Azure;
beforeAll(async () => {
  azure = await startAzure();
  tls.setDefaultCACertificates([...tls.getCACertificates(), azure.cert]);
});
afterAll(() => azure.close());

const credential = { getToken: async () => ({ token, expiresOnTimestamp: 4_070_908_800_000 }) };
const armOf = (timeoutMs = 20_000): Arm => new Arm({ credential, endpoint: azure.endpoint, timeoutMs });

const rolesOf = (name = 'perpetual-prod-rg') => `/${name}/providers/Microsoft.Authorization/roleAssignments`;
const locksOf = '/perpetual-prod-rg/providers/Microsoft.Authorization/locks';
const resourcesOf = '/perpetual-prod-rg/resources';
const federationsOf = (name: string) => `${idOf(name)}/federatedIdentityCredentials`;

type Value = Record<string, unknown>;
const mallory = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
const role = (scope: string, name: string, more: Value = {}) => ({
  ...{ id: `${scope}/providers/Microsoft.Authorization/roleAssignments/by-hand`, name: 'by-hand' },
  type: 'Microsoft.Authorization/roleAssignments',
  properties: {
    roleDefinitionId: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleGuid(name)}`,
    ...{ principalId: mallory, principalType: 'User', scope, condition: null },
    ...{ createdOn: '2026-11-20T10:11:12.1314151Z', createdBy: '99999999-0000-0000-0000-000000000000' },
    ...more,
  },
});
const resource = (type: string, name: string, more: Value = {}) => ({
  ...{ id: `${group}/providers/${type}/${name}`, type, name, location: 'eastus' },
  ...{ createdTime: '2026-11-20T10:11:12.1314151Z', ...more },
});

/** What Azure says of everything that was deployed, and nothing besides; ids in another case, as it likes to. */
const asDeployed: World = {
  ...Object.fromEntries(
    ['perpetual-prod-rg', 'perpetual-prod-rg-backups'].flatMap((name) => {
      const below = known.filter(({ id }) => id?.startsWith(`${groups}/${name}/`));
      const assignments = below.filter(({ type }) => type === 'azure-native:authorization:RoleAssignment');
      const resources = below.filter(({ id }) => id?.split('/').length === 9 && !id.includes('Authorization'));
      return [
        [
          rolesOf(name),
          list([
            ...assignments.map(({ id, inputs }) => ({ id: id?.toUpperCase(), properties: inputs })),
            // Inherited: whoever has it, had it before.
            role(`/subscriptions/${subscription}`, 'Owner'),
          ]),
        ],
        [
          `/${name}/resources`,
          list(
            resources.map(({ id = '', type }) => ({ id: id.toLowerCase(), type: permissionsOf(type)?.type, name: '' })),
          ),
        ],
        [`/${name}/providers/Microsoft.Authorization/locks`, list([])],
      ];
    }),
  ),
  ...Object.fromEntries(
    known.flatMap(({ name, type }) =>
      type === 'azure-native:managedidentity:UserAssignedIdentity' ? [[federationsOf(name), list([])]] : [],
    ),
  ),
  [federationsOf('workload-identity')]: list([{ id: idOf('workload-federation'), properties: {} }]),
};

/** What Azure has besides what the environment's list has of itself. */
const also = (path: string, ...more: unknown[]): World => {
  const { body } = asDeployed[path] as { body: { value: unknown[] } };
  return { [path]: list([...body.value, ...more]) };
};

async function looked(world: World, arm = armOf()): Promise<Beside> {
  azure.become({ ...asDeployed, ...world });
  return lookBeside(plan, known, () => arm);
}

/** All is as promised, and beside it there is what Azure says. */
async function found(world: World) {
  const { added, notes } = await looked(world);
  expect(notes).toEqual([]);
  const there = new Map(plan.map(({ name, inputs }): [string, There] => [name, { before: inputs, now: inputs }]));
  return driftOf(by, there, added);
}

describe('what is beside an environment', () => {
  it('is nothing where Azure has what was deployed, which is asked by reading and once each', async () => {
    expect(await looked({})).toEqual({ added: [], notes: [] });
    const asked = azure.asked().map(({ method, path, query }) => `${method} ${path}?${query}`);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.filter((each) => !each.startsWith('GET '))).toEqual([]);
    expect(asked.some((each) => each.includes('-nodes'))).toBe(false);
  });

  it('is read page by page', async () => {
    const one = role(group, 'Contributor');
    const { added } = await looked({
      [rolesOf()]: ({ query }) =>
        query.has('$skipToken')
          ? list([one])
          : list(
              [],
              `@HERE@${group}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&%24skipToken=1`,
            ),
    });
    expect(added.map(({ id }) => id)).toEqual([one.id]);
  });
});

describe('a role that nobody promised', () => {
  it('is a right at the line that says who may read the vault, with who gave it and how it goes', async () => {
    const { findings, drifted } = await found(also(rolesOf(), role(idOf('vault'), 'Key Vault Administrator')));
    expect(drifted).toEqual([
      {
        ...{ name: 'by-hand', type: 'Microsoft.Authorization/roleAssignments', kind: 'added', differences: [] },
        id: `${idOf('vault')}/providers/Microsoft.Authorization/roleAssignments/by-hand`,
      },
    ]);
    expect(findings).toMatchObject([
      {
        ...{ code: 'drift/rights', severity: 'error', path: 'secrets.vault.access' },
        message: `the user ${mallory} was given the role "Key Vault Administrator" on "vault", which nobody promised`,
        why: expect.stringMatching(
          /^given on 2026-11-20 10:11 UTC by 99999999-\S+; keyvault-broad-permissions: the role "Key Vault Administrator" gives more/,
        ),
        help: expect.stringContaining(`"az role assignment delete --ids ${drifted[0]?.id}" takes it away`),
      },
    ]);
    const { line } = compiled.loaded.source.position(findings[0]?.labels[0].range.start ?? 0);
    expect(text.split('\n')[line - 1]).toMatch(/^ +vault: /);
  });

  it.each<[string, string, string, Value, string, RegExp]>([
    ['on the cluster', 'cluster', 'Azure Kubernetes Service RBAC Cluster Admin', {}, 'cluster', /on "cluster", which/],
    ['on the group', 'resource-group', 'Owner', {}, 'azure', /"Owner" on "resource-group"/],
    [
      ...(['on the group, for what is in the vault', 'resource-group', 'Key Vault Secrets User', {}] as const),
      ...(['secrets.vault.access', /"Key Vault Secrets User" on "resource-group"/] as const),
    ],
    ['on another group', 'backup-group', 'Key Vault Secrets User', {}, 'storage.backups', /on "backup-group"/],
    ['on a secret', 'secret-github-token', 'Reader', {}, 'secrets.vault.access', /on "secret-github-token"/],
    [
      ...(['to a group of people', 'data-disk', 'Contributor', { principalType: 'Group' }, 'storage.data'] as const),
      /^the group aaaaaaaa/,
    ],
    [
      ...(['that the catalog does not know', 'data-disk', 'Reader'] as const),
      { roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${mallory}` },
      ...(['storage.data', new RegExp(`the role "${mallory}" on "data-disk"`)] as const),
    ],
    [
      ...(['to one of our own identities', 'vault', 'Key Vault Secrets Officer'] as const),
      { principalId: number('workload-identity') },
      ...(['secrets.vault.access', /^"workload-identity" was given/] as const),
    ],
    [
      ...(['whose maker is not known', 'vault', 'Reader', { createdBy: null, createdOn: undefined }] as const),
      ...(['secrets.vault.access', /"Reader" on "vault"/] as const),
    ],
  ])('is a right: %s', async (_, on, name, more, path, message) => {
    const list = on === 'backup-group' ? rolesOf('perpetual-prod-rg-backups') : rolesOf();
    const { findings } = await found(also(list, role(idOf(on), name, more)));
    expect(findings).toMatchObject([{ code: 'drift/rights', path, message: expect.stringMatching(message) }]);
  });

  it('is not judged as if it were given without its condition', async () => {
    const given = role(idOf('vault'), 'Key Vault Administrator', { condition: '@Resource[x] StringEquals y' });
    const { findings } = await found(also(rolesOf(), given));
    expect(findings).toMatchObject([{ why: expect.stringMatching(/; under a condition$/) }]);
  });

  it('is none that the stack has, even where its inputs can not be read', async () => {
    azure.become(asDeployed);
    const sealed = known.map((each) => ({ ...each, inputs: {} }));
    expect(await lookBeside(plan, sealed, () => armOf())).toEqual({ added: [], notes: [] });
  });

  it('is one on a part of what is ours, too', async () => {
    const { findings } = await found(also(rolesOf(), role(`${idOf('cluster')}/namespaces/perpetual`, 'Reader')));
    expect(findings).toMatchObject([
      { path: 'cluster', message: expect.stringContaining('on "namespaces/perpetual" in "cluster"') },
    ]);
  });

  const promised = known.find(({ name }) => name === 'grant-cluster-contributor-on-data-disk')?.inputs;
  it.each<[string, ReturnType<typeof role>]>([
    ['of the subscription', role(`/subscriptions/${subscription}`, 'Key Vault Administrator')],
    ['of a group whose name begins alike', role(`${group}-of-others`, 'Owner')],
    ['that is promised, under another name', role(idOf('data-disk'), 'Contributor', promised)],
    ['that only lets an add-on report', role(idOf('cluster'), 'Monitoring Metrics Publisher')],
  ])('is none: one %s', async (_, each) => {
    expect(await found(also(rolesOf(), each))).toEqual({ drifted: [], findings: [] });
  });
});

describe('a federated credential that nobody promised', () => {
  it('is a right of whoever it names', async () => {
    const identity = idOf('workload-identity');
    const evil = {
      id: `${identity}/federatedIdentityCredentials/evil`,
      properties: { issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:mallory/x:ref:refs/heads/y' },
    };
    const { findings } = await found(also(federationsOf('workload-identity'), evil));
    expect(findings).toMatchObject([
      {
        ...{ code: 'drift/rights', severity: 'error', path: 'secrets' },
        message:
          'whoever "https://token.actions.githubusercontent.com" knows as "repo:mallory/x:ref:refs/heads/y" may act as "workload-identity", which nobody promised',
        help: expect.stringContaining(
          'az identity federated-credential delete --name evil --identity-name perpetual-prod-node-id --resource-group perpetual-prod-rg',
        ),
      },
    ]);
  });
});

describe('a resource that nobody promised', () => {
  it.each<[string, ReturnType<typeof resource>, Value | undefined, string]>([
    [
      ...([
        'an address',
        resource('Microsoft.Network/publicIPAddresses', 'door', { sku: { name: 'Standard' } }),
      ] as const),
      ...([{}, 'made on 2026-11-20 10:11 UTC; +3.65 USD/month'] as const),
    ],
    [
      ...(['a disk', resource('Microsoft.Compute/disks', 'copy', { sku: { name: 'Premium_LRS' } })] as const),
      ...([{ diskSizeGB: 8 }, 'made on 2026-11-20 10:11 UTC; +1.20 USD/month'] as const),
    ],
    [
      ...(['what is free', resource('Microsoft.Network/networkSecurityGroups', 'unused')] as const),
      ...([{ securityRules: [] }, 'made on 2026-11-20 10:11 UTC'] as const),
    ],
    [
      ...([
        'a disk with the name of another thing of ours',
        resource('Microsoft.Compute/disks', 'perpetual-prod-ip'),
      ] as const),
      ...([{}, 'made on 2026-11-20 10:11 UTC'] as const),
    ],
    [
      ...(['what nothing manages', resource('Microsoft.Compute/virtualMachines', 'mine', { managedBy: '' })] as const),
      ...([undefined, 'made on 2026-11-20 10:11 UTC; not priced'] as const),
    ],
    [
      ...(['what the catalog has no price of', resource('Microsoft.Compute/virtualMachines', 'miner')] as const),
      ...([undefined, 'made on 2026-11-20 10:11 UTC; not priced'] as const),
    ],
  ])('is told with what it costs: %s', async (_, each, properties, why) => {
    const world = also(resourcesOf, each);
    const { findings } = await found({ ...world, ...(properties && { [each.id]: { body: { properties } } }) });
    expect(findings).toMatchObject([
      {
        ...{ code: 'drift/added', severity: 'warning', path: 'azure', why },
        message: `"${each.name}" (${each.type}) is in "perpetual-prod-rg", and nobody promised it`,
        help: expect.stringContaining(`"az resource delete --ids ${each.id}"`),
      },
    ]);
  });

  it('opens what it was put before', async () => {
    const open = resource('Microsoft.Network/networkSecurityGroups', 'opened');
    const rule = {
      ...{ access: 'Allow', direction: 'Inbound', priority: 100, protocol: '*' },
      ...{ sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '22' },
    };
    const { added } = await looked({
      ...also(resourcesOf, open),
      [open.id]: { body: { properties: { securityRules: [{ name: 'ssh', properties: rule }] } } },
    });
    const there = new Map(plan.map(({ name, inputs }): [string, There] => [name, { before: inputs, now: inputs }]));
    const { inputs } = plan.find(({ name }) => name === 'subnet') ?? { inputs: {} };
    there.set('subnet', { before: inputs, now: { ...inputs, networkSecurityGroup: { id: open.id } } });
    const { findings } = driftOf(by, there, added);
    expect(findings).toMatchObject([
      { code: 'drift/exposed', message: expect.stringContaining('; now the internet can reach nodes 22/') },
      { code: 'drift/added' },
    ]);
  });

  it.each<[string, ReturnType<typeof resource>]>([
    ['managed by another', resource('Microsoft.Compute/disks', 'os', { managedBy: `${group}/providers/x/y/z` })],
    [
      'the disk of a claim',
      resource('Microsoft.Compute/disks', 'pvc', { tags: { 'kubernetes.io-created-for-pvc-name': 'a' } }),
    ],
    [
      'the address of a Service',
      resource('Microsoft.Network/publicIPAddresses', 'a', { tags: { 'k8s-azure-service': 'a' } }),
    ],
    ['a snapshot of the backups', resource('Microsoft.Compute/snapshots', 'AzureBackup_0c1d')],
    ['a watcher', resource('Microsoft.Network/networkWatchers', 'NetworkWatcher_eastus')],
    ['a topic', resource('Microsoft.EventGrid/systemTopics', 'topic')],
    ['smart detection', resource('microsoft.alertsmanagement/smartDetectorAlertRules', 'failure anomalies')],
    ['its mails', resource('microsoft.insights/actiongroups', 'Application Insights Smart Detection')],
    ['a part of another one', resource('Microsoft.Compute/virtualMachines/extensions', 'vm/agent')],
    ['what the plan makes and no run wrote down', resource('Microsoft.Network/publicIPAddresses', 'PERPETUAL-PROD-IP')],
  ])('is none: %s', async (_, each) => {
    const without = known.filter(({ name }) => name !== 'public-ip');
    azure.become({ ...asDeployed, ...also(resourcesOf, each), [each.id]: { body: { properties: {} } } });
    const { added, notes } = await lookBeside(plan, without, () => armOf());
    expect({ added, notes }).toEqual({ added: [], notes: [] });
  });
});

describe('a disk that nobody promised', () => {
  const disk = resource('Microsoft.Compute/disks', 'copy');

  it('is none when it goes away while it is looked at', async () => {
    expect(await looked(also(resourcesOf, disk))).toEqual({ added: [], notes: [] });
  });

  it('is told without its price where it may not be read', async () => {
    const world = { ...also(resourcesOf, disk), [disk.id]: forbidden('Microsoft.Compute/disks/read') };
    const { added, notes } = await looked(world);
    expect(added).toMatchObject([{ why: ['made on 2026-11-20 10:11 UTC', 'not priced'] }]);
    expect(notes).toEqual([expect.stringContaining('("copy"): it takes the right Microsoft.Compute/disks/read')]);
  });
});

describe('a lock', () => {
  it('is a note, for it breaks no promise', async () => {
    const lock = (on: string, level: string) => ({
      id: `${on}/providers/Microsoft.Authorization/locks/keep`,
      properties: { level },
    });
    const { added, notes } = await looked({
      [locksOf]: list([lock(group, 'ReadOnly'), lock(idOf('data-disk'), 'CanNotDelete')]),
    });
    expect(added).toEqual([]);
    expect(notes).toEqual([
      `a lock on "resource-group" keeps everybody from changing anything of it: az lock delete --ids ${group}/providers/Microsoft.Authorization/locks/keep`,
      `a lock on "data-disk" keeps everybody from deleting or replacing anything of it: az lock delete --ids ${idOf('data-disk')}/providers/Microsoft.Authorization/locks/keep`,
    ]);
  });
});

describe('what nobody answers', () => {
  const unseen = 'what was added beside the spec was not looked at';

  it.each<[string, World, string]>([
    [
      ...([
        'a right that is missing',
        { [rolesOf()]: forbidden('Microsoft.Authorization/roleAssignments/read') },
      ] as const),
      `${unseen} (roles in "perpetual-prod-rg"): it takes the right Microsoft.Authorization/roleAssignments/read, which the role Reader has`,
    ],
    [
      ...(['garbage', { [resourcesOf]: { text: '<html>' } }] as const),
      `${unseen} (resources in "perpetual-prod-rg"): the answer is no JSON`,
    ],
    [
      ...(['no list', { [locksOf]: { body: { value: 'none' } } }] as const),
      `${unseen} (locks in "perpetual-prod-rg"): the answer is no list`,
    ],
  ])('is said and fails nothing: %s', async (_, world, note) => {
    expect(await looked(world)).toEqual({ added: [], notes: [note] });
  });

  it('is asked again when Azure says to wait', async () => {
    const busy = refusal(429, 'TooManyRequests', 'wait', { 'retry-after': '0' });
    const answer = list([role(group, 'Owner')]);
    const { added, notes } = await looked({ [rolesOf()]: (_, times) => (times === 1 ? busy : answer) });
    expect({ added: added.length, notes }).toEqual({ added: 1, notes: [] });
  });

  it('is nothing where a group is gone, which is another finding', async () => {
    const gone = refusal(404, 'ResourceGroupNotFound');
    expect(await looked({ [rolesOf()]: gone, [resourcesOf]: gone, [locksOf]: gone })).toEqual({ added: [], notes: [] });
  });

  it('is passed over where the answer has no sense', async () => {
    const nonsense = list([null, 7, { id: 3 }, { id: `${group}/x` }, { id: group, properties: { scope: group } }]);
    const { notes } = await looked({ [rolesOf()]: nonsense, [resourcesOf]: nonsense, [locksOf]: nonsense });
    expect(notes).toEqual([]);
  });

  it('ends when the time for all of it is over, and what was answered before counts', async () => {
    const world = { ...also(resourcesOf, resource('a/b', 'c')), [rolesOf()]: { hangs: true } };
    const { added, notes } = await looked(world, armOf(1500));
    expect(added).toHaveLength(1);
    expect(notes).toEqual([
      `${unseen} (roles): localhost:${new URL(azure.endpoint).port} took more than 1.5 seconds to answer`,
    ]);
  });

  it('is not waited for by who does not wait any more', async () => {
    const cancel = new AbortController();
    const arm = new Arm({ credential, endpoint: azure.endpoint, timeoutMs: 20_000, signal: cancel.signal });
    const hang = () => {
      cancel.abort();
      return { hangs: true };
    };
    const { notes } = await looked({ [rolesOf()]: hang }, arm);
    expect(notes.join()).toContain('nobody waited for the answer');
  });

  it('is asked with one login', () => {
    const arm = armBy({}, { endpoint: azure.endpoint, timeoutMs: 1000, signal: AbortSignal.any([]) });
    expect(arm(subscription)).toBe(arm(subscription));
  });

  it('is one line where nobody is logged in', async () => {
    const env = { ARM_CLIENT_SECRET: 'marker-of-a-secret' };
    const arm = armBy(env, { endpoint: azure.endpoint, timeoutMs: 1000, signal: AbortSignal.any([]) });
    const { added, notes } = await lookBeside(plan, known, arm);
    expect({ added, notes }).toEqual({
      added: [],
      notes: [
        `${unseen} (roles, resources, federated credentials, locks): a service principal with a secret needs ARM_CLIENT_ID, ARM_TENANT_ID`,
      ],
    });
  });
});
