/** What a program has registered, secrets unwrapped. */
export type Registered = { type: string; name: string; inputs: Record<string, unknown> };

/** Fits `pulumi.runtime.Mocks`; declared here, so that those who test plans only need no Pulumi. */
export type Mocks = {
  newResource(args: { type: string; name: string; inputs: Record<string, unknown> }): {
    id: string;
    state: Record<string, unknown>;
  };
  call(args: { token: string; inputs: Record<string, unknown> }): Record<string, unknown>;
  /** In the order of registration; a test that wants its own only empties it first. */
  readonly registered: Registered[];
};

/**
 * Answers for every type a plan may have, for `pulumi.runtime.setMocks(mocks())`: an output is its input, and what only
 * Azure knows is a text that says where it comes from, as `<cluster.id>`, so that a wrong reference shows.
 */
export function mocks(): Mocks {
  const registered: Registered[] = [];
  return {
    registered,
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs: unwrapped(inputs) as Registered['inputs'] });
      return { id: `<${name}.id>`, state: type.startsWith('azure-native:') ? azureState(name, inputs) : inputs };
    },
    call: ({ token }) => answers[token] ?? {},
  };
}

function azureState(name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const output = (path: string): string => `<${name}.${path}>`;
  return {
    ...inputs,
    name: output('name'),
    principalId: output('principalId'),
    identity: { ...(inputs.identity as object | undefined), principalId: output('identity.principalId') },
    identityProfile: { kubeletidentity: { objectId: output('identityProfile.kubeletidentity.objectId') } },
    clientId: output('clientId'),
    ipAddress: output('ipAddress'),
    oidcIssuerProfile: { issuerURL: output('oidcIssuerProfile.issuerURL') },
    properties: { ...(inputs.properties as object | undefined), vaultUri: output('properties.vaultUri') },
  };
}

const answers: Readonly<Record<string, Record<string, unknown>>> = {
  'azure-native:authorization:getClientConfig': {
    tenantId: '<tenantId>',
    subscriptionId: '<subscriptionId>',
    objectId: '<objectId>',
    clientId: '<clientId>',
  },
  'azure-native:containerservice:listManagedClusterUserCredentials': {
    kubeconfigs: [{ name: 'clusterUser', value: Buffer.from('<kubeconfig>').toString('base64') }],
  },
};

// How Pulumi marks a secret among plain inputs: sdk/nodejs/runtime/rpc.ts.
const secretMark = '4dabf18193072939515e22adb298388d';

function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== 'object' || value === null) return value;
  if (secretMark in value) return unwrapped((value as { value?: unknown }).value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, unwrapped(each)]));
}
