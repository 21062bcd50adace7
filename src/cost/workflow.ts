import { freeLogicActions, logicAction } from '../catalog/service-prices.ts';
import { object } from '../views.ts';
import { type Coster, item, monthly } from './item.ts';
import { minutesOf, recurrencesOf } from './running-hours.ts';

/** A logic app by its triggers and actions; the first ones of a month are free, in every region. */
export const workflow: Coster = function* (resource, { region }) {
  const place = region(resource);
  if (place === undefined) return;
  const actions = Object.keys(object(object(resource.inputs.definition).actions)).length;
  const runs = recurrencesOf(resource).reduce((sum, each) => sum + (minutesOf(each)?.length ?? Number.NaN), 0);
  const free = freeLogicActions();
  const isKnown = !Number.isNaN(runs);
  const quantity = isKnown ? monthly(runs) * (1 + actions) : 0;
  const fields = {
    name: 'Logic app',
    detail: isKnown ? `${runs} runs a week, ${1 + actions} actions each` : 'how often it runs is not known',
    resource: resource.name,
    input: 'definition',
    quantity,
    unit: 'action',
    meter: 'Consumption Built-in Actions',
    ...(free && { allowance: { of: 'logic app actions', limit: free.units } }),
  };
  const priced = item(fields, isKnown ? logicAction(place) : undefined);
  // Where the price is not known, nothing of it is due as long as the free ones are enough.
  const isFree = isKnown && priced.monthlyUsd === null && priced.freeAllowance?.granted === quantity;
  yield isFree && free ? { ...priced, monthlyUsd: 0, source: free.source, asOf: free.asOf } : priced;
};
