import { vmSize } from '../../catalog/vm-sizes.ts';
import type { Resource } from '../../plan.ts';
import { type Pool, poolResources, poolsOf } from '../../policy/node-pools.ts';
import { ofType } from '../../policy/references.ts';
import { items, number, object, text } from '../../views.ts';
import type { ExistingCluster } from '../existing.ts';
import { type Asking, type Found, type Place, type Question, same, whenAnswered } from '../question.ts';

/** https://learn.microsoft.com/rest/api/compute/resource-skus/list */
export type Sku = {
  resourceType: string;
  name: string;
  family?: string;
  locationInfo?: { location: string; zones?: string[] }[];
  capabilities?: { name: string; value: string }[];
  restrictions?: { type: string; reasonCode?: string; restrictionInfo?: { zones?: string[] } }[];
};
/** https://learn.microsoft.com/rest/api/compute/usage/list */
export type Usage = { name: { value: string; localizedValue?: string }; currentValue: number; limit: number };

/** The nodes of a pool, in numbers. */
type Need = { place: Place; name: string; size: string; zones: string[]; isSpot: boolean; least: number; most: number };

/** Are the sizes and disks offered where they are wanted, and is there quota for them? */
export const machines: Question = async (asking) => {
  const { arm, scope, region, resources } = asking;
  const needs = poolResources(resources).flatMap((resource) => poolsOf(resource).map((pool) => needOf(resource, pool)));
  const [first] = needs;
  if (!first || asking.existing.cluster.is === 'unknown') return [];
  const [skus, usages] = await Promise.all([
    arm.list<Sku>(`${scope}/providers/Microsoft.Compute/skus`, '2021-07-01', { $filter: `location eq '${region}'` }),
    arm.list<Usage>(`${scope}/providers/Microsoft.Compute/locations/${region}/usages`, '2024-07-01'),
  ]);
  const offered = skus.is === 'there' ? skus.value : [];
  const there = asking.existing.cluster.is === 'there' ? asking.existing.cluster.value : undefined;
  return [
    ...whenAnswered('which sizes are offered', first.place, skus, function* () {
      for (const need of needs) if (!runs(need, there)) yield* unoffered(need, offered, region);
      yield* unofferedDisks(asking, offered);
    }),
    ...whenAnswered('the quota of vCPUs', first.place, usages, (values = []) =>
      beyondQuota(needs, offered, values, there, region),
    ),
  ];
};

function needOf({ name: resource, inputs: whole }: Resource, { inputs, at }: Pool): Need {
  const count = number(inputs.count) ?? 1;
  const most = inputs.enableAutoScaling === true ? Math.max(number(inputs.maxCount) ?? count, count) : count;
  const surge = text(object(inputs.upgradeSettings).maxSurge) ?? '1';
  const extra = surge.endsWith('%') ? Math.ceil((most * Number.parseInt(surge, 10)) / 100) : Number.parseInt(surge, 10);
  return {
    place: { resource, input: `${at}vmSize` },
    name: text(inputs.name) ?? text(whole.agentPoolName) ?? '',
    size: text(inputs.vmSize) ?? '',
    zones: items(inputs.availabilityZones).map(String),
    isSpot: text(inputs.scaleSetPriority) === 'Spot',
    least: count,
    most: most + extra,
  };
}

/** What stands there stands, whatever is offered to others now. */
const runs = ({ name, size }: Need, cluster: ExistingCluster | undefined): boolean =>
  (cluster?.properties.agentPoolProfiles ?? []).some((pool) => pool.name === name && same(pool.vmSize, size));

function* unoffered({ place, size, zones }: Need, offered: readonly Sku[], region: string): Generator<Found> {
  const about = { code: 'preflight/size-unavailable', severity: 'error', place } as const;
  const sku = offered.find((each) => each.resourceType === 'virtualMachines' && same(each.name, size));
  const help = 'choose another size, zone or region; access can be asked for in the portal under "Quotas"';
  if (!sku) yield { ...about, message: `"${size}" is not offered in ${region}`, help };
  else {
    const why = restrictionOn(sku, zones, region);
    if (why !== undefined) yield { ...about, message: `"${size}" ${why}`, help };
  }
}

