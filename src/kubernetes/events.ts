import { hasStarted, isScheduled, type Pod, type Workload } from './pods.ts';

/** As much of an event as is looked at; https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
export type Event = {
  metadata?: { creationTimestamp?: string };
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  involvedObject?: { kind?: string; name?: string; uid?: string };
  lastTimestamp?: string | null;
  eventTime?: string | null;
  series?: { count?: number; lastObservedTime?: string } | null;
};

/** What went wrong, and how often. */
export type Told = { reason: string; message: string; times: number };

const mostEvents = 5;

/** What a pod has got past explains nothing any more. */
const overcome: readonly [reason: RegExp, isPast: (pod: Pod) => boolean][] = [
  [/^FailedScheduling$/, isScheduled],
  [/^Failed(Mount|AttachVolume|MapVolume|CreatePodSandBox)$/, hasStarted],
];

/**
 * What went wrong with the pods of a workload that are not ready (not known which, where they could not be asked for),
 * latest first, what is the same counted together. Where there is no such pod, what kept it from being made.
 */
export function eventsAbout(
  { kind, name }: Workload,
  unready: readonly Pod[] | undefined,
  events: readonly Event[],
  shown: (text: string) => string,
): Told[] {
  const isOfMakers = (object: NonNullable<Event['involvedObject']>): boolean =>
    (object.kind === kind && object.name === name) || (object.kind === 'ReplicaSet' && isBelow(object.name));
  const isBelow = (other = ''): boolean => other.startsWith(`${name}-`);
  const isAbout = ({ involvedObject: object = {}, reason = '' }: Event): boolean => {
    if (object.kind !== 'Pod') return !unready?.length && isOfMakers(object);
    if (!unready) return isBelow(object.name);
    // One that came before it had the same name.
    const pod = unready.find(({ metadata: { uid, name } }) =>
      uid && object.uid ? uid === object.uid : name === object.name,
    );
    return pod !== undefined && !overcome.some(([reasons, isPast]) => reasons.test(reason) && isPast(pod));
  };
  const told = new Map<string, Told>();
  const warnings = events.filter((event) => event.type === 'Warning' && isAbout(event));
  for (const event of warnings.toSorted((a, b) => latest(b) - latest(a))) {
    const [reason, message] = [shown(event.reason ?? ''), shown(event.message ?? '')];
    const times = Math.max(1, event.series?.count ?? event.count ?? 1);
    const known = told.get(`${reason} ${message}`);
    if (known) known.times += times;
    else told.set(`${reason} ${message}`, { reason, message, times });
  }
  return [...told.values()].slice(0, mostEvents);
}

const latest = ({ series, lastTimestamp, eventTime, metadata }: Event): number =>
  Date.parse(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata?.creationTimestamp ?? '') || 0;
