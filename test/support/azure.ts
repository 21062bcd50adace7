import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { certificate } from './certificate.ts';

/** One question as it came in. */
export type Asked = { method: string; path: string; query: URLSearchParams; body: Record<string, unknown> };
export type Reply = {
  status?: number;
  body?: unknown;
  text?: string;
  headers?: Record<string, string>;
  /** No answer comes at all. */
  hangs?: boolean;
};
type Answering = (asked: Asked, times: number) => Reply;
/** What answers a path, by the end of it; the longest counts. */
export type World = Record<string, Reply | Answering>;

/** The token of the stand-in's login: found wherever it leaks. */
export const token = 'marker-of-a-token';
export const subscription = '11111111-2222-3333-4444-555555555555';

/** As Azure refuses: https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md#handling-errors */
export const refusal = (status: number, code: string, message = code, headers: Record<string, string> = {}): Reply => ({
  ...{ status, headers },
  body: { error: { code, message } },
});

/** As Azure says whose right is missing, with a name that is nobody's business. */
export const forbidden = (action: string): Reply =>
  refusal(
    403,
    'AuthorizationFailed',
    `The client 'ada@example.org' with object id 'secret-object-id' does not have authorization to perform action '${action}' over scope '/subscriptions/${subscription}' or the scope is invalid.`,
  );

export const list = (value: unknown[], nextLink?: string): Reply => ({
  body: { value, ...(nextLink && { nextLink }) },
});
const usage = (value: string, localizedValue: string, currentValue: number, limit: number) => ({
  ...{ unit: 'Count', currentValue, limit, name: { value, localizedValue } },
});
const locationInfo = [{ location: 'eastus', zones: ['1', '3', '2'] }];

/** One size as the list of SKUs has it. */
export const size = (name: string, more: Record<string, unknown> = {}) => ({
  ...{ resourceType: 'virtualMachines', name, tier: 'Standard', family: 'standardDASv5Family', locations: ['eastus'] },
  ...{ locationInfo, capabilities: [{ name: 'vCPUs', value: '2' }], restrictions: [] },
  ...more,
});
export const disk = (name: string, more: Record<string, unknown> = {}) => ({
  ...{
    resourceType: 'disks',
    name,
    tier: 'Premium',
    size: 'P2',
    locations: ['eastus'],
    locationInfo,
    restrictions: [],
  },
  ...more,
});

export const skus = (...value: unknown[]): Reply => list(value);
export const cores = (family: [used: number, limit: number], all: [used: number, limit: number] = [0, 100]): Reply =>
  list([
    usage('cores', 'Total Regional vCPUs', ...all),
    usage('standardDASv5Family', 'Standard DASv5 Family vCPUs', ...family),
    usage('PremiumDiskCount', 'Premium Storage Managed Disks', 0, 50_000),
  ]);
export const addresses = (used: number, limit: number): Reply =>
  list([
    usage('PublicIPAddresses', 'Public IP Addresses', used, limit),
    usage('IPv4StandardSkuPublicIpAddresses', 'Public IPv4 Addresses - Standard', used, limit),
  ]);
export const versions = (...values: unknown[]): Reply => ({ body: { values } });
export const minor = (version: string, more: Record<string, unknown> = {}) => ({
  ...{ version, capabilities: { supportPlan: ['KubernetesOfficial', 'AKSLongTermSupport'] } },
  ...{ patchVersions: { [`${version}.1`]: { upgrades: [] }, [`${version}.4`]: { upgrades: [] } } },
  ...more,
});
export const permissions = (...value: unknown[]): Reply => list(value);
export const owner = { actions: ['*'], notActions: [], dataActions: [], notDataActions: [] };

const providers = [
  ...['Authorization', 'Compute', 'Consumption', 'ContainerRegistry', 'ContainerService', 'DataProtection', 'Insights'],
  ...['KeyVault', 'Logic', 'ManagedIdentity', 'Network', 'OperationalInsights', 'Resources', 'Storage'],
].map((name) => ({ namespace: `Microsoft.${name}`, registrationState: 'Registered' }));
export const registered = (states: Record<string, string> = {}): Reply =>
  list(providers.map((each) => ({ ...each, registrationState: states[each.namespace] ?? each.registrationState })));

const nothing = refusal(404, 'ResourceGroupNotFound');
const free: Reply = { body: { nameAvailable: true } };

/**
 * A subscription in which the specs of this repository can be deployed, each answer by the end of its path and in the
 * shape of the examples in https://github.com/Azure/azure-rest-api-specs/tree/main/specification.
 */
