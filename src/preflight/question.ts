import type { Answer, Arm } from '../azure/arm.ts';
import type { Severity } from '../diagnostic.ts';
import type { Resource } from '../plan.ts';
import type { Existing } from './existing.ts';

/** A place of the plan, which leads to a line of the spec; without an input it is what the resource is there for. */
export type Place = { resource: string; input?: string };

/** What was found about the place. */
export type Found = {
  code: `preflight/${string}`;
  severity: Severity;
  place: Place;
  message: string;
  note?: string;
  help?: string;
};

/** What a question is asked with. */
export type Asking = {
  arm: Arm;
  resources: readonly Resource[];
  /** As in `/subscriptions/ID`. */
  scope: string;
  region: string;
  existing: Existing;
};

/** Asks Azure one thing. What nobody answers is found as well: silence must not look like a yes. */
export type Question = (asking: Asking) => Promise<Found[]>;

/** Does what follows from an answer, and says of none that there was none. */
export function whenAnswered<T>(
  what: string,
  place: Place,
  answer: Answer<T>,
  then: (value: T | undefined) => Iterable<Found>,
): Found[] {
  if (answer.is === 'unknown') return [notAsked(what, place, answer.because)];
  return [...then(answer.is === 'there' ? answer.value : undefined)];
}

const notAsked = (what: string, place: Place, because: string): Found => ({
  code: 'preflight/not-asked',
  severity: 'info',
  place,
  message: `${what} could not be asked: ${because}`,
});

/** The names of Azure have no case. */
export const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
