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
  yield item(
    {
      ...here,
      name: 'Log ingestion',
      detail: `${daily} GB a day assumed, ${usage.freeLogGb} GB a month free`,
      input: 'workspaceCapping.dailyQuotaGb',
      quantity: daily * daysPerMonth,
      unit: 'GB',
      meter: 'Analytics Logs Data Ingestion',
      allowance: { of: 'log ingestion', limit: usage.freeLogGb },
    },
    logIngestion(place),
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
      meter: 'Analytics Logs Data Retention',
    },
    logRetention(place),
  );
};
