import { writing } from '../edit/mend.ts';
import type { Check } from './check.ts';

/** Azure's budget has no start of its own, and one taken from the clock would be another one each month. */
export const budgetStart: Check = function* ({ budget }, today) {
  if (!budget || budget.alerts.length === 0 || budget.start !== undefined) return;
  yield {
    code: 'spec/missing-key',
    path: 'budget.start',
    message: 'a budget with alerts needs "start", the first day of the month from which Azure counts',
    help: `start: ${today.slice(0, 8)}01`,
    mends: [writing('budget.start', `${today.slice(0, 8)}01`, true)],
  };
};
