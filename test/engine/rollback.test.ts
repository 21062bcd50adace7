import { describe, expect, it } from 'vitest';
import { lastGood } from '../../src/engine/rollback.ts';
import type { Opened } from '../../src/engine/session.ts';
import { stateOf } from '../../src/engine/state.ts';
import { type DeployedSpec, outputsFor } from '../../src/pulumi/deployed-spec.ts';

const spec = (letter: string): DeployedSpec => ({ file: 'a.yaml', sha256: letter.repeat(64), text: letter });

type Past = { deployed?: string; earlier?: string; last?: string | false; result?: string; isCutOff?: boolean };

/** A stack that keeps specs known by a letter, and whose last update was of one (or, with false, of nobody knows what). */
const opened = ({ deployed, earlier = '', last, result = 'succeeded', isCutOff = false }: Past): Opened => {
  const outputs = outputsFor({ ...(deployed && { deployed: spec(deployed) }), earlier: [...earlier].map(spec) });
  const stack = { urn: 'urn:pulumi:dev::perpetual::pulumi:pulumi:Stack::perpetual-dev', type: 'pulumi:pulumi:Stack' };
  const pending = { type: 'creating', resource: { urn: 'urn:pulumi:dev::perpetual::a:b:C::c', type: 'a:b:C' } };
  const held = { resources: [{ ...stack, outputs }], pending_operations: isCutOff ? [pending] : [] };
  const update = { kind: 'update', result, message: last ? `a.yaml sha256:${spec(last).sha256}` : '' };
  const history =
    last === undefined ? '' : JSON.stringify([{ kind: 'refresh', result: 'failed', message: '' }, update]);
  return { held: stateOf(JSON.stringify({ deployment: held })), ask: async () => history } as unknown as Opened;
};

describe('the last good spec', () => {
  const before = 'what was there before';
  const beforeFailure = 'what was there before the update that failed';

  it.each<[string, Past, string, string]>([
    ['of before the one that is deployed', { deployed: 'b', earlier: 'a', last: 'b' }, 'a', before],
    [
      'the one that is deployed, when another one failed',
      { deployed: 'b', earlier: 'a', last: 'c', result: 'failed' },
      'b',
      beforeFailure,
    ],
    [
      'of before, when the deployed one itself failed at its end',
      { deployed: 'b', earlier: 'a', last: 'b', result: 'failed' },
      'a',
      before,
    ],
    [
      'the one that is deployed, when a run was killed',
      { deployed: 'b', earlier: 'a', last: 'b', isCutOff: true },
      'b',
      beforeFailure,
    ],
    [
      'the one that is deployed, when the engine failed by itself',
      { deployed: 'b', earlier: 'a', last: false, result: 'failed' },
      'b',
      beforeFailure,
    ],
    ['of before, when the engine did well by itself', { deployed: 'b', earlier: 'a', last: false }, 'a', before],
    ['of before, when nothing is known of what was done', { deployed: 'b', earlier: 'a' }, 'a', before],
  ])('is %s', async (_, past, text, name) => {
    expect(await lastGood('dev', opened(past))).toEqual({ text, name });
  });

  it.each<[string, Past]>([
    ['there is one only', { deployed: 'a', last: 'a' }],
    ['none was deployed as a whole', { last: 'a', result: 'failed', isCutOff: true }],
  ])('is none where %s', async (_, past) => {
    await expect(lastGood('dev', opened(past))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('"--to COMMIT"'),
    });
  });
});
