import { mkdtempSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { kubeconfigToken as clusterToken } from '../stand-in/azure/functions.ts';
import { certificate } from './certificate.ts';

type Metadata = { name?: string; namespace?: string; labels?: Record<string, string> };
type Question = 'pods' | 'events' | 'log';

/** What a cluster holds; what stands for none of an object's namespace is "perpetual". */
export type Holds = {
  pods?: ({ metadata: Metadata } & Record<string, unknown>)[];
  events?: ({ metadata?: Metadata } & Record<string, unknown>)[];
  /** By pod and container, as in `perpetual-0/node`, and after that ` previous` for one that is gone. */
  logs?: Record<string, string>;
  /** What it says instead: a refusal of this kind, any text, or nothing ever. */
  answers?: Partial<Record<Question, { status?: number; text?: string; hangs?: true }>>;
};

/** Names of AKS, which nobody looks up here. */
const clusterNames = '*.hcp.eastus.azmk8s.io';

/** As the API server refuses, with a name that is nobody's business. */
const refusal = (status: number): string =>
  JSON.stringify({
    ...{ kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status },
    message: `events is forbidden: User "ada@example.org" cannot list resource "events" in API group ""`,
  });

export { clusterToken };

export type Kubernetes = Awaited<ReturnType<typeof startKubernetes>>;

/** Answers as the API server of a cluster does, to whoever has the token or the certificate. */
export async function startKubernetes() {
  const folder = mkdtempSync(join(tmpdir(), 'perpetual-kubernetes-'));
  const server = certificate(folder, 'localhost', clusterNames);
  const client = certificate(folder, 'client');
  let holds: Holds = {};
  let asked: string[] = [];
  const tls = { key: server.key, cert: server.cert, requestCert: true, rejectUnauthorized: false, ca: client.cert };
  const listener = createServer(tls, (request, response) => {
    const url = new URL(request.url ?? '', 'https://localhost');
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    const [, namespace = '', what = '', name = '', below] =
      /^\/api\/v1\/namespaces\/([^/]+)\/(pods|events)(?:\/([^/]+)\/(log))?$/.exec(url.pathname) ?? [];
    const question = (below ?? what) as Question;
    const instead = isKnown(request) ? holds.answers?.[question] : { status: 401 };
    if (instead?.hangs) return;
    const [status, body] = instead
      ? [instead.status ?? 200, instead.text ?? refusal(instead.status ?? 0)]
      : answer(question, namespace, name, url.searchParams);
    response.writeHead(status, { 'content-type': question === 'log' ? 'text/plain' : 'application/json' });
    response.end(body);
  });

  const isKnown = ({ headers, socket }: IncomingMessage): boolean =>
    headers.authorization === `Bearer ${clusterToken}` || (socket as TLSSocket).authorized;

  function answer(question: Question, namespace: string, pod: string, query: URLSearchParams): [number, string] {
    if (question === 'log') {
      const log = holds.logs?.[`${pod}/${query.get('container')}${query.has('previous') ? ' previous' : ''}`];
      if (log === undefined) return [400, refusal(400)];
      return [
        200,
        `${log
          .trimEnd()
          .split('\n')
          .slice(-Number(query.get('tailLines')))
          .join('\n')}\n`,
      ];
    }
    const listed: { metadata?: Metadata }[] | undefined = { pods: holds.pods, events: holds.events }[question];
    if (question !== 'pods' && question !== 'events') return [404, refusal(404)];
    const items = (listed ?? []).filter(
      (each) =>
        (each.metadata?.namespace ?? 'perpetual') === namespace &&
        pairs(query.get('labelSelector')).every(([key, value]) => each.metadata?.labels?.[key] === value) &&
        pairs(query.get('fieldSelector')).every(([path, value]) => field(each, path) === value),
    );
    return [200, JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata: {}, items })];
  }

  await new Promise<void>((resolve) => listener.listen(0, 'localhost', resolve));
  const address = `https://localhost:${(listener.address() as AddressInfo).port}`;
  return {
    /** Where the stand-in's clusters say that their API servers are. */
    env: { PERPETUAL_STANDIN_API: JSON.stringify({ address, authority: base64(server.cert) }) },
    /** How it is reached, by the user's credentials and with other words about the cluster. */
    kubeconfig: (user: Record<string, unknown> = { token: clusterToken }, cluster: Record<string, unknown> = {}) =>
      JSON.stringify({
        ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'a' },
        clusters: [
          { name: 'b', cluster: { server: address, 'certificate-authority-data': base64(server.cert), ...cluster } },
        ],
        users: [{ name: 'c', user }],
        contexts: [{ name: 'a', context: { cluster: 'b', user: 'c' } }],
      }),
    certificateUser: { 'client-certificate-data': base64(client.cert), 'client-key-data': base64(client.key) },
    become(different: Holds): void {
      holds = different;
      asked = [];
    },
    asked: (): readonly string[] => asked,
    close: () => {
      listener.closeAllConnections();
      return new Promise((resolve) => listener.close(resolve));
    },
  };
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const pairs = (selector: string | null): [string, string][] =>
  (selector ?? '')
    .split(',')
    .filter(Boolean)
    .map((each) => each.split('=') as [string, string]);

const field = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], value);
