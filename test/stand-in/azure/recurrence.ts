import type { Properties } from '../provider.ts';
import { isObject } from '../values.ts';
import { windowsTimeZones } from './windows-time-zones.ts';

/** https://learn.microsoft.com/azure/logic-apps/logic-apps-limits-and-configuration: 16 months at most. */
const longest: Readonly<Record<string, number>> = {
  Second: 9_999_999,
  Minute: 72_000,
  Hour: 12_000,
  Day: 500,
  Week: 71,
  Month: 16,
};
const members = ['frequency', 'interval', 'startTime', 'endTime', 'count', 'timeZone', 'schedule'];
const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/**
 * What is wrong with a recurrence, or nothing: https://learn.microsoft.com/azure/connectors/connectors-native-recurrence;
 * members it does not have as in https://github.com/MicrosoftDocs/azure-docs/issues/53192.
 */
export function recurrenceFault(recurrence: unknown): string | undefined {
  if (!isObject(recurrence)) return "The 'recurrence' property is missing.";
  const strange = Object.keys(recurrence).find((key) => !members.includes(key));
  if (strange) return `Could not find member '${strange}' on object of type 'FlowRecurrence'. Path '${strange}'.`;
  const { frequency, interval, schedule } = recurrence;
  const most = Object.hasOwn(longest, String(frequency)) ? longest[String(frequency)] : undefined;
  if (most === undefined) return `The frequency '${frequency}' is not one of ${Object.keys(longest).join(', ')}.`;
  if (!isWhole(interval, 1, most)) return `The interval '${interval}' is not between 1 and ${most} for '${frequency}'.`;
  return timeFault(recurrence) ?? (schedule === undefined ? undefined : scheduleFault(String(frequency), schedule));
}

const isWhole = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;

/** Without a time zone, or in UTC, a moment ends in `Z`: https://github.com/Azure/LogicAppsUX/issues/9010 */
function timeFault({ timeZone, startTime, endTime }: Properties): string | undefined {
  if (timeZone !== undefined && !windowsTimeZones.has(String(timeZone)))
    return `The time zone '${timeZone}' is not a Windows time zone, such as 'W. Europe Standard Time'.`;
  for (const moment of [startTime, endTime]) {
    if (moment === undefined) continue;
    const [, zulu] = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z?)$/.exec(String(moment)) ?? [];
    if (zulu === undefined || Number.isNaN(Date.parse(String(moment)))) return `'${moment}' is no moment.`;
    if (zulu === '' && (timeZone === undefined || timeZone === 'UTC')) return `'${moment}' needs a 'Z' at its end.`;
  }
  return undefined;
}

function scheduleFault(frequency: string, schedule: unknown): string | undefined {
  if (!isObject(schedule)) return "The 'schedule' is not an object.";
  const strange = Object.keys(schedule).find(
    (key) => !['hours', 'minutes', 'weekDays', 'monthDays', 'monthlyOccurrences'].includes(key),
  );
  if (strange) return `Could not find member '${strange}' on object of type 'RecurrenceSchedule'. Path '${strange}'.`;
  const allowed = { Day: ['hours', 'minutes'], Week: ['hours', 'minutes', 'weekDays'], Month: Object.keys(schedule) };
  const early = Object.keys(schedule).find((key) => !(allowed[frequency as 'Day'] ?? []).includes(key));
  if (early) return `The schedule's '${early}' is not allowed with the frequency '${frequency}'.`;
  for (const [key, most] of [
    ['hours', 23],
    ['minutes', 59],
  ] as const) {
    const values = schedule[key] === undefined ? [] : listed(schedule[key]);
    const wrong = values.find((value) => !isWhole(Number(value), 0, most) || String(value).trim() === '');
    if (wrong !== undefined) return `The schedule's ${key} '${wrong}' are not between 0 and ${most}.`;
  }
  const wrong =
    schedule.weekDays === undefined ? undefined : listed(schedule.weekDays).find((day) => !days.includes(String(day)));
  return wrong === undefined ? undefined : `The schedule's week day '${wrong}' is not one of ${days.join(', ')}.`;
}

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
