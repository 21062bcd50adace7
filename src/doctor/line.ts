/** What something is there for: each command, those that deploy, or the one that is named with it. */
export type Purpose = 'checking' | 'deploying' | 'other';

/** What was found of one thing; a `note` is no fault and worth knowing. */
export type Line = {
  for: Purpose;
  what: string;
  state: 'ok' | 'missing' | 'too old' | 'note';
  found: string;
  fix?: string;
  /** What a fault here makes the exit code, as of the command that would come upon it; nothing where all goes on without. */
  exitCode?: number;
};

/** What is looked at: the project and the machine, as the variables have it. */
export type Surroundings = { root: string; env: NodeJS.ProcessEnv };

export const isFault = ({ state }: Line): boolean => state === 'missing' || state === 'too old';
