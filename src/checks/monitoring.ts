import { writing } from '../edit/mend.ts';
import { collectsLogs } from '../resources/logs.ts';
import { type Check, each } from './check.ts';

const minutes = (duration: string): number => {
  const [, day, hours, mins] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(duration) ?? [];
  return Number(day ?? 0) * 1440 + Number(hours ?? 0) * 60 + Number(mins ?? 0);
};

export const alertTimes: Check = function* ({ monitoring }) {
  for (const [{ every, window }, index] of each(monitoring?.alerts ?? [])) {
    if (minutes(window) < minutes(every))
      yield {
        code: 'spec/conflict',
        path: `monitoring.alerts[${index}].window`,
        message: `the window ${window} is shorter than the interval ${every}`,
        mends: [writing(`monitoring.alerts[${index}].window`, every)],
      };
  }
};

/** That alerts tell nobody is a policy's business, which sees them all. */
export const somethingIsWatched: Check = function* (spec) {
  const people = spec.monitoring?.notify.length ?? 0;
  if (people > 0 && (spec.monitoring?.alerts.length ?? 0) === 0 && !collectsLogs(spec))
    yield {
      code: 'plan/nothing-watched',
      severity: 'info',
      path: 'monitoring.notify',
      message: 'nothing raises an alert, so nobody is told of anything',
      help: 'add monitoring.logs, which comes with alerts on restarts, lost peers and failed replication',
    };
};
