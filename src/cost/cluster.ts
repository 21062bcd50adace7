import { aksTier } from '../catalog/prices.ts';
import type { Resource } from '../plan.ts';
import { isPresent, items, object, referenceOf, text } from '../views.ts';
import { type Coster, hoursPerMonth, item, whileStopped } from './item.ts';
import { nodes } from './nodes.ts';
import { traffic } from './traffic.ts';

export const clusterType = 'azure-native:containerservice:ManagedCluster';

/** A cluster: its control plane, its nodes with their disks, and the load balancer, address and traffic it brings. */
export const cluster: Coster = function* (resource, context) {
  const tier = text(object(resource.inputs.sku).tier) ?? (isPresent(resource.inputs.sku) ? undefined : 'Free');
  if (tier === 'Free' || tier === 'Standard' || tier === 'Premium') {
    yield item(
      {
        resource: resource.name,
        name: 'Control plane',
        detail: tier === 'Free' ? tier : `${tier}${whileStopped(context)}`,
        input: 'sku.tier',
        quantity: hoursPerMonth,
        meter: `AKS ${tier}`,
      },
      aksTier(tier),
    );
  }
  const region = context.region(resource);
  if (region === undefined) return;
  const running = context.running.get(resource.name);
  for (const [index, pool] of items(resource.inputs.agentPoolProfiles).entries())
    yield* nodes(
      object(pool),
      { resource: resource.name, at: `agentPoolProfiles[${index}].`, region, running },
      context,
    );
  yield* traffic(resource, context, region);
};

/** A pool of its own beside those the cluster was created with; it stops and starts with the cluster. */
export const agentPool: Coster = function* (resource, context) {
  const region = context.region(resource);
  if (region === undefined) return;
  const owner = clusterOf(resource, context.resources);
  const running = owner && context.running.get(owner.name);
  yield* nodes(resource.inputs, { resource: resource.name, at: '', region, running }, context);
};

function clusterOf({ inputs }: Resource, resources: readonly Resource[]): Resource | undefined {
  const clusters = resources.filter(({ type }) => type === clusterType);
  const named = referenceOf(inputs.resourceName);
  return (
    clusters.find(({ name }) => name === named) ??
    clusters.find((each) => text(each.inputs.resourceName) === (text(inputs.resourceName) ?? '')) ??
    (clusters.length === 1 ? clusters[0] : undefined)
  );
}
