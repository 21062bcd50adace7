import { linuxVm } from '../catalog/prices.ts';
import { reservation, savingsPlan, spotVm } from '../catalog/vm-commitments.ts';
import { vmSize } from '../catalog/vm-sizes.ts';
import { catalogDate } from '../version.ts';
import { isPresent, number, text } from '../views.ts';
import { managedDisks } from './disk.ts';
import {
  type Alternative,
  type CostContext,
  type CostItem,
  hoursPerMonth,
  hoursPerWeek,
  item,
  monthly,
} from './item.ts';

type Place = {
  resource: string;
  /** Where the pool is among the resource's inputs. */
  at: string;
  region: string;
  /** Hours of a week; all of them when nothing stops the cluster. */
  running: number | undefined;
};

/** The virtual machines of a pool, and the disk each starts from. */
export function* nodes(
  pool: Record<string, unknown>,
  { resource, at, region, running = hoursPerWeek }: Place,
  context: CostContext,
): Generator<CostItem> {
  const size = text(pool.vmSize);
  // What the autoscaler may start is what must be affordable.
  const count =
    pool.enableAutoScaling === true
      ? number(pool.maxCount)
      : (number(pool.count) ?? (isPresent(pool.count) ? undefined : 1));
  if (size === undefined || count === undefined || count === 0) return;
  const facts = vmSize(size);
  const retires = facts?.retires ?? undefined;
  const isSpot = text(pool.scaleSetPriority) === 'Spot';
  const hours = count * monthly(running);
  const alternatives = isSpot ? [] : [...otherWays({ region, size, count, hours, retires, mode: text(pool.mode) })];
  const trap = retires && ([1, 3] as const).flatMap((years) => outlives(years, retires) ?? []).at(0);
  yield item(
    {
      name: 'Nodes',
      detail: [
        `${count} x ${size}, Linux, ${isSpot ? 'spot' : 'pay as you go'}`,
        ...(running < hoursPerWeek ? [`${running} of ${hoursPerWeek} hours a week`] : []),
      ].join(', '),
      resource,
      input: `${at}vmSize`,
      quantity: hours,
      meter: size,
      ...(alternatives.length > 0 && { alternatives }),
      ...(trap && { note: trap }),
    },
    (isSpot ? spotVm : linuxVm)(region, size),
  );
  if (text(pool.osDiskType) === 'Ephemeral') return;
  const gib = number(pool.osDiskSizeGB) || defaultOsDisk(facts?.vcpu ?? 2);
  const sku = facts && !facts.premiumStorage ? 'StandardSSD_LRS' : 'Premium_LRS';
  yield* managedDisks(
    { name: 'OS disks', detail: `${count} x ${gib} GiB`, resource, input: `${at}osDiskSizeGB` },
    { region, sku, gib, count },
    context,
  );
}

// What AKS takes when no size is given: concepts-storage.md, "default OS disk sizing".
const defaultOsDisk = (vcpu: number): number => (vcpu < 8 ? 128 : vcpu < 16 ? 256 : vcpu < 64 ? 512 : 1024);

type Machines = {
  region: string;
  size: string;
  count: number;
  hours: number;
  retires: string | undefined;
  mode: string | undefined;
};

/** What the same machines would come to when bought ahead, or when Azure may take them away. */
function* otherWays({ region, size, count, hours, retires, mode }: Machines): Generator<Alternative> {
  const always = 'due whether the machines run or not';
  for (const years of [1, 3] as const) {
    const reserved = reservation(region, size, years);
    const trap = retires && outlives(years, retires);
    if (reserved) {
      const { usd, source, asOf } = reserved;
      const note = [always, ...(trap ? [trap] : [])].join('; ');
      yield { name: reservationOf(years), monthlyUsd: (usd * count) / (12 * years), note, source, asOf };
    }
    const planned = savingsPlan(region, size, years);
    if (planned) {
      const { usd, source, asOf } = planned;
      const note = `${always}; for any size, so it outlives this one`;
      yield { name: `${years}-year savings plan`, monthlyUsd: usd * count * hoursPerMonth, note, source, asOf };
    }
  }
  const spot = spotVm(region, size);
  if (spot) {
    const { usd, source, asOf } = spot;
    const note = `Azure may take the machines away at any time${mode === 'System' ? '; never for a system pool' : ''}`;
    yield { name: 'spot', monthlyUsd: usd * hours, note, source, asOf };
  }
}

const reservationOf = (years: number): string => `${years}-year reservation`;

/** Why a reservation is a trap: it can't be made before the day of the catalog, and its machines end before it does. */
function outlives(years: number, retires: string): string | undefined {
  const lastDay = `${Number(retires.slice(0, 4)) - years}${retires.slice(4)}`;
  if (lastDay >= catalogDate) return undefined;
  return `a trap: a ${reservationOf(years)} runs past ${retires}, when the size retires`;
}
