import { type Found, type Question, same, whenAnswered } from '../question.ts';

/** https://learn.microsoft.com/rest/api/resources/subscriptions/get */
type Subscription = { state: string; subscriptionPolicies?: { spendingLimit?: string; quotaId?: string } };
type Location = { name: string };

const place = { resource: 'azure', input: 'subscriptionId' };
const version = '2022-12-01';

/** Is the subscription one that can be deployed into? */
export const subscriptionState: Question = async ({ arm, scope }) =>
  whenAnswered('the state of the subscription', place, await arm.get<Subscription>(scope, version), function* (found) {
    const about = { code: 'preflight/subscription', severity: 'error', place } as const;
    if (!found) {
      yield {
        ...about,
        message: 'there is no such subscription for whoever is logged in',
        help: 'log in to its tenant, or ask for a role in it',
      };
      return;
    }
    const { state, subscriptionPolicies = {} } = found;
    const isUsable = state === 'Enabled' || state === 'PastDue' || state === 'Warned';
    if (!isUsable)
      yield {
        ...about,
        message: `the subscription is ${state.toLowerCase()}: nothing can be made or changed in it`,
        help: 'have it enabled again, by whoever pays for it',
      };
    else if (state !== 'Enabled')
      yield {
        ...about,
        severity: 'warning',
        message: `the subscription is ${state === 'Warned' ? 'about to be disabled' : 'past due'}`,
        help: 'settle what is owed, or the node stops with it',
      };
    if (subscriptionPolicies.spendingLimit === 'On')
      yield {
        ...about,
        severity: 'warning',
        message:
          'the subscription has a spending limit: all of it stops for the rest of the month when the credit is spent',
        help: 'remove the limit, or keep to another subscription for what must stay up',
      };
  });

/** Is the region one that the subscription sees? */
export const regionOpen: Question = async ({ arm, scope, region }) => {
  const regionPlace = { resource: 'resource-group', input: 'location' };
  const answer = await arm.list<Location>(`${scope}/locations`, version);
  return whenAnswered(
    'the regions of the subscription',
    regionPlace,
    answer,
    function* (locations = []): Generator<Found> {
      if (locations.length === 0 || locations.some(({ name }) => same(name, region))) return;
      yield {
        code: 'preflight/region-closed',
        severity: 'error',
        place: regionPlace,
        message: `the subscription may not use the region ${region}`,
        help: 'ask Azure for access to it, or choose another region',
      };
    },
  );
};
