import type { Resource } from '../plan.ts';

/** One spec as far as the setup cares. */
export type Environment = {
  name: string;
  /** What GitHub calls it. */
  github: string;
  isProduction: boolean;
  node: string;
  subscription: string;
  region: string;
  resources: readonly Resource[];
  /** Names of the variables that its secrets come from. */
  secrets: readonly string[];
};

export type Repository = { owner: string; name: string };

/**
 * A command of `az` or `gh`. Words may hold `${NAME}`, the output of an earlier step. Where `probe` succeeds and prints
 * something the step is done already.
 */
export type Step = {
  title: string;
  command: readonly string[];
  probe?: readonly string[];
  /** What to do where the probe finds something; nothing when absent. */
  whenThere?: readonly string[];
  /** The name by which later steps know what it prints. */
  captures?: string;
  /** The environment variable whose value goes to standard input: secrets are no arguments, which everybody can see. */
  stdin?: string;
  /** Or a text. */
  input?: string;
  /** Why it may be refused without harm to the rest. */
  optional?: string;
};

/** Stands for what an earlier step prints. */
export const outputOf = (name: string): string => `\${${name}}`;

/** As the name of an output of that environment or person. */
export const variableOf = (environment: string): string => environment.toUpperCase().replaceAll('-', '_');

export const az = (subscription: string, ...words: string[]): string[] => [
  'az',
  ...words,
  '--subscription',
  subscription,
];

/** What a query of az finds, a line each. */
export const asText = (query: string): string[] => ['--query', query, '--output', 'tsv'];
