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

// azure-native's api-docs/consumption/budget: not before this day, and at most twelve months ahead.
const firstStart = '2017-06-01';

/** A start in the past may be that of a budget that is there; one too far ahead is refused whether it is there or not. */
export const budgetStartsSoon: Check = function* ({ budget }, today) {
  const start = budget?.start;
  if (start === undefined) return;
  const [year = '', month = ''] = today.split('-');
  const latest = `${Number(year) + 1}-${month}-01`;
  if (start >= firstStart && start <= latest) return;
  yield {
    code: 'spec/invalid-value',
    path: 'budget.start',
    message: `Azure takes no budget that starts on ${start}: from ${firstStart} to ${latest}`,
  };
};
