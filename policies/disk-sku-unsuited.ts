import { region as regionNamed } from '../src/catalog/regions.ts';
import { diskLimits } from '../src/catalog/sku-rules.ts';
import { type DiskRequest, diskRequests } from '../src/policy/disks.ts';
import { poolInputs, poolResources, sizedPools } from '../src/policy/node-pools.ts';
import { definePolicy, type Finding, type PolicyContext } from '../src/policy/policy.ts';
import { isPresent } from '../src/views.ts';

export default definePolicy({
  id: 'disk-sku-unsuited',
  title: 'a disk must be of a kind that its size, its region and the nodes can bear',
  why: 'Azure refuses the disk, or the node can not attach it and the pod waits for ever',
  fix: 'choose another kind of disk, or nodes and a region that have it',
  source: 'https://learn.microsoft.com/azure/virtual-machines/disks-types',
  example: {
    wrong: '{ vmSize: Standard_D2_v5 } with data: { sku: Premium_LRS }',
    right: '{ vmSize: Standard_D2s_v5 } with data: { sku: Premium_LRS }',
  },
  levels: { production: 'mandatory', development: 'mandatory' },
  waivable: false,
  *plan(context) {
    for (const request of diskRequests(context)) {
      for (const finding of judge(request, context)) yield { resource: request.resource.name, ...finding };
    }
  },
});

function* judge(request: DiskRequest, context: PolicyContext): Generator<Finding> {
  const { sku, skuInput, caching, cachingInput } = request;
  const found = placeFault(request, context);
  if (found !== undefined)
    yield {
      input: skuInput,
      message: `${article(sku)} disk ${found.why}`,
      ...(found.better !== undefined && { suggestion: { value: found.better, safe: false } }),
    };
  yield* limitFaults(request);
  if (/^(ultrassd|premiumv2)_lrs$/i.test(sku) && caching !== undefined && caching.toLowerCase() !== 'none')
    yield {
      input: cachingInput,
      message: `${article(sku)} disk has no host cache: "${caching}" is refused`,
      help: 'write None',
    };
}

const article = (sku: string): string => `${/^u/i.test(sku) ? 'an' : 'a'} ${sku}`;

/** Why there can be no such disk where it is wanted. */
function placeFault(
  { resource, sku, zonal, forPods }: DiskRequest,
  context: PolicyContext,
): { why: string; better?: string } | undefined {
  const { resources, regionOf } = context;
  const region = regionNamed(regionOf(resource) ?? '');
  if (/_zrs$/i.test(sku) && region && region.zones.length === 0)
    return { why: `needs zones, and the region "${region.name}" has none`, better: sku.replace(/_zrs$/i, '_LRS') };
  const isUltra = /^ultrassd/i.test(sku);
  if (isUltra && zonal === false && region && region.zones.length > 0)
    return { why: 'lives in a zone where the region has zones, and none is named' };
  if (!forPods) return undefined;
  const pools = poolInputs(resources);
  const sized = poolResources(resources).flatMap(sizedPools);
  if (pools.length === 0 || sized.length < pools.length) return undefined;
  if (/^(premium|ultrassd)/i.test(sku) && sized.every(({ size }) => !size.premiumStorage))
    return {
      why: `can't be attached to a node of "${sized[0]?.written}", which has no premium storage`,
      better: 'StandardSSD_LRS',
    };
  if (isUltra && pools.every(({ enableUltraSSD }) => !isPresent(enableUltraSSD) || enableUltraSSD === false))
    return { why: 'can be attached only to nodes with enableUltraSSD' };
  return undefined;
}

/** What is asked of the disk beyond what its kind and its size give. */
function* limitFaults({ sku, gib, gibInput, iops, iopsInput, mbps, mbpsInput }: DiskRequest): Generator<Finding> {
  const limits = diskLimits(sku);
  if (!limits) return;
  const { minGiB = 1, maxGiB, speed } = limits;
  if (gib !== undefined && (gib < minGiB || gib > maxGiB))
    yield {
      input: gibInput,
      message: `${article(sku)} disk has ${minGiB} to ${maxGiB} GiB, not ${gib}`,
      suggestion: { value: gib < minGiB ? minGiB : maxGiB, safe: false },
    };
  if (!speed) return;
  const { baseIops, iopsPerGiB, maxIops, mbpsPerIops, maxMbps } = speed;
  const mostIops = gib === undefined ? maxIops : Math.min(maxIops, Math.max(baseIops, iopsPerGiB * gib));
  if (iops !== undefined && iops > mostIops)
    yield {
      input: iopsInput,
      message: `${article(sku)} disk${gib === undefined ? '' : ` of ${gib} GiB`} has at most ${mostIops} IOPS, not ${iops}`,
    };
  const mostMbps = Math.min(maxMbps, iops === undefined ? maxMbps : mbpsPerIops * Math.max(iops, baseIops));
  if (mbps !== undefined && mbps > mostMbps)
    yield {
      input: mbpsInput,
      message: `${article(sku)} disk${iops === undefined ? '' : ` of ${iops} IOPS`} has at most ${mostMbps} MB/s, not ${mbps}`,
    };
}
