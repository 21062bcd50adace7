import { logIngestion, logRetention } from '../catalog/prices.ts';
import { number, object } from '../views.ts';
import { type Coster, daysPerMonth, item } from './item.ts';

/** A workspace costs what it takes in, up to its daily cap, and what it keeps beyond the 31 days that are included. */
export const workspace: Coster = function* (resource, { usage, region }) {
  const place = region(resource);
  if (place === undefined) return;
  const here = { resource: resource.name };
  const cap = number(object(resource.inputs.workspaceCapping).dailyQuotaGb) ?? -1;
  const daily = cap < 0 ? usage.logsGbPerDay : Math.min(usage.logsGbPerDay, cap);
  const price = logIngestion(place);
  const monthly = daily * daysPerMonth;
  yield item(
    {
      ...here,
      name: 'Log ingestion',
      detail: `${daily} GB a day assumed, ${usage.freeLogGb} GB a month free`,
      input: 'workspaceCapping.dailyQuotaGb',
      quantity: Math.max(0, monthly - usage.freeLogGb),
      meter: 'Analytics Logs Data Ingestion',
      assumes: ['usage.logsGbPerDay', 'usage.freeLogGb'],
      ...(price?.free !== undefined && {
        freeAllowance: {
          key: 'log ingestion',
          // What the spec says it has left may be more than what everybody has.
          quantity: Math.max(price.free, usage.freeLogGb),
          used: Math.min(monthly, usage.freeLogGb),
          unitPriceUsd: price.usd,
        },
      }),
    },
    price,
  );
  const days = (number(resource.inputs.retentionInDays) ?? 30) - 31;
  if (days <= 0) return;
  yield item(
    {
      ...here,
      name: 'Log retention',
      detail: `${days} days over 31`,
      input: 'retentionInDays',
      quantity: daily * days,
      assumes: ['usage.logsGbPerDay'],
      meter: 'Analytics Logs Data Retention',
    },
    logRetention(place),
  );
};
