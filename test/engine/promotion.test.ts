import { describe, expect, it } from 'vitest';
import { notLiveYet } from '../../src/engine/promotion.ts';
import type { Work } from '../../src/engine/result.ts';
import { previewRollback } from '../../src/engine/rollback.ts';
import type { Session } from '../../src/engine/session.ts';
import { stateOf } from '../../src/engine/state.ts';
import { preview } from '../../src/engine/update.ts';
import { UsageError } from '../../src/files.ts';
import { recordOf } from '../../src/pulumi/deployed-spec.ts';
import { Source } from '../../src/spec/source.ts';
import { compileText, folder, leastSpec } from '../support/specs.ts';

const [old, next] = [leastSpec, leastSpec.replace('kubo:v0.42.0', 'kubo:v0.43.0')] as const;
const deployed = (text: string) => recordOf(new Source('specs/any/perpetual-node.yaml', text));

/** A project whose owners have said this, with what the stack of dev was deployed from: a spec, nothing, or no answer. */
function session(promotion: string, dev: string | undefined | UsageError): Session {
  const open = async (environment: string) => {
    expect(environment).toBe('dev');
    if (dev instanceof UsageError) throw dev;
    if (dev === undefined) throw new UsageError('"dev" is not deployed', 6);
    const stack = { urn: 'a', type: 'pulumi:pulumi:Stack', outputs: { spec: deployed(dev) } };
    return { held: stateOf(JSON.stringify({ deployment: { resources: [stack] } })) };
  };
  const root = folder({ 'policies/config.yaml': `promotion: { prod: ${promotion} }\n` });
  return { root, open } as unknown as Session;
}

const required = '{ from: dev, requireLive: true }';
const judged = (dev: string | undefined | UsageError, text: string, running?: string, promotion = required) =>
  notLiveYet(
    session(promotion, dev),
    'prod',
    compileText(text).loaded,
    running === undefined ? undefined : deployed(running),
  );

describe('an image for production', () => {
  it('goes there when it is live where it comes from', async () => {
    expect(await judged(next, next, old)).toBeUndefined();
    expect(await judged(old, old)).toBeUndefined();
  });

  it('does not while another one is, or none', async () => {
    expect(await judged(old, next, old)).toMatchObject({
      code: 'deploy/not-live',
      severity: 'error',
      path: 'node.image',
      labels: [{ note: 'live there is docker.io/ipfs/kubo:v0.42.0' }],
    });
    expect(await judged(undefined, old)).toMatchObject({ labels: [{ note: 'nothing is live in dev' }] });
  });

  it('stays there whatever the others have, and nobody is asked', async () => {
    expect(await judged(new UsageError('must not be asked'), old, old)).toBeUndefined();
    expect(await judged(new UsageError('must not be asked'), next, old, '{ from: dev }')).toBeUndefined();
  });

  it('is refused when nobody can tell', async () => {
    await expect(judged(new UsageError('not logged in', 3), next, old)).rejects.toMatchObject({
      exitCode: 3,
      message: 'the image has to be live in "dev", which can\'t be known: not logged in',
    });
  });
});

describe('an image that ran in production before', () => {
  /** A stack of prod that was deployed with the newer image, which is live in dev, too; what the engine was asked to do. */
  function project() {
    const asked: string[] = [];
    const root = folder({
      'policies/config.yaml': `promotion: { prod: ${required} }\n`,
      'specs/prod/perpetual-node.yaml': old,
    });
    const held = (text: string) =>
      stateOf(JSON.stringify({ deployment: { resources: [{ ...stackOf, outputs: { spec: deployed(text) } }] } }));
    const stackOf = { urn: 'a', type: 'pulumi:pulumi:Stack' };
    const open = async (environment: string) => ({
      ...{ held: held(next), env: {}, flags: [] },
      stack: { preview: async () => asked.push(environment) },
    });
    return { asked, session: { root, env: {}, readAhead: () => undefined, open } as unknown as Session };
  }
  const track = { take: () => undefined, end: () => undefined };
  const work = { progress: { begin: () => track }, interrupt: { signal: AbortSignal.any([]) } } as unknown as Work;
  const plan = 'plan.json';

  it('comes back by a rollback, and by nothing else', async () => {
    const { asked, session } = project();
    const forward = await preview(session, work, 'prod', { plan });
    expect(forward).toMatchObject({ exitCode: 1, findings: [{ code: 'deploy/not-live' }] });
    expect(asked).toEqual([]);
    const back = await previewRollback(session, work, 'prod', { to: { text: old, name: 'before' }, plan, allowed: [] });
    expect(back).toMatchObject({ exitCode: 0, findings: [], returnsTo: { name: 'before' } });
    expect(back.notes).toEqual([
      expect.stringMatching(/ as "docker\.io.*v0\.43\.0" has left it, and ".*v0\.42\.0" must/),
    ]);
    expect(asked).toEqual(['prod']);
  });
});
