import type { Plan } from '../plan.ts';
import { namesUsedBy } from '../views.ts';

/** Who comes after whom: the names of those that use a resource, by its name. */
export type Users = ReadonlyMap<string, readonly string[]>;

export function usersOf(plan: Plan | undefined): Users {
  const users = new Map<string, string[]>();
  for (const resource of plan?.resources ?? [])
    for (const used of namesUsedBy(resource)) users.set(used, [...(users.get(used) ?? []), resource.name]);
  return users;
}

/** How many that are not done yet can't begin before this one is, however far down. */
export function waitingFor(name: string, users: Users, done: ReadonlySet<string>): number {
  const waiting = new Set<string>();
  const follow = (used: string): void => {
    for (const user of users.get(used) ?? []) {
      if (waiting.has(user) || done.has(user)) continue;
      waiting.add(user);
      follow(user);
    }
  };
  follow(name);
  return waiting.size;
}
