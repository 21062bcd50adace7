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
      };
  }
};

export const somebodyIsTold: Check = function* (spec) {
  const alerts = spec.monitoring?.alerts.length ?? 0;
  const people = spec.monitoring?.notify.length ?? 0;
  const isWatched = alerts > 0 || collectsLogs(spec);
  if (isWatched && people === 0)
    yield {
      code: 'plan/nobody-notified',
      severity: 'info',
      path: alerts > 0 ? 'monitoring.alerts' : spec.storage.growth ? 'storage.growth' : 'monitoring.logs',
      message: 'alerts are raised and nobody is told of them',
      help: 'monitoring.notify: [ops@example.org]',
    };
  if (!isWatched && people > 0)
    yield {
      code: 'plan/nothing-watched',
      severity: 'info',
      path: 'monitoring.notify',
      message: 'nothing raises an alert, so nobody is told of anything',
      help: 'add monitoring.logs, which comes with alerts on restarts, lost peers and failed replication',
    };
};
