import { metricAlert as metricAlertPrice } from '../catalog/prices.ts';
import { logAlert } from '../catalog/service-prices.ts';
import { text } from '../views.ts';
import { type Coster, item } from './item.ts';

/** A log search alert by the month and by how often it looks. */
export const queryRule: Coster = function* (resource, { region }) {
  const place = region(resource);
  const frequency = text(resource.inputs.evaluationFrequency);
  if (place === undefined || frequency === undefined) return;
  const minutes = ({ PT1M: 1, PT5M: 5, PT10M: 10, PT15M: 15 } as const)[frequency];
  yield item(
    {
      name: 'Log alert',
      detail: minutes ? `every ${minutes} minutes` : `every ${frequency}`,
      resource: resource.name,
      input: 'evaluationFrequency',
      quantity: 1,
      meter: `Alerts System Log Monitored at ${minutes ?? '?'} Minute Frequency`,
    },
    minutes && logAlert(place, minutes),
  );
};

/** Metric alerts by the time series they watch, of which the first ones are free: one line for all of them. */
export const metricAlert: Coster = function* (resource, { region, resources }) {
  const place = region({ ...resource, inputs: {} });
  const all = resources.filter(({ type }) => type === resource.type);
  if (place === undefined || all[0]?.name !== resource.name) return;
  const price = metricAlertPrice(place);
  yield item(
    {
      name: 'Metric alerts',
      detail: `${all.length} time series, ${price?.free ?? 0} free`,
      resource: resource.name,
      input: '',
      quantity: all.length,
      meter: 'Alerts Metric Monitored',
      allowance: { of: 'metric alerts', limit: price?.free ?? 0 },
    },
    price,
  );
};
