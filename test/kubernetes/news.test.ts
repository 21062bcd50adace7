import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type News, newsOf } from '../../src/kubernetes/news.ts';
import type { Workload } from '../../src/kubernetes/pods.ts';
import { clusterToken, type Holds, type Kubernetes, startKubernetes } from '../support/kubernetes.ts';
import { folder } from '../support/specs.ts';

type Case = {
  what: string;
  workload?: Partial<Workload>;
  holds: Holds;
  said?: string;
  patienceMs?: number;
  asks?: string[];
  news: News;
};

const cases: Case[] = parse(readFileSync('test/fixtures/cluster-news.yaml', 'utf8'), { merge: true });
const workload: Workload = {
  ...{ kind: 'StatefulSet', namespace: 'perpetual', name: 'perpetual', labels: { app: 'perpetual' } },
};
const patient = { said: '', redact: (text: string) => text, timeoutMs: 20_000 };

let cluster: Kubernetes;
beforeAll(async () => {
  cluster = await startKubernetes();
});
afterAll(() => cluster?.close());

describe('what a cluster tells of a workload that does not get ready', () => {
  it.each(cases.map((each) => [each.what, each] as const))('%s', async (_, each) => {
    cluster.become(each.holds);
    const { said = '', patienceMs: timeoutMs = 20_000 } = each;
    const found = await newsOf(
      cluster.kubeconfig(),
      { ...workload, ...each.workload },
      { ...patient, said, timeoutMs },
    );
    expect(found).toEqual(each.news);
    if (each.asks) expect(cluster.asked().toSorted()).toEqual(each.asks);
  });

  const [room] = cases as [Case];

  it('is hidden where it is a secret, whole or by the line, and so is the login', async () => {
    const message = `sees the key of ada and ${clusterToken}`;
    const involvedObject = { kind: 'Pod', name: 'perpetual-0', uid: 'u1' };
    const [pod] = cases[1]?.holds.pods ?? [];
    cluster.become({
      ...{ pods: pod ? [pod] : [], events: [{ type: 'Warning', reason: 'A', message, involvedObject }] },
      logs: { 'perpetual-0/node': `the key of\nada and ${clusterToken}` },
    });
    const redact = (text: string) => text.replaceAll(/key of\s+ada/g, '[secret]');
    expect(await newsOf(cluster.kubeconfig(), workload, { ...patient, redact })).toEqual({
      events: [{ reason: 'A', message: 'sees the [secret] and [secret]', times: 1 }],
      log: { container: 'node', previous: false, lines: ['the [secret] and [secret]'] },
    });
  });

  it('is not waited for by whoever gives up', async () => {
    cluster.become({ answers: { events: { hangs: true } } });
    const { unknown } = await newsOf(cluster.kubeconfig(), workload, { ...patient, signal: AbortSignal.abort() });
    expect(unknown?.because).toBe('nobody waits for its answer any more');
  });

  it('is not read without end', async () => {
    cluster.become({ answers: { events: { text: ' '.repeat(5 * 1024 * 1024) } } });
    expect((await newsOf(cluster.kubeconfig(), workload, patient)).unknown?.because).toBe('its answer is too long');
  });

  describe('whoever logs in', () => {
    const credential = JSON.stringify({ kind: 'ExecCredential', status: { token: clusterToken } });
    const root = folder({ 'login.json': credential });
    const program = (command: string, ...args: string[]) => ({ exec: { command, args, env: null } });

    it.each<[string, () => Record<string, unknown>]>([
      ['with a token', () => ({ token: clusterToken })],
      ['with a certificate', () => cluster.certificateUser],
      ['by a program that has a token', () => program('cat', `${root}/login.json`)],
    ])('%s is told', async (_, user) => {
      cluster.become(room.holds);
      expect(await newsOf(cluster.kubeconfig(user()), workload, patient)).toEqual(room.news);
    });

    it('to a cluster of another name than its address is told, if it is that one', async () => {
      cluster.become(room.holds);
      const because = async (name: string) => {
        const kubeconfig = cluster.kubeconfig(undefined, { 'tls-server-name': name });
        return (await newsOf(kubeconfig, workload, patient)).unknown?.because;
      };
      expect(await because('perpetual-1.hcp.eastus.azmk8s.io')).toBeUndefined();
      expect(await because('elsewhere.example.org')).toBe(
        "it can't be reached from here (ERR_TLS_CERT_ALTNAME_INVALID)",
      );
    });

    it.each<[string, () => string, string]>([
      ['with another token', () => cluster.kubeconfig({ token: 'another' }), 'it does not accept the login'],
      [
        'by a program that is not here',
        () => cluster.kubeconfig(program('/nowhere/kubelogin', 'get-token')),
        '"kubelogin", with which one logs in, is not here',
      ],
      ['by one that fails', () => cluster.kubeconfig(program('false')), '"false" does not log in here'],
      ['by one that says nothing', () => cluster.kubeconfig(program('true')), '"true" does not log in here'],
      [
        'by one that never ends, nor what it starts',
        () => cluster.kubeconfig(program('sh', '-c', 'sleep 600 & sleep 600')),
        'it takes more than 0.5 seconds to answer',
      ],
      [
        'at an address where nobody is',
        () => cluster.kubeconfig(undefined, { server: 'https://localhost:1' }),
        "it can't be reached from here (ECONNREFUSED)",
      ],
      [
        'to one whose certificate nobody vouches for',
        () => cluster.kubeconfig(undefined, { 'certificate-authority-data': '' }),
        "it can't be reached from here (DEPTH_ZERO_SELF_SIGNED_CERT)",
      ],
      [
        'without encryption',
        () => cluster.kubeconfig(undefined, { server: 'http://localhost:1' }),
        "its kubeconfig can't be used",
      ],
      ['with a kubeconfig that is none', () => 'a: [', "its kubeconfig can't be read"],
      ['with an empty one', () => '', "its kubeconfig can't be read"],
      ['with one of nobody', () => '{}', 'its kubeconfig names no cluster, or nobody who may enter'],
    ])('%s is told why not', async (_, kubeconfig, because) => {
      cluster.become(room.holds);
      const timeoutMs = because.includes('0.5') ? 500 : patient.timeoutMs;
      const found = await newsOf(kubeconfig(), workload, { ...patient, timeoutMs });
      expect(found.events).toEqual([]);
      expect(found.unknown?.because).toBe(because);
    });
  });
});
