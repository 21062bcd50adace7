import { stripVTControlCharacters } from 'node:util';
import { Api } from './api.ts';
import { type Event, eventsAbout, type Told } from './events.ts';
import { type Container, containerAtFault, isUnready, lastWords, type Pod, type Workload } from './pods.ts';
import { Unanswered } from './unanswered.ts';

/** What the cluster knows of a workload that does not get ready. */
export type News = {
  /** What went wrong with its pods, latest first. */
  events: Told[];
  /** How the log ends of the container that keeps a pod from being ready. */
  log?: { container: string; previous: boolean; lines: string[] };
  /** Why it is not known whole, and the command that shows the rest to whoever may see it. */
  unknown?: { because: string; command: string };
};

type Options = {
  /** What was said of it already: a log that is there is not fetched again. */
  said: string;
  redact: (text: string) => string;
  timeoutMs: number;
  /** Whoever waits may give up before. */
  signal?: AbortSignal;
};

const mostLines = 10;
const mostOfALine = 400;

/** Asks the cluster why a workload does not get ready. Never throws, and never takes longer than it is given. */
export async function newsOf(kubeconfig: string, workload: Workload, options: Options): Promise<News> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout;
  const { namespace } = workload;
  const news: News = { events: [] };
  const shown = (text: string): string => short(options.redact(plain(text)));
  const unknown = (error: unknown, command: string): void => {
    news.unknown ??= { because: because(error), command: `kubectl -n ${namespace} ${command}` };
  };
  const because = (error: unknown): string => {
    if (timeout.aborted) return `it takes more than ${options.timeoutMs / 1000} seconds to answer`;
    if (signal.aborted) return 'nobody waits for its answer any more';
    return error instanceof Unanswered ? error.message : 'its answer makes no sense';
  };
  const inNamespace = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
  try {
    const api = await Api.open(kubeconfig, signal);
    const labelSelector = Object.entries(workload.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    const [pods, events] = await Promise.allSettled([
      api.list<Pod>('pods', `${inNamespace}/pods`, { labelSelector, limit: '100' }),
      api.list<Event>('events', `${inNamespace}/events`, { fieldSelector: 'type=Warning', limit: '500' }),
    ]);
    if (events.status === 'rejected') throw events.reason;
    const unready = pods.status === 'fulfilled' ? pods.value.filter(isUnready) : undefined;
    news.events = eventsAbout(workload, unready, events.value, shown);
    if (pods.status === 'rejected') throw pods.reason;
    const pod = unready?.[0];
    const container = pod && containerAtFault(pod);
    if (pod && container?.hasStarted && !isSaid(container, options)) await addLog(api, pod, container);
  } catch (error) {
    unknown(error, 'get events --field-selector type=Warning');
  }
  return news;

  async function addLog(api: Api, pod: Pod, { name, hasRestarted: previous }: Container): Promise<void> {
    const path = `${inNamespace}/pods/${encodeURIComponent(pod.metadata.name)}/log`;
    const container = shown(name);
    try {
      const log = await api.text('logs', path, {
        ...{ container: name, tailLines: `${mostLines}`, limitBytes: '65536' },
        ...(previous && { previous: 'true' }),
      });
      // Whole before it is cut into lines: so may a secret be that is written there.
      const lines = options.redact(plain(log)).split('\n').map(short).filter(Boolean).slice(-mostLines);
      if (lines.length > 0) news.log = { container, previous, lines };
    } catch (error) {
      // It is gone with its container, which is no fault of anybody's.
      if (error instanceof Unanswered && (error.status === 400 || error.status === 404)) return;
      unknown(error, `logs ${shown(pod.metadata.name)} -c ${container}${previous ? ' --previous' : ''}`);
    }
  }
}

/** What was reported of a container's end has the same last lines as its log. */
function isSaid(container: Container, { said, redact }: Options): boolean {
  const words = redact(lastWords(container) ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return words !== '' && said.replace(/\s+/g, ' ').includes(words);
}

/** Nothing that would move the cursor of whoever reads it. */
const plain = (text: string): string => stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]/gu, '');

const short = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > mostOfALine ? `${line.slice(0, mostOfALine)}...` : line;
};
