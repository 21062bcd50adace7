import type { News } from '../kubernetes/news.ts';
import type { Workload } from '../kubernetes/pods.ts';
import { object, text } from '../views.ts';
import type { Failure, Outcome } from './outcome.ts';
import type { Work } from './result.ts';
import type { Opened } from './session.ts';
import { type State, stateOf } from './state.ts';
import type { Target } from './target.ts';

/** For all that is asked, the login included. */
const patienceMs = 10_000;

/** A workload that is there and that the provider has waited for in vain. */
const inVain = /failed to fully initialize or become live/;

/**
 * What failed, with what the cluster itself knows of workloads that did not get ready: the provider tells no events of a
 * StatefulSet. Nothing that goes wrong here may hide the failure that it is to explain.
 */
export async function withNews(
  { progress, interrupt }: Work,
  { environment, redact }: Target,
  opened: Opened,
  outcome: Outcome,
): Promise<Outcome> {
  const waitedFor = outcome.failures.filter(({ resource, message }) => resource !== undefined && inVain.test(message));
  const cluster = waitedFor.length > 0 ? await clusterOf(opened) : undefined;
  if (!cluster) return outcome;
  const first = waitedFor.filter(
    (each, index) => waitedFor.findIndex((one) => one.resource === each.resource) === index,
  );
  const asked = await Promise.all(
    first.map(async (failure): Promise<[Failure, Failure]> => {
      const workload = workloadIn(cluster.state, failure);
      if (!workload) return [failure, failure];
      progress.say(`${environment}: asking the cluster why "${failure.resource}" is not ready`);
      const { newsOf } = await import('../kubernetes/news.ts');
      const options = { said: failure.message, redact, timeoutMs: patienceMs, signal: interrupt.signal };
      return [failure, { ...failure, cluster: await newsOf(cluster.kubeconfig, workload, options) }];
    }),
  );
  const told = new Map(asked);
  return { ...outcome, failures: outcome.failures.map((failure) => told.get(failure) ?? failure) };
}

/** What the stack holds, and the kubeconfig of its provider: a stack whose first deployment failed has no outputs yet. */
async function clusterOf({ ask }: Opened): Promise<{ state: State; kubeconfig: string } | undefined> {
  try {
    const state = stateOf(await ask('stack', 'export', '--show-secrets'));
    const given = state.resources.find(({ type }) => type === 'pulumi:providers:kubernetes')?.inputs.kubeconfig;
    const secret = text(object(given).plaintext);
    const kubeconfig = secret === undefined ? text(given) : text(JSON.parse(secret));
    return kubeconfig === undefined ? undefined : { state, kubeconfig };
  } catch {
    return undefined;
  }
}

/** As the provider was told, where all that depends on others has its value. */
function workloadIn({ resources }: State, { resource: name }: Failure): Workload | undefined {
  const held = resources.find((each) => each.name === name && each.type.startsWith('kubernetes:'));
  if (!held) return undefined;
  const { kind, metadata, spec } = held.inputs;
  const { name: own, namespace } = object(metadata);
  const labels = object(object(object(spec).selector).matchLabels) as Record<string, string>;
  if (text(kind) === undefined || text(own) === undefined || Object.keys(labels).length === 0) return undefined;
  return { kind: String(kind), namespace: text(namespace) ?? 'default', name: String(own), labels };
}

/** What went wrong in the cluster, as one line a fact, for whoever knows what such words mean. */
export const eventLines = ({ events = [] }: Partial<News>): string[] =>
  events.map(({ reason, message, times }) => `${reason}${times > 1 ? ` (${times} times)` : ''}: ${message}`);

/** The same for people, with the log and with what is not known. */
export function newsLines(news: News): string[] {
  const { log, unknown } = news;
  const events = eventLines(news);
  return [
    ...(events.length > 0 ? ['its events, latest first:', ...indented(events)] : []),
    ...(log
      ? [
          `the log of "${log.container}"${log.previous ? ', before it was started again,' : ''} ends with:`,
          ...indented(log.lines),
        ]
      : []),
    ...(unknown ? [`more can't be asked of the cluster: ${unknown.because}; "${unknown.command}" shows it`] : []),
  ];
}

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
