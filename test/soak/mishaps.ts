import type { Fault } from '../stand-in/faults.ts';
import type { Chance } from './random.ts';

/** What goes wrong in the middle of a deployment: in Azure, in a provider, or on the machine that runs it. */
export type Mishap = {
  name: string;
  faults?: Fault[];
  /** Strikes whoever deploys at the first line that starts so: asked to stop, or gone with all it started. */
  strike?: { at: RegExp; how: 'interrupt' | 'kill' };
};

/** Faults strike one of the first operations that change something. */
const kinds: readonly Mishap[] = [
  { name: 'throttled for a while', faults: [throttled(2)] },
  { name: 'throttled for longer than anybody waits', faults: [throttled(4)] },
  { name: 'answers 503 once', faults: [{ on: 'write', status: 503, code: 'ServiceUnavailable' }] },
  { name: 'answers 500', faults: [{ on: 'write', status: 500, times: 4 }] },
  {
    name: 'another operation is under way',
    faults: [{ on: 'write', status: 409, code: 'AnotherOperationInProgress', times: 4 }],
  },
  {
    name: 'comes up only half',
    faults: [{ on: 'write', kind: 'partial', status: 500, code: 'InternalOperationError' }],
  },
  { name: 'provider crashes before', faults: [{ on: 'write', kind: 'crash', when: 'before' }] },
  { name: 'provider crashes after', faults: [{ on: 'write', kind: 'crash' }] },
  { name: 'engine killed before', faults: [{ on: 'write', kind: 'lost', when: 'before' }] },
  { name: 'engine killed after', faults: [{ on: 'write', kind: 'lost' }] },
  { name: 'provider crashes in the preview', faults: [{ on: 'diff', kind: 'crash', when: 'before' }] },
  { name: 'machine lost in the preview', strike: { at: /previewing/, how: 'kill' } },
  { name: 'machine lost', strike: { at: /: (created|updated|deleted) /, how: 'kill' } },
  { name: 'machine lost at the beginning', strike: { at: /deploying/, how: 'kill' } },
  { name: 'interrupted', strike: { at: /: (created|updated|deleted) /, how: 'interrupt' } },
  { name: 'interrupted at the beginning', strike: { at: /deploying/, how: 'interrupt' } },
];

function throttled(times: number): Fault {
  return {
    ...{ on: 'write', times, status: 429, code: 'TooManyRequests', retryAfter: 17 },
    message: 'The request is being throttled as the limit has been reached.',
  };
}

/** In every third step nothing goes wrong. */
export function mishapOf(chance: Chance): Mishap | undefined {
  if (chance.happens(1 / 3)) return undefined;
  const mishap = chance.pick(kinds);
  const spare = chance.pick([0, 0, 1, 3]);
  return mishap.faults ? { ...mishap, faults: mishap.faults.map((fault) => ({ ...fault, spare })) } : mishap;
}
