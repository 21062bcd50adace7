import { diskTierFor, managedDisk } from '../catalog/prices.ts';
import {
  diskOperations,
  premiumSsdV2Capacity,
  premiumSsdV2Iops,
  premiumSsdV2Throughput,
} from '../catalog/service-prices.ts';
import { isPresent, number, object, referenceOf, text } from '../views.ts';
import { type CostContext, type Coster, type CostItem, hoursPerMonth, item, whileStopped } from './item.ts';

/** A claim without a volume of its own makes the cluster make a disk, of the kind its class says. */
export const claim: Coster = function* (resource, context) {
  const spec = object(resource.inputs.spec);
  const size = /^(\d+)Gi$/.exec(text(object(object(spec.resources).requests).storage) ?? '')?.[1];
  const storageClass = context.resources.find(({ name }) => name === referenceOf(spec.storageClassName));
  const sku = text(object(storageClass?.inputs.parameters).skuName);
  const region = context.region({ ...resource, inputs: {} });
  if (isPresent(spec.volumeName) || size === undefined || region === undefined) return;
  const gib = Number(size);
  const here = { name: 'Volume', resource: resource.name, input: 'spec.resources.requests.storage' };
  if (sku === undefined)
    yield item({ ...here, detail: `${gib} GiB, of a class that is not known`, quantity: 1, meter: '?' }, undefined);
  else yield* managedDisks({ ...here, detail: `${gib} GiB, ${sku}` }, { region, sku, gib, count: 1 }, context);
};

/** The data disk; it may have a scale of its own, Premium SSD v2. */
export const disk: Coster = function* (resource, context) {
  const region = context.region(resource);
  const gib = number(resource.inputs.diskSizeGB);
  const sku = text(object(resource.inputs.sku).name);
  if (region === undefined || gib === undefined || sku === undefined) return;
  const here = { name: 'Data disk', detail: `${gib} GiB, ${sku}`, resource: resource.name, input: 'diskSizeGB' };
  if (sku === 'PremiumV2_LRS') yield* premiumV2(here, region, gib, resource.inputs, whileStopped(context));
  else yield* managedDisks(here, { region, sku, gib, count: 1 }, context);
};

type Here = Pick<CostItem, 'name' | 'resource' | 'input'> & { detail: string };

/** Premium SSD v2 is billed by the GiB, and by the speed asked for beyond what is included. */
function* premiumV2(
  here: Here,
  region: string,
  gib: number,
  inputs: Record<string, unknown>,
  suffix: string,
): Generator<CostItem> {
  const detail = `${here.detail}${suffix}`;
  yield item(
    { ...here, detail, quantity: gib, meter: 'Premium LRS Provisioned Capacity' },
    premiumSsdV2Capacity(region),
  );
  for (const [input, unit, included, meter, price] of [
    ['diskIOPSReadWrite', 'IOPS', 3000, 'Premium LRS Provisioned IOPS', premiumSsdV2Iops(region)],
    ['diskMBpsReadWrite', 'MB/s', 125, 'Premium LRS Provisioned Throughput (MBps)', premiumSsdV2Throughput(region)],
  ] as const) {
    const over = (number(inputs[input]) ?? 0) - included;
    if (over > 0)
      yield item(
        {
          ...here,
          name: 'Data disk speed',
          detail: `${over} ${unit} over ${included}${suffix}`,
          input,
          quantity: over * hoursPerMonth,
          meter,
        },
        price,
      );
  }
}

/** Disks by the step their size falls into; standard ones also by how often they are read and written. */
export function* managedDisks(
  here: Here,
  { region, sku, gib, count }: { region: string; sku: string; gib: number; count: number },
  context: CostContext,
): Generator<CostItem> {
  const step = diskTierFor(sku, gib);
  const redundancy = sku.endsWith('ZRS') ? 'ZRS' : 'LRS';
  const tier = step?.tier ?? '?';
  const detail = `${here.detail}, billed as ${tier}${whileStopped(context)}`;
  yield item(
    { ...here, detail, quantity: count, meter: `${tier} ${redundancy} Disk` },
    step && managedDisk(region, sku, step.tier),
  );
  // Premium disks have no such meter, and neither have the three smallest standard SSDs.
  if (!sku.startsWith('Standard') || /^E[123]$/.test(tier)) return;
  yield item(
    {
      ...here,
      name: `${here.name} operations`,
      detail: `${context.usage.diskOperations} a month${count > 1 ? ' each' : ''}, assumed`,
      quantity: (count * context.usage.diskOperations) / 10_000,
      assumes: ['usage.diskOperations'],
      unit: '10k operations',
      meter: `${tier} ${redundancy} Disk Operations`,
    },
    diskOperations(region, sku, tier),
  );
}