const whole: World = {
  [`/subscriptions/${subscription}`]: {
    body: {
      ...{ id: `/subscriptions/${subscription}`, subscriptionId: subscription, state: 'Enabled' },
      subscriptionPolicies: { quotaId: 'PayAsYouGo_2014-09-01', spendingLimit: 'Off' },
    },
  },
  '/locations': list([{ name: 'eastus' }, { name: 'westeurope' }]),
  // Azure pages this list.
  '/providers': ({ query }) =>
    query.has('$skiptoken')
      ? list(providers.slice(5))
      : list(
          providers.slice(0, 5),
          `@HERE@/subscriptions/${subscription}/providers?api-version=2021-04-01&%24skiptoken=5`,
        ),
  '/Microsoft.Authorization/permissions': permissions(owner),
  '/skus': ({ query }) =>
    query.get('$filter') === "location eq 'eastus'"
      ? skus(
          size('Standard_D2as_v5'),
          size('Standard_D4as_v5', { capabilities: [{ name: 'vCPUs', value: '4' }] }),
          disk('Premium_LRS'),
        )
      : refusal(400, 'InvalidFilter'),
  '/Microsoft.Compute/locations/eastus/usages': cores([0, 10]),
  '/Microsoft.Network/locations/eastus/usages': addresses(0, 20),
  '/kubernetesVersions': versions(minor('1.34'), minor('1.35'), minor('1.36', { isPreview: true })),
  '/Microsoft.KeyVault/checkNameAvailability': free,
  '/Microsoft.Storage/checkNameAvailability': free,
  '/Microsoft.ContainerRegistry/checkNameAvailability': free,
};

/** The versions of Azure's interface that were read, by provider; any other one is refused. */
const apiVersions: Readonly<Record<string, string>> = {
  'Microsoft.Authorization': '2022-04-01',
  'Microsoft.Authorization/locks': '2016-09-01',
  'Microsoft.Compute': '2024-07-01',
  'Microsoft.Compute/disks': '2024-03-02',
  'Microsoft.Compute/skus': '2021-07-01',
  'Microsoft.ContainerRegistry': '2023-07-01',
  'Microsoft.ContainerService': '2024-05-01',
  'Microsoft.KeyVault': '2026-02-01',
  'Microsoft.ManagedIdentity': '2023-01-31',
  'Microsoft.Network': '2024-05-01',
  'Microsoft.Storage': '2023-05-01',
};

function versionOf(path: string): string {
  const [, provider = '', below = ''] = /\/providers\/(Microsoft\.\w+)\/(\w+)/.exec(path) ?? [];
  if (provider !== '') return apiVersions[`${provider}/${below}`] ?? apiVersions[provider] ?? '';
  return /\/subscriptions\/[^/]+(\/locations)?$/.test(path) ? '2022-12-01' : '2021-04-01';
}

export type Azure = Awaited<ReturnType<typeof startAzure>>;

/** Answers as Azure's resource manager does; `become` changes what it says from then on. */
export async function startAzure() {
  const folder = mkdtempSync(join(tmpdir(), 'perpetual-azure-'));
  const { key, cert, file } = certificate(folder, 'localhost');
  let world: World = whole;
  let asked: Asked[] = [];
  const server = createServer({ key, cert }, async (request, response) => {
    const url = new URL(request.url ?? '', 'https://localhost');
    const body = await text(request);
    const question: Asked = {
      ...{ method: request.method ?? '', path: decodeURIComponent(url.pathname), query: url.searchParams },
      body: body === '' ? {} : JSON.parse(body),
    };
    asked.push(question);
    const reply = replyTo(question, request.headers.authorization);
    if (reply.hangs) return;
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json; charset=utf-8', ...reply.headers });
    response.end((reply.text ?? JSON.stringify(reply.body ?? {})).replaceAll('@HERE@', endpoint));
  });
  function replyTo(question: Asked, authorization: string | undefined): Reply {
    if (authorization !== `Bearer ${token}`) return refusal(401, 'InvalidAuthenticationToken');
    if (question.query.get('api-version') !== versionOf(question.path))
      return refusal(400, 'NoRegisteredProviderFound', `no version "${question.query.get('api-version')}" here`);
    const [end] = Object.keys(world)
      .filter((each) => question.path.toLowerCase().endsWith(each.toLowerCase()))
      .sort((a, b) => b.length - a.length);
    const answer = end === undefined ? nothing : world[end];
    const times = asked.filter(({ path }) => path === question.path).length;
    return (typeof answer === 'function' ? answer(question, times) : answer) ?? nothing;
  }
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const endpoint = `https://localhost:${(server.address() as AddressInfo).port}`;
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const answer = { accessToken: token, expiresOn: '2099-01-01 00:00:00.000000', expires_on: 4_070_908_800 };
  writeFileSync(join(bin, 'az'), `#!/bin/sh\necho '${JSON.stringify({ ...answer, tokenType: 'Bearer' })}'\n`);
  chmodSync(join(bin, 'az'), 0o755);
  return {
    endpoint,
    cert,
    /** Where programs find it, and the login of az. */
    env: { PERPETUAL_AZURE_ENDPOINT: endpoint, NODE_EXTRA_CA_CERTS: file, PATH: `${bin}:${process.env.PATH}` },
    become(different: World): void {
      world = { ...whole, ...different };
      asked = [];
    },
    asked: (): readonly Asked[] => asked,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
