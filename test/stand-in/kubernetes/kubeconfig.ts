import { parse } from 'yaml';
import { lastPart } from '../azure/arm-path.ts';
import { noEntry } from '../azure/cluster-access.ts';
import type { World } from '../azure/world.ts';
import type { Held } from '../cloud.ts';
import { isObject } from '../values.ts';

type User = { token?: string; exec?: { command?: string; args?: string[] | null } };

type Config = {
  clusters?: { name: string; cluster: { server?: string; 'tls-server-name'?: string } }[];
  contexts?: { name: string; context: { cluster: string; user: string } }[];
  users?: { name: string; user: User }[];
  'current-context'?: string;
};

/** The API server a kubeconfig leads to; throws when it leads nowhere. */
export const serverOf = (text: string, contextName?: string): string => connectionOf(text, contextName).server;

function connectionOf(text: string, contextName?: string): { server: string; user: User } {
  const config: unknown = parse(text);
  if (!isObject(config)) throw new Error('the kubeconfig is not a YAML object');
  const { clusters, contexts, users, ...rest } = config as Config;
  const wanted = contextName ?? rest['current-context'];
  const context = contexts?.find(({ name }) => name === wanted)?.context;
  if (!context) throw new Error(`the kubeconfig has no context "${wanted}"`);
  const user = users?.find(({ name }) => name === context.user)?.user;
  if (!user) throw new Error(`the kubeconfig has no user "${context.user}"`);
  const { server, 'tls-server-name': fqdn } = clusters?.find(({ name }) => name === context.cluster)?.cluster ?? {};
  if (!server) throw new Error(`the kubeconfig has no cluster "${context.cluster}"`);
  return { server: fqdn ? `https://${fqdn}:443` : server, user };
}

export const unreachable = (why: string): string =>
  `configured Kubernetes cluster is unreachable: unable to load schema information from the API server: ${why}`;

/** Ways to sign in that ask nobody: https://azure.github.io/kubelogin/concepts/login-modes.html */
const silent = ['azurecli', 'azd', 'azurepipelines', 'msi', 'spn', 'workloadidentity'];
const aksServer = '6dae42f8-4368-4678-94ff-960e28e3630e';

/** Why a cluster lets nobody in with this kubeconfig, or nothing. */
export function loginFault(world: World, cluster: Held, text: string, contextName?: string): string | undefined {
  const { user } = connectionOf(text, contextName);
  const isEntra = cluster.inputs.aadProfile !== undefined;
  if (!user.exec)
    return user.token && !(isEntra && cluster.inputs.disableLocalAccounts) ? undefined : unreachable('Unauthorized');
  const { command = '', args } = user.exec;
  const option = (...names: string[]): string | undefined => {
    const index = (args ?? []).findIndex((arg) => names.some((name) => arg === name || arg.startsWith(`${name}=`)));
    const [, joined] = args?.[index]?.split(/=(.*)/) ?? [];
    return index < 0 ? undefined : (joined ?? args?.[index + 1]);
  };
  const isKubelogin = lastPart(command) === 'kubelogin' && args?.[0] === 'get-token';
  const login = option('--login', '-l') ?? 'devicecode';
  // A device code waits for someone at a browser.
  if (!isKubelogin || !silent.includes(login) || option('--server-id') !== aksServer)
    return unreachable(`getting credentials: exec: executable ${command} failed with exit code 1 (login ${login})`);
  return isEntra ? noEntry(world, cluster) : unreachable('Unauthorized');
}

/** The cluster behind an address, if it still exists. */
export function clusterAt(world: World, server: string): Held | undefined {
  return world
    .all('azure-native:containerservice:ManagedCluster')
    .find(({ outputs }) => server === `https://${outputs.fqdn}:443`);
}
