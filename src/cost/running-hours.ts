import { isExpr } from '../expr.ts';
import type { Resource } from '../plan.ts';
import { items, number, object, referenceOf, text } from '../views.ts';
import { hoursPerWeek } from './item.ts';

const minutesPerWeek = hoursPerWeek * 60;
const weekDays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Hours of a week in which a cluster runs: all of them, unless workflows of the plan stop it and start it again. */
export function runningHours(cluster: Resource, resources: readonly Resource[]): number {
  const times: { minute: number; starts: boolean }[] = [];
  const zones = new Set<string>();
  for (const workflow of resources) {
    const action = workflow.type === 'azure-native:logic:Workflow' && switched(workflow, cluster, resources);
    if (!action || text(workflow.inputs.state) === 'Disabled') continue;
    for (const recurrence of recurrencesOf(workflow)) {
      zones.add(text(recurrence.timeZone) ?? 'UTC');
      const minutes = minutesOf(recurrence);
      // Whoever can't tell when it stops pays for the whole week.
      if (!minutes) return hoursPerWeek;
      times.push(...minutes.map((minute) => ({ minute, starts: action === 'start' })));
    }
  }
  // What is only stopped is started by hand, nobody knows when; and two clocks can't be compared.
  if (zones.size > 1 || !times.some(({ starts }) => starts) || times.every(({ starts }) => starts)) return hoursPerWeek;

  times.sort((a, b) => a.minute - b.minute || Number(a.starts) - Number(b.starts));
  let running = 0;
  for (const [index, { minute, starts }] of times.entries()) {
    const next = times[index + 1]?.minute ?? (times[0]?.minute ?? 0) + minutesPerWeek;
    if (starts) running += next - minute;
  }
  return running / 60;
}

/** What a workflow does to a cluster, by the address it posts to; by its own name where that is not known yet. */
function switched(workflow: Resource, cluster: Resource, resources: readonly Resource[]): 'stop' | 'start' | undefined {
  for (const action of Object.values(object(object(workflow.inputs.definition).actions)).map(object)) {
    const { method, uri } = object(action.inputs);
    if (text(method)?.toUpperCase() !== 'POST') continue;
    const { target, path } = addressOf(uri);
    const [, name, verb] = /(?:\/managedClusters\/([^/?]+))?\/(stop|start)(?:\?|$)/i.exec(path) ?? [];
    const isThisOne =
      target === cluster.name || (name !== undefined && name.toLowerCase() === nameOf(cluster)?.toLowerCase());
    if (verb && (isThisOne || (name === undefined && target === undefined && isOnly(cluster, resources))))
      return verb.toLowerCase() as 'stop' | 'start';
  }
  const [, verb] = /^off-hours-(stop|start)$/.exec(workflow.name) ?? [];
  return verb && isOnly(cluster, resources) && !hasAddress(workflow) ? (verb as 'stop' | 'start') : undefined;
}

/** The resource an address is made of, and the text around it. */
function addressOf(uri: unknown): { target?: string; path: string } {
  if (!isExpr(uri) || !('concat' in uri.$)) return { path: text(uri) ?? '' };
  const target = uri.$.concat.map(referenceOf).find((name) => name !== undefined);
  return { ...(target !== undefined && { target }), path: uri.$.concat.map((part) => text(part) ?? '').join('') };
}

const hasAddress = (workflow: Resource): boolean =>
  Object.values(object(object(workflow.inputs.definition).actions)).some(
    (action) => addressOf(object(object(action).inputs).uri).path !== '',
  );

const nameOf = (cluster: Resource): string | undefined => text(cluster.inputs.resourceName) ?? cluster.name;

const isOnly = (cluster: Resource, resources: readonly Resource[]): boolean =>
  resources.every(({ type, name }) => type !== cluster.type || name === cluster.name);

/** The schedules a workflow starts by. */
export const recurrencesOf = (workflow: Resource): Record<string, unknown>[] =>
  Object.values(object(object(workflow.inputs.definition).triggers))
    .map(object)
    .filter(({ type }) => type === 'Recurrence')
    .map(({ recurrence }) => object(recurrence));

/** The minutes of a week, from Monday on, at which a weekly or daily schedule is due; undefined for any other. */
export function minutesOf({ frequency, interval, schedule }: Record<string, unknown>): number[] | undefined {
  if ((frequency !== 'Week' && frequency !== 'Day') || (number(interval) ?? 1) !== 1) return undefined;
  const { weekDays: days, hours, minutes } = object(schedule);
  const numbers = (list: unknown): number[] => items(list).map(Number);
  const on = frequency === 'Day' && days === undefined ? weekDays : items(days);
  const due = on.flatMap((day) =>
    numbers(hours).flatMap((hour) =>
      (minutes === undefined ? [0] : numbers(minutes)).map(
        (minute) => (weekDays.indexOf(String(day)) * 24 + hour) * 60 + minute,
      ),
    ),
  );
  return due.length > 0 && due.every((minute) => minute >= 0 && minute < minutesPerWeek) ? due : undefined;
}
