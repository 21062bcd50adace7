import { PlanBuilder } from './builder.ts';
import type { Plan } from './plan.ts';
import { Access } from './resources/access.ts';
import { alerts } from './resources/alerts.ts';
import { backups } from './resources/backups.ts';
import { budget } from './resources/budget.ts';
import { cluster as clusterOf } from './resources/cluster.ts';
import type { Context } from './resources/context.ts';
import { dns } from './resources/dns.ts';
import { gatewayProxy } from './resources/gateway-proxy.ts';
import { type Actor, federation, podIdentity } from './resources/identity.ts';
import { logStorage } from './resources/log-storage.ts';
import { collection, workspace as workspaceOf } from './resources/logs.ts';
import { maintenanceWindows } from './resources/maintenance.ts';
import { metricsEndpoint } from './resources/metrics-endpoint.ts';
import { namesOf } from './resources/names.ts';
import { network as networkOf } from './resources/network.ts';
import { networkPolicies } from './resources/network-policies.ts';
import { furtherPools } from './resources/node-pools.ts';
import { offHours } from './resources/off-hours.ts';
import { containerRegistry, pullSecret } from './resources/registry.ts';
import { azureProvider, resourceGroup } from './resources/resource-group.ts';
import { secretsVolume } from './resources/secrets-volume.ts';
import { services } from './resources/services.ts';
import { dataDisk, dataVolume } from './resources/storage.ts';
import { readsVault, vault as vaultOf } from './resources/vault.ts';
import { workbook } from './resources/workbook.ts';
import { namespace as namespaceOf, workload } from './resources/workload.ts';
import type { Spec } from './spec/schema.ts';
import { record, tracked } from './spec/track.ts';

/**
 * Spec -> plan: the same spec gives the same bytes. What needs an unusable value of the spec is left out or marked
 * unknown; `complete` tells whether anything was.
 */
export function buildPlan(untracked: Spec): { plan: Plan; complete: boolean } {
  const spec = tracked(untracked);
  const plan = new PlanBuilder();
  const names = namesOf(spec);
  const context: Context = { spec, plan, names, access: new Access(plan, names) };

  plan.azure = azureProvider(context);
  const group = resourceGroup(context);
  budget(context);
  const network = networkOf(context, group);
  const zone = dns(context, group, network.publicIp);
  const workspace = workspaceOf(context, group);
  const storage = logStorage(context, group, network.subnet);
  const cluster = clusterOf(context, group, network, workspace);
  furtherPools(context, group, cluster.cluster, network.subnet);
  maintenanceWindows(context, group, cluster.cluster);
  offHours(context, group, cluster);
  const pull = containerRegistry(context, group, cluster);
  const disk = dataDisk(context, group, cluster);
  const node: Actor = {
    key: 'workload',
    origin: 'secrets',
    serviceAccount: names.kubernetes,
    isNeeded: () => readsVault(spec),
  };
  const identity = podIdentity(context, group, node);
  const federated = federation(context, group, cluster, node, identity);
  const vault = vaultOf(context, group, network.subnet, identity);
  collection(context, group, cluster, vault, workspace, storage);
  alerts(context, group, cluster, workspace);
  workbook(context, group, workspace);

  const namespace = namespaceOf(context, cluster);
  const claim = dataVolume(context, cluster, namespace, disk);
  const pod = workload(context, cluster, {
    namespace,
    claim,
    publicIp: network.publicIp,
    identity,
    federation: federated,
    secrets: secretsVolume(context, cluster, namespace, vault, identity),
    pullSecret: pullSecret(context, cluster, namespace),
    metrics: metricsEndpoint(context, cluster, namespace),
    grants: () => [disk()?.grant, ...(vault()?.readable ?? []), pull()],
  });
  backups(context, disk, pod);
  gatewayProxy(context, group, cluster, namespace, zone);
  services(context, cluster, group, namespace, network.publicIp);
  networkPolicies(context, cluster, namespace);

  const environment = record(() => spec.metadata.environment);
  return {
    plan: { formatVersion: 1, environment: environment.hole ? '' : environment.value, resources: plan.resources },
    complete: plan.complete && !environment.hole,
  };
}