/** Why the subscription does not get it; undefined when it does. */
function restrictionOn(
  { restrictions = [], locationInfo = [] }: Sku,
  zones: readonly string[],
  region: string,
): string | undefined {
  const closed = restrictions.find(({ type }) => type === 'Location');
  if (closed)
    return `is not offered to this subscription in ${region}${closed.reasonCode ? ` (${closed.reasonCode})` : ''}`;
  const refused = restrictions
    .filter(({ type }) => type === 'Zone')
    .flatMap(({ restrictionInfo = {} }) => restrictionInfo.zones ?? []);
  const zone = zones.find((each) => refused.includes(each));
  if (zone !== undefined) return `is not offered to this subscription in zone ${zone} of ${region}`;
  const known = locationInfo.find(({ location }) => same(location, region))?.zones ?? [];
  const missing = zones.find((each) => known.length > 0 && !known.includes(each));
  return missing === undefined
    ? undefined
    : `is not in zone ${missing} of ${region}, only in ${known.toSorted().join(', ')}`;
}

function* unofferedDisks({ resources, region, existing }: Asking, offered: readonly Sku[]): Generator<Found> {
  const disks = offered.filter(({ resourceType }) => resourceType === 'disks');
  for (const { name, inputs } of ofType(resources, 'azure-native:compute:Disk')) {
    const wanted = text(object(inputs.sku).name);
    if (wanted === undefined || existing.listed.is === 'unknown') continue;
    if (existing.has('Microsoft.Compute/disks', text(inputs.diskName) ?? '')) continue;
    const sizes = disks.filter((each) => same(each.name, wanted));
    const reasons = sizes.map((each) => restrictionOn(each, items(inputs.zones).map(String), region));
    if (sizes.length > 0 && reasons.some((each) => each === undefined)) continue;
    yield {
      code: 'preflight/disk-unavailable',
      severity: 'error',
      place: { resource: name, input: 'sku.name' },
      message: `a disk of the kind "${wanted}" ${reasons[0] ?? `is not offered in ${region}`}`,
      help: 'choose another kind, zone or region',
    };
  }
}

/** By family and for all of them: Azure holds a deployment to both. */
function* beyondQuota(
  needs: readonly Need[],
  offered: readonly Sku[],
  usages: readonly Usage[],
  cluster: ExistingCluster | undefined,
  region: string,
): Generator<Found> {
  const skuOf = (size: string): Sku | undefined =>
    offered.find((each) => each.resourceType === 'virtualMachines' && same(each.name, size));
  const cores = (size: string): number =>
    Number(skuOf(size)?.capabilities?.find(({ name }) => name === 'vCPUs')?.value ?? vmSize(size)?.vcpu ?? 0);
  const quotaOf = (size: string, isSpot: boolean): string =>
    isSpot ? 'lowPriorityCores' : (skuOf(size)?.family ?? vmSize(size)?.family ?? '');
  const running = (cluster?.properties.agentPoolProfiles ?? []).map(({ vmSize: size, count, scaleSetPriority }) => ({
    quota: quotaOf(size, scaleSetPriority === 'Spot'),
    cores: count * cores(size),
  }));
  for (const quota of [...new Set(needs.map(({ size, isSpot }) => quotaOf(size, isSpot))), 'cores']) {
    const usage = usages.find(({ name }) => same(name.value, quota));
    // Spot machines have one quota, and it is not part of that of the region.
    const isIn = (of: string): boolean => (quota === 'cores' ? of !== 'lowPriorityCores' : same(of, quota));
    const concerned = needs.filter(({ size, isSpot }) => isIn(quotaOf(size, isSpot)));
    const [largest] = concerned.toSorted((a, b) => b.most * cores(b.size) - a.most * cores(a.size));
    if (!usage || !largest) continue;
    const own = running.filter((each) => isIn(each.quota)).reduce((sum, each) => sum + each.cores, 0);
    const free = usage.limit - usage.currentValue + own;
    const sum = (of: 'least' | 'most'): number => concerned.reduce((all, need) => all + need[of] * cores(need.size), 0);
    const [least, most] = [sum('least'), sum('most')];
    if (most <= free) continue;
    const what = quota === 'cores' ? `all machines in ${region}` : (usage.name.localizedValue ?? quota);
    const isRefused = least > free;
    yield {
      code: 'preflight/quota-exceeded',
      severity: isRefused ? 'error' : 'warning',
      place: largest.place,
      message: isRefused
        ? `the nodes take ${least} vCPUs, and the quota of ${what} has ${Math.max(free, 0)} left`
        : `an upgrade or the autoscaler may want ${most} vCPUs, and the quota of ${what} has ${free} left for the ${least} there are to be`,
      note: `${usage.currentValue} of ${usage.limit} are used${own > 0 ? `, ${own} of them by this cluster` : ''}`,
      help: 'ask for more in the portal under "Quotas", or take smaller or fewer nodes',
    };
  }
}
