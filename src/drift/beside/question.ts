import type { Answer, Arm } from '../../azure/arm.ts';
import type { Resource, Token } from '../../plan.ts';
import { object } from '../../views.ts';
import { type Home, nameIn } from './home.ts';

/** Something in Azure that nobody promised. */
export type Added = {
  id: string;
  /** Azure's own. */
  type: string;
  code: 'drift/rights' | 'drift/added';
  message: string;
  /** The resource of the plan whose line it stands at, unless another one promises such things. */
  at: string;
  path?: string;
  why: string[];
  /** The command that takes it away. */
  away: string;
  /** As a plan would have it, for the models that know its type. */
  as?: Resource;
};

/** Something that Azure has, as a plan would have it. */
export const planned = (type: Token, id: string, inputs: Resource['inputs']): Resource => ({
  ...{ type, name: nameIn(id), inputs, options: {}, origin: '', trace: {} },
});

/** What a question has brought: what was added, what one should know besides, and what nobody answered. */
export type Seen = { added?: Added[]; notes?: string[]; unanswered?: Unanswered[] };
export type Unanswered = { what: string; because: string };

export type Asking = { arm: Arm; home: Home; plan: readonly Resource[] };

/** Asks Azure one thing and changes nothing. */
export type Question = (asking: Asking) => Promise<Seen>;

/** What is asked about each group of an environment, and in which version of Azure's interface. */
type InGroups = { what: string; path: string; version: string; query?: Record<string, string> };

/** Looks at each item of a list that every group has. */
export async function inGroups(
  { arm, home }: Asking,
  { what, path, version, query }: InGroups,
  look: (item: Record<string, unknown>, group: string) => Seen | Promise<Seen>,
): Promise<Seen> {
  const seen = home.groups.map(async (group) => {
    const answer = await arm.list(`${group}${path}`, version, query);
    return whenListed(`${what} in "${nameIn(group)}"`, answer, (item) => look(item, group));
  });
  return together(await Promise.all(seen));
}

/** Looks at each item of a list; one of something that is gone is empty, and of none it is said that there was none. */
export async function whenListed(
  what: string,
  answer: Answer<unknown[]>,
  look: (item: Record<string, unknown>) => Seen | Promise<Seen>,
): Promise<Seen> {
  if (answer.is === 'unknown') return { unanswered: [{ what, because: answer.because }] };
  const all = answer.is === 'there' ? answer.value : [];
  return together(await Promise.all(all.map((item) => look(object(item)))));
}

export const together = (all: readonly Seen[]): Required<Seen> => ({
  added: all.flatMap(({ added = [] }) => added),
  notes: all.flatMap(({ notes = [] }) => notes),
  unanswered: all.flatMap(({ unanswered = [] }) => unanswered),
});

/** When it was, to the minute. */
export const minuteOf = (time: string): string => `${time.slice(0, 16).replace('T', ' ')} UTC`;
