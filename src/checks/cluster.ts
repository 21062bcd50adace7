import { windowsTimeZone } from '../catalog/time-zones.ts';
import { removing, writing } from '../edit/mend.ts';
import { didYouMean, nearNames } from '../spec/nearest-name.ts';
import type { Check } from './check.ts';

export const offHoursInDevelopment: Check = function* ({ cluster, metadata }) {
  const { offHours } = cluster;
  if (!offHours) return;
  if (metadata.stage === 'production')
    yield {
      code: 'spec/conflict',
      path: 'cluster.offHours',
      message: 'a production node must stay up: offHours is for development',
      mends: [removing('cluster.offHours')],
    };
  if (offHours.start >= offHours.stop)
    yield {
      code: 'spec/conflict',
      path: 'cluster.offHours.stop',
      message: `the cluster would stop at ${offHours.stop}, before it starts at ${offHours.start}`,
    };
};

/** The runtime knows every time zone by its IANA name; Azure's schedulers know those that Windows has. */
export const timeZoneExists: Check = function* ({ cluster }) {
  if (!cluster.offHours) return;
  const { timezone } = cluster.offHours;
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    if (windowsTimeZone(timezone) === undefined)
      yield {
        code: 'spec/invalid-value',
        path: 'cluster.offHours.timezone',
        message: `Azure's schedulers don't know the time zone "${timezone}"`,
        help: 'name another zone with the same time',
      };
  } catch {
    const near = nearNames(timezone, Intl.supportedValuesOf('timeZone'));
    yield {
      code: 'spec/invalid-value',
      path: 'cluster.offHours.timezone',
      message: `"${timezone}" is not the name of a time zone${didYouMean(near[0])}`,
      mends: near.slice(0, 1).map((name) => writing('cluster.offHours.timezone', name, near.length === 1)),
    };
  }
};
