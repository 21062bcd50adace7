import { parse } from 'yaml';
import type { World } from '../azure/world.ts';
import type { Held } from '../cloud.ts';
import { isObject } from '../values.ts';

type Config = {
  clusters?: { name: string; cluster: { server?: string } }[];
  contexts?: { name: string; context: { cluster: string; user: string } }[];
  users?: { name: string; user: object }[];
  'current-context'?: string;
};

/** The API server a kubeconfig leads to; throws when it leads nowhere. */
export function serverOf(text: string, contextName?: string): string {
  const config: unknown = parse(text);
  if (!isObject(config)) throw new Error('the kubeconfig is not a YAML object');
  const { clusters, contexts, users, ...rest } = config as Config;
  const wanted = contextName ?? rest['current-context'];
  const context = contexts?.find(({ name }) => name === wanted)?.context;
  if (!context) throw new Error(`the kubeconfig has no context "${wanted}"`);
  if (!users?.some(({ name }) => name === context.user))
    throw new Error(`the kubeconfig has no user "${context.user}"`);
  const server = clusters?.find(({ name }) => name === context.cluster)?.cluster.server;
  if (!server) throw new Error(`the kubeconfig has no cluster "${context.cluster}"`);
  return server;
}

/** The cluster behind an address, if it still exists. */
export function clusterAt(world: World, server: string): Held | undefined {
  return world
    .all('azure-native:containerservice:ManagedCluster')
    .find(({ outputs }) => server === `https://${outputs.fqdn}:443`);
}
