import { diskSnapshot } from '../catalog/service-prices.ts';
import type { Resource } from '../plan.ts';
import { items, number, object, referenceOf, text } from '../views.ts';
import { type Coster, item } from './item.ts';

/** Backups of a disk are snapshots: a whole one, and of each other that is kept what had changed since the one before. */
export const diskBackup: Coster = function* (resource, { usage, region, resources }) {
  const properties = object(resource.inputs.properties);
  const named = (name: string | undefined): Resource | undefined => resources.find((each) => each.name === name);
  const disk = named(referenceOf(object(properties.dataSourceInfo).resourceID));
  const policy = named(referenceOf(object(properties.policyInfo).policyId));
  const gib = number(disk?.inputs.diskSizeGB);
  const place = disk && region(disk);
  if (!policy || gib === undefined || place === undefined) return;
  const { kept, input } = retentionOf(policy);
  if (kept === undefined) return;
  const churn = usage.backupChurnPercent / 100;
  yield item(
    {
      name: 'Disk backups',
      detail: `${gib} GiB, ${kept} kept, ${usage.backupChurnPercent} percent changed in each, assumed`,
      // How long it keeps them is what decides.
      resource: policy.name,
      input,
      quantity: gib * (1 + churn * (kept - 1)),
      assumes: ['usage.backupChurnPercent'],
      meter: '(Standard HDD Managed Disks, LRS Snapshots)',
    },
    diskSnapshot(place),
  );
};

/** How many backups there are at a time, by the policy's interval and retention, and the input with the latter. */
function retentionOf(policy: Resource): { kept: number | undefined; input: string } {
  let hours: number | undefined;
  let days: number | undefined;
  let input = '';
  for (const [index, rule] of items(object(policy.inputs.properties).policyRules).map(object).entries()) {
    const interval = text(items(object(object(rule.trigger).schedule).repeatingTimeIntervals)[0]);
    const [, each, daily] = /\/(?:PT(\d+)H|P(\d+)D)$/.exec(interval ?? '') ?? [];
    if (interval !== undefined) hours = each ? Number(each) : daily ? Number(daily) * 24 : undefined;
    const duration = text(object(object(items(rule.lifecycles)[0]).deleteAfter).duration);
    if (duration === undefined) continue;
    days = Number(/^P(\d+)D$/.exec(duration)?.[1]);
    input = `properties.policyRules[${index}].lifecycles[0].deleteAfter.duration`;
  }
  return { kept: hours && days ? Math.max(1, Math.floor((days * 24) / hours)) : undefined, input };
}
