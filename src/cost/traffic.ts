import {
  egressTiers,
  loadBalancerData,
  loadBalancerExtraRule,
  loadBalancerRules,
  publicIPv4,
} from '../catalog/prices.ts';
import { natGateway, natGatewayData } from '../catalog/service-prices.ts';
import type { Resource } from '../plan.ts';
import { isPresent, items, number, object, text } from '../views.ts';
import { type CostContext, type CostItem, hoursPerMonth, item, tiered, whileStopped } from './item.ts';

const rulesIncluded = 5;

/** The load balancer AKS makes for the way out and for Services, the addresses nobody declares, and what goes through. */
export function* traffic(resource: Resource, context: CostContext, region: string): Generator<CostItem> {
  const { usage, resources } = context;
  const profile = object(resource.inputs.networkProfile);
  const outbound = text(profile.outboundType) ?? 'loadBalancer';
  const services = resources.filter(
    ({ type, inputs }) => type === 'kubernetes:core/v1:Service' && text(object(inputs.spec).type) === 'LoadBalancer',
  );
  const here = { resource: resource.name, input: 'networkProfile.loadBalancerSku' };
  const suffix = whileStopped(context);
  const external = services.filter((service) => !isInternal(service));
  // One rule of the public one is the way out.
  const rules = {
    public: portsOf(external) + (outbound === 'loadBalancer' ? 1 : 0),
    internal: portsOf(services.filter(isInternal)),
  };
  for (const [kind, count] of Object.entries(rules)) yield* loadBalancer(kind, count, here, suffix);
  if (rules.public + rules.internal > 0)
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
  if (outbound === 'managedNATGateway') yield* natWay(usage.egressGb, here, suffix);
  for (const [name, detail, count] of [
    ['Outbound address', 'the one AKS makes', addressesOut(profile, outbound)],
    ['Service addresses', 'those AKS makes', external.filter((service) => !hasAddress(service)).length],
  ] as const) {
    if (count === 0) continue;
    const all = count > 1 ? `${count}, ${detail}` : detail;
    yield item(
      {
        ...here,
        name,
        detail: `${all}${suffix}`,
        quantity: count * hoursPerMonth,
        meter: 'Standard IPv4 Static Public IP',
      },
      publicIPv4(region),
    );
  }
  const assumed = { detail: 'assumed', quantity: usage.egressGb, assumes: ['usage.egressGb'] };
  const out = { ...here, ...assumed, name: 'Internet egress', unit: 'GB' };
  yield* tiered({ ...out, meter: 'Standard Data Transfer Out' }, egressTiers(region), 'internet egress');
}

type Here = Pick<CostItem, 'resource' | 'input'>;

function* loadBalancer(kind: string, rules: number, here: Here, suffix: string): Generator<CostItem> {
  if (rules === 0) return;
  yield item(
    {
      ...here,
      name: 'Load balancer',
      detail: `${kind}, up to ${rulesIncluded} rules${suffix}`,
      quantity: hoursPerMonth,
      meter: 'Standard Included LB Rules and Outbound Rules',
    },
    loadBalancerRules(),
  );
  if (rules <= rulesIncluded) return;
  yield item(
    {
      ...here,
      name: 'Load balancer rules',
      detail: `${kind}, ${rules - rulesIncluded} over ${rulesIncluded}${suffix}`,
      quantity: (rules - rulesIncluded) * hoursPerMonth,
      meter: 'Standard Overage LB Rules and Outbound Rules',
    },
    loadBalancerExtraRule(),
  );
}

function* natWay(gb: number, here: Here, suffix: string): Generator<CostItem> {
  const gateway = { ...here, name: 'NAT gateway', detail: `the one AKS makes${suffix}`, quantity: hoursPerMonth };
  yield item({ ...gateway, meter: 'Standard Gateway' }, natGateway());
  const assumed = { detail: 'assumed, as much as the egress', quantity: gb, assumes: ['usage.egressGb'] };
  const data = { ...here, ...assumed, name: 'NAT gateway data' };
  yield item({ ...data, meter: 'Standard Data Processed' }, natGatewayData());
}

/** The addresses AKS makes for the way out: one, unless told otherwise or given others. */
function addressesOut(profile: Record<string, unknown>, outbound: string): number {
  if (outbound === 'managedNATGateway')
    return number(object(object(profile.natGatewayProfile).managedOutboundIPProfile).count) ?? 1;
  const { managedOutboundIPs, outboundIPs, outboundIPPrefixes } = object(profile.loadBalancerProfile);
  if (outbound !== 'loadBalancer' || isPresent(outboundIPs) || isPresent(outboundIPPrefixes)) return 0;
  return number(object(managedOutboundIPs).count) ?? 1;
}

const annotationsOf = ({ inputs }: Resource) => object(object(inputs.metadata).annotations);

const isInternal = (service: Resource): boolean =>
  text(annotationsOf(service)['service.beta.kubernetes.io/azure-load-balancer-internal']) === 'true';

const hasAddress = (service: Resource): boolean =>
  isPresent(annotationsOf(service)['service.beta.kubernetes.io/azure-pip-name']) ||
  isPresent(object(service.inputs.spec).loadBalancerIP);

const portsOf = (services: readonly Resource[]): number =>
  services.reduce((sum, { inputs }) => sum + items(object(inputs.spec).ports).length, 0);
