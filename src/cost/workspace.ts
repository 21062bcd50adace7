import { logIngestion, logRetention } from '../catalog/prices.ts';
import { number, object } from '../views.ts';
import { type Coster, daysPerMonth, item } from './item.ts';

const daysIncluded = 31;

/** A workspace costs what it takes in, up to its daily cap, and what it keeps beyond the days that are included. */
export const workspace: Coster = function* (resource, { usage, region }) {
  const place = region(resource);
  if (place === undefined) return;
  const here = { resource: resource.name };
  const cap = number(object(resource.inputs.workspaceCapping).dailyQuotaGb) ?? -1;
  const daily = cap < 0 ? usage.logsGbPerDay : Math.min(usage.logsGbPerDay, cap);
  const price = logIngestion(place);
  yield item(
    {
      ...here,
      name: 'Log ingestion',
      detail: `${daily} GB a day assumed, ${usage.freeLogGb} GB a month free`,
      input: 'workspaceCapping.dailyQuotaGb',
      quantity: daily * daysPerMonth,
      unit: 'GB',
      meter: 'Analytics Logs Data Ingestion',
      assumes: ['usage.logsGbPerDay', 'usage.freeLogGb'],
      // Specs may share it out among themselves, and one may have more than everybody has.
      allowance: {
        of: 'log ingestion',
        limit: Math.max(price?.free ?? 0, usage.freeLogGb),
        atMost: usage.freeLogGb,
      },
    },
    price,
  );
  const days = (number(resource.inputs.retentionInDays) ?? 30) - daysIncluded;
  if (days <= 0) return;
  yield item(
    {
      ...here,
      name: 'Log retention',
      detail: `${days} days over ${daysIncluded}`,
      input: 'retentionInDays',
      quantity: daily * days,
      assumes: ['usage.logsGbPerDay'],
      meter: 'Analytics Logs Data Retention',
    },
    logRetention(place),
  );
};
