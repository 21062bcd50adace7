import type { Answer, Arm } from '../../azure/arm.ts';
import type { Resource } from '../../plan.ts';
import type { Home } from './home.ts';

/** Something in Azure that nobody promised. */
export type Added = {
  id: string;
  /** Azure's own. */
  type: string;
  /** What it is if nothing worse comes of it. */
  code: 'drift/rights' | 'drift/added';
  message: string;
  /** The resource of the plan whose line it stands at, unless it is another one that promises such things. */
  at: string;
  path?: string;
  why: string[];
  /** The command that takes it away. */
  away: string;
  /** As a plan would have it, for the models that know its type. */
  as?: Resource;
};

/** What one question brought: what was added, what one should know of besides, and what nobody answered. */
export type Seen = { added?: Added[]; notes?: string[]; unanswered?: Unanswered[] };
export type Unanswered = { what: string; because: string };

export type Asking = { arm: Arm; home: Home; plan: readonly Resource[] };

/** Asks Azure one thing and changes nothing. */
export type Question = (asking: Asking) => Promise<Seen>;

/** Does what follows from a list; one of something that is gone is empty, and of none it is said that there was none. */
export function whenListed(what: string, answer: Answer<unknown[]>, then: (items: unknown[]) => Seen): Seen {
  if (answer.is === 'unknown') return { unanswered: [{ what, because: answer.because }] };
  return then(answer.is === 'there' ? answer.value : []);
}

export const together = (all: readonly Seen[]): Required<Seen> => ({
  added: all.flatMap(({ added = [] }) => added),
  notes: all.flatMap(({ notes = [] }) => notes),
  unanswered: all.flatMap(({ unanswered = [] }) => unanswered),
});
