import { PlanBuilder } from './builder.ts';
import type { Plan } from './plan.ts';
import { Access } from './resources/access.ts';
import { budget } from './resources/budget.ts';
import { cluster as clusterOf } from './resources/cluster.ts';
import type { Context } from './resources/context.ts';
import { federation, workloadIdentity } from './resources/identity.ts';
import { pullSecret, secretsVolume } from './resources/kubernetes-secrets.ts';
import { maintenanceWindows } from './resources/maintenance.ts';
import { namesOf } from './resources/names.ts';
import { network as networkOf } from './resources/network.ts';
import { networkPolicies } from './resources/network-policies.ts';
import { furtherPools } from './resources/node-pools.ts';
import { azureProvider, resourceGroup } from './resources/resource-group.ts';
import { services } from './resources/services.ts';
import { dataDisk, dataVolume } from './resources/storage.ts';
import { vault as vaultOf } from './resources/vault.ts';
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
  const cluster = clusterOf(context, group, network);
  furtherPools(context, group, cluster.cluster, network.subnet);
  maintenanceWindows(context, group, cluster.cluster);
  const disk = dataDisk(context, group, cluster);
  const identity = workloadIdentity(context, group);
  const federated = federation(context, group, cluster, identity);
  const vault = vaultOf(context, group, network.subnet, identity);

  const namespace = namespaceOf(context, cluster);
  const claim = dataVolume(context, cluster, namespace, disk);
  workload(context, cluster, {
    namespace,
    claim,
    publicIp: network.publicIp,
    identity,
    federation: federated,
    secrets: secretsVolume(context, cluster, namespace, vault, identity),
    pullSecret: pullSecret(context, cluster, namespace),
    grants: () => [disk.grant, ...(vault()?.grants ?? [])],
  });
  services(context, cluster, group, namespace, network.publicIp);
  networkPolicies(context, cluster, namespace);

  const environment = record(() => spec.metadata.environment);
  return {
    plan: { formatVersion: 1, environment: environment.hole ? '' : environment.value, resources: plan.resources },
    complete: plan.complete && !environment.hole,
  };
}
