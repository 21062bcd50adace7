import { Arm } from '../../azure/arm.ts';
import { credentialOf } from '../../azure/credential.ts';
import { UsageError } from '../../files.ts';
import type { Resource } from '../../plan.ts';
import { federationsAdded } from './federations.ts';
import { Home, type Known } from './home.ts';
import { locksInTheWay } from './locks.ts';
import { type Added, type Question, type Seen, together, type Unanswered } from './question.ts';
import { resourcesAdded } from './resources.ts';
import { rolesGiven } from './roles.ts';

/** What is in Azure beside what the stack has, and what one should know besides. */
export type Beside = { added: Added[]; notes: string[] };

const questions: Readonly<Record<string, Question>> = {
  roles: rolesGiven,
  resources: resourcesAdded,
  'federated credentials': federationsAdded,
  locks: locksInTheWay,
};

/**
 * Asks Azure what was added beside the deployed state, which a refresh can't see. Whatever is not answered is a note:
 * silence must not look like a promise that is kept.
 */
export async function lookBeside(
  plan: readonly Resource[],
  known: readonly Known[],
  arm: (subscription: string) => Arm,
): Promise<Beside> {
  const home = new Home(plan, known);
  const { subscription } = home;
  if (subscription === undefined) return { added: [], notes: [] };
  const asked = Object.entries(questions).map(async ([what, ask]): Promise<Seen> => {
    try {
      return await ask({ arm: arm(subscription), home, plan });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return { unanswered: [{ what, because: error.message }] };
    }
  });
  const { added, notes, unanswered } = together(await Promise.all(asked));
  return { added, notes: [...notes, ...notAsked(unanswered)] };
}

/** One line for each reason. */
const notAsked = (unanswered: readonly Unanswered[]): string[] =>
  [...Map.groupBy(unanswered, ({ because }) => because)].map(
    ([because, all]) =>
      `what was added beside the spec was not looked at (${all.map(({ what }) => what).join(', ')}): ${because}${/takes the right/.test(because) ? ', which the role Reader has' : ''}`,
  );

/** Logs in as a deployment does, once and not before the first question. */
export function armBy(
  env: NodeJS.ProcessEnv,
  options: { endpoint: string; timeoutMs: number; signal: AbortSignal },
): (subscription: string) => Arm {
  let arm: Arm | undefined;
  return (subscription) => {
    arm ??= new Arm({ credential: credentialOf(env, subscription), ...options });
    return arm;
  };
}
