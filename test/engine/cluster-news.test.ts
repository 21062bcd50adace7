import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withNews } from '../../src/engine/cluster-news.ts';
import { Interrupt } from '../../src/engine/interrupt.ts';
import { failed } from '../../src/engine/located.ts';
import type { Failure, Outcome } from '../../src/engine/outcome.ts';
import type { Work } from '../../src/engine/result.ts';
import type { Opened } from '../../src/engine/session.ts';
import type { Target } from '../../src/engine/target.ts';
import { clusterToken, type Kubernetes, startKubernetes } from '../support/kubernetes.ts';
import { compileText, leastSpec } from '../support/specs.ts';

const inVain = "failed to fully initialize or become live: 'perpetual' timed out waiting to be Ready";
const labels = { 'app.kubernetes.io/name': 'perpetual' };
const pod = { metadata: { name: 'perpetual-0', labels } };
const event = (reason: string, message: string) => ({
  ...{ type: 'Warning', reason, message, involvedObject: { kind: 'Pod', name: 'perpetual-0' } },
});
const target = {
  ...{ environment: 'prod', compiled: compileText(leastSpec) },
  redact: (text: string) => text.replaceAll('marker-of-a-secret', '[secret]'),
} as Target;

let cluster: Kubernetes;
beforeAll(async () => {
  cluster = await startKubernetes();
});
afterAll(() => cluster?.close());

/** What a stack has of the node, with the way into the cluster as a secret of its provider. */
const stack = () => {
  const urn = (type: string, name: string) => ({ type, urn: `urn:pulumi:prod::perpetual::${type}::${name}` });
  const kubeconfig = { '4dabf18193072939515e22adb298388d': 'secret', plaintext: JSON.stringify(cluster.kubeconfig()) };
  const workload = {
    ...{ kind: 'StatefulSet', metadata: { name: 'perpetual', namespace: 'perpetual' } },
    spec: { selector: { matchLabels: labels } },
  };
  const resources = [
    { ...urn('pulumi:providers:kubernetes', 'kubernetes'), inputs: { kubeconfig } },
    { ...urn('kubernetes:apps/v1:StatefulSet', 'node'), inputs: workload },
  ];
  return JSON.stringify({ deployment: { resources } });
};

async function told(failures: Failure[], ask: () => Promise<string> = async () => stack()) {
  const said: string[] = [];
  const interrupt = new Interrupt(() => undefined);
  try {
    const work = { progress: { say: (line: string) => said.push(line) }, interrupt } as unknown as Work;
    const outcome = { failures } as Outcome;
    return { said, outcome: await withNews(work, target, { ask } as unknown as Opened, outcome) };
  } finally {
    interrupt.close();
  }
}

describe('a node that was waited for in vain', () => {
  it.each<[string, string, string, RegExp]>([
    ['FailedScheduling', '0/1 nodes are available: 1 Insufficient memory.', 'node.resources', /no node has room/],
    ['FailedScheduling', '1 node(s) had volume node affinity conflict.', 'storage', /in the zone of the disk/],
    ['FailedAttachVolume', 'Multi-Attach error for volume "data"', 'storage', /the disk can't be attached/],
    ['FailedMount', 'MountVolume.SetUp failed: secrets-store: no grant', 'node', /from the vault/],
    ['FailedMount', 'configmap "settings" not found', 'node', /a volume can't be mounted/],
    ['Failed', 'Error: ErrImagePull: dial tcp: no such host', 'node.image', /the image can't be pulled/],
    ['BackOff', 'Back-off restarting failed container node', 'node.image', /starts and dies again/],
    ['Unhealthy', 'Readiness probe failed: dial tcp 10.0.0.1:5001: connection refused', 'node', /does not answer/],
  ])('is explained by its event at a line of the spec: %s %s', async (reason, message, path, meaning) => {
    cluster.become({ pods: [pod], events: [event(reason, message)] });
    const { outcome } = await told([{ resource: 'node', message: inVain }]);
    const [found] = failed(target, outcome);
    expect(found?.message).toMatch(meaning);
    expect(found?.path.startsWith(path), found?.path).toBe(true);
    expect(found?.why).toBe(`Kubernetes says: ${inVain}\nits events, latest first:\n  ${reason}: ${message}`);
  });

  it('has its log told, in which nothing is taken for an answer of the cluster, and no secret', async () => {
    const status = { containerStatuses: [{ name: 'node', ready: false, restartCount: 2 }] };
    cluster.become({
      pods: [{ ...pod, status }],
      logs: { 'perpetual-0/node previous': `starting\nOOMKilled marker-of-a-secret ${clusterToken}` },
    });
    const { said, outcome } = await told([{ resource: 'node', message: inVain }]);
    expect(said).toEqual(['prod: asking the cluster why "node" is not ready']);
    const [found] = failed(target, outcome);
    expect(found?.message).toBe('"node" failed: it was not ready in time');
    expect(found?.why?.split('\n').slice(1)).toEqual([
      'the log of "node", before it was started again, ends with:',
      '  starting',
      '  OOMKilled [secret] [secret]',
    ]);
  });

  it('is told of with one line where the cluster does not answer', async () => {
    cluster.become({ answers: { events: { status: 403 } } });
    const { outcome } = await told([{ resource: 'node', message: inVain }]);
    expect(failed(target, outcome)[0]?.why?.split('\n').slice(1)).toEqual([
      'more can\'t be asked of the cluster: whoever asks may not read events; "kubectl -n perpetual get events --field-selector type=Warning" shows it',
    ]);
  });
});

describe('nobody is asked', () => {
  it.each<[string, Failure]>([
    ['what was refused', { resource: 'node', message: 'StatefulSet.apps "perpetual" is invalid' }],
    ['what nobody knows', { resource: 'another', message: inVain }],
    ['what is no resource', { message: inVain }],
  ])('about %s', async (_, failure) => {
    cluster.become({});
    const { said, outcome } = await told([failure]);
    expect([said, outcome.failures, cluster.asked()]).toEqual([[], [failure], []]);
  });

  it.each<[string, () => Promise<string>]>([
    ['does not answer', () => Promise.reject(new Error('the engine is gone'))],
    ['has no cluster', async () => '{"deployment": {"resources": []}}'],
    ['is broken', async () => stack().replace('"plaintext":"', '"plaintext":"{')],
  ])('where the stack %s, and the failure is what it was', async (_, ask) => {
    const failure = { resource: 'node', message: inVain };
    expect((await told([failure], ask)).outcome.failures).toEqual([failure]);
  });

  it('twice about one', async () => {
    cluster.become({ pods: [pod] });
    const { outcome } = await told([
      { resource: 'node', message: inVain },
      { resource: 'node', message: `${inVain} again` },
    ]);
    expect(outcome.failures.map(({ cluster }) => cluster)).toEqual([{ events: [] }, undefined]);
    expect(cluster.asked()).toHaveLength(2);
  });
});
