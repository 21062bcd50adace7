import {
  aksTier,
  diskTierFor,
  egressTiers,
  linuxVm,
  loadBalancerData,
  loadBalancerExtraRule,
  loadBalancerRules,
  managedDisk,
  publicIPv4,
} from '../catalog/prices.ts';
import { vmSize } from '../catalog/vm-sizes.ts';
import type { Resource } from '../plan.ts';
import { isPresent, items, number, object, text } from '../views.ts';
import { type CostContext, type Coster, type CostItem, hoursPerMonth, item } from './item.ts';

/** A cluster: its control plane, its nodes with their disks, and the load balancer, address and traffic it brings. */
export const cluster: Coster = function* (resource, context) {
  const region = context.region(resource);
  const here = { resource: resource.name };
  const tier = text(object(resource.inputs.sku).tier) ?? (isPresent(resource.inputs.sku) ? undefined : 'Free');
  if (tier === 'Free' || tier === 'Standard' || tier === 'Premium') {
    yield item(
      {
        ...here,
        name: 'Control plane',
        detail: tier,
        input: 'sku.tier',
        quantity: hoursPerMonth,
        meter: `AKS ${tier}`,
      },
      aksTier(tier),
    );
  }
  for (const [index, pool] of items(resource.inputs.agentPoolProfiles).entries()) {
    if (region) yield* nodes(object(pool), region, here.resource, `agentPoolProfiles[${index}].`);
  }
  const profile = object(resource.inputs.networkProfile);
  const outbound = text(profile.outboundType) ?? 'loadBalancer';
  if (region && outbound === 'loadBalancer') yield* way(resource, context, region);
};

/** A pool of its own beside those the cluster was created with. */
export const agentPool: Coster = function* (resource, context) {
  const region = context.region(resource);
  if (region) yield* nodes(resource.inputs, region, resource.name, '');
};

function* nodes(pool: Record<string, unknown>, region: string, resource: string, at: string): Generator<CostItem> {
  const size = text(pool.vmSize);
  // What the autoscaler may start is what must be affordable.
  const count =
    pool.enableAutoScaling === true
      ? number(pool.maxCount)
      : (number(pool.count) ?? (isPresent(pool.count) ? undefined : 1));
  if (size === undefined || count === undefined || count === 0) return;
  const nodeCount = `${count} x ${size}`;
  yield item(
    {
      name: 'Nodes',
      detail: `${nodeCount}, Linux, pay as you go`,
      resource,
      input: `${at}vmSize`,
      quantity: count * hoursPerMonth,
      meter: size,
    },
    linuxVm(region, size),
  );
  if (text(pool.osDiskType) === 'Ephemeral') return;
  const facts = vmSize(size);
  const gib = number(pool.osDiskSizeGB) || defaultOsDisk(facts?.vcpu ?? 2);
  const sku = facts && !facts.premiumStorage ? 'StandardSSD_LRS' : 'Premium_LRS';
  const step = diskTierFor(sku, gib);
  yield item(
    {
      name: 'OS disks',
      detail: `${count} x ${gib} GiB, billed as ${step?.tier ?? '?'}`,
      resource,
      input: `${at}osDiskSizeGB`,
      quantity: count,
      meter: `${step?.tier} LRS Disk`,
    },
    step && managedDisk(region, sku, step.tier),
  );
}

// What AKS takes when no size is given: concepts-storage.md, "default OS disk sizing".
const defaultOsDisk = (vcpu: number): number => (vcpu < 8 ? 128 : vcpu < 16 ? 256 : vcpu < 64 ? 512 : 1024);

/** The load balancer AKS makes for the way out and for Services, its own address, and what goes through. */
function* way(resource: Resource, { usage, resources }: CostContext, region: string): Generator<CostItem> {
  const services = resources.filter(
    ({ type, inputs }) => type === 'kubernetes:core/v1:Service' && text(object(inputs.spec).type) === 'LoadBalancer',
  );
  const isInternal = (service: Resource): boolean =>
    text(
      object(object(service.inputs.metadata).annotations)['service.beta.kubernetes.io/azure-load-balancer-internal'],
    ) === 'true';
  const ports = (internal: boolean): number =>
    services
      .filter((service) => isInternal(service) === internal)
      .reduce((sum, { inputs }) => sum + items(object(inputs.spec).ports).length, 0);
  const here = { resource: resource.name, input: 'networkProfile.loadBalancerSku' };
  // One rule of the public one is the way out.
  for (const [detail, rules] of [
    ['public', ports(false) + 1],
    ['internal', ports(true)],
  ] as const) {
    if (rules === 0) continue;
    yield item(
      {
        ...here,
        name: 'Load balancer',
        detail: `${detail}, up to 5 rules`,
        quantity: hoursPerMonth,
        meter: 'Standard Included LB Rules and Outbound Rules',
      },
      loadBalancerRules(),
    );
    if (rules > 5) {
      yield item(
        {
          ...here,
          name: 'Load balancer rules',
          detail: `${detail}, ${rules - 5} over 5`,
          quantity: (rules - 5) * hoursPerMonth,
          meter: 'Standard Overage LB Rules and Outbound Rules',
        },
        loadBalancerExtraRule(),
      );
    }
  }
  yield item(
    {
      ...here,
      name: 'Load balancer data',
      detail: 'assumed',
      quantity: usage.loadBalancerGb,
      assumes: ['usage.loadBalancerGb'],
      meter: 'Standard Data Processed',
    },
    loadBalancerData(),
  );
  yield item(
    {
      ...here,
      name: 'Outbound address',
      detail: 'the one AKS makes',
      quantity: hoursPerMonth,
      meter: 'Standard IPv4 Static Public IP',
    },
    publicIPv4(region),
  );
  yield egress(usage.egressGb, region, here);
}

/** Traffic to the internet is priced by tiers; the first is free. */
function egress(gb: number, region: string, here: Pick<CostItem, 'resource' | 'input'>): CostItem {
  const tiers = egressTiers(region);
  const meter = 'Standard Data Transfer Out';
  const assumes = ['usage.egressGb'];
  const fields = { ...here, name: 'Internet egress', detail: 'assumed', quantity: gb, meter, assumes };
  if (!tiers) return item({ ...fields, unit: 'GB' }, undefined);
  let monthlyUsd = 0;
  let last = tiers[0]?.price;
  for (const [index, { fromGb, price }] of tiers.entries()) {
    const within = Math.min(gb, tiers[index + 1]?.fromGb ?? Number.POSITIVE_INFINITY) - fromGb;
    if (within <= 0) break;
    monthlyUsd += within * price.usd;
    last = price;
  }
  const [free, paid] = tiers;
  const freeAllowance = free?.price.usd === 0 &&
    paid && {
      key: 'internet egress',
      quantity: paid.fromGb,
      used: Math.min(gb, paid.fromGb),
      unitPriceUsd: paid.price.usd,
    };
  return { ...item(fields, last), monthlyUsd, ...(freeAllowance && { freeAllowance }) };
}
