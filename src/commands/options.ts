import { isFrozen } from '../catalog/copy.ts';
import { UsageError } from '../files.ts';

/** One option of a command: the same table parses the command line, prints the help and completes in the shell. */
export type Option = {
  describe: string;
  type: 'string' | 'boolean';
  alias?: string;
  /** May be given more than once. */
  repeatable?: boolean;
  choices?: readonly string[];
  /** What may be offered although there is more that is right. */
  suggests?: readonly string[];
  placeholder?: string;
};

export type Streams = {
  stdout: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  stderr: NodeJS.WritableStream & { isTTY?: boolean; columns?: number };
  stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  env: NodeJS.ProcessEnv;
};
export type Arguments = {
  positional: string[];
  values: Record<string, string | boolean | string[] | undefined>;
  /** What stands after `--`, for commands that pass it on. */
  passed?: string[];
};

export type Command = {
  name: string;
  aliases?: readonly string[];
  positional?: string;
  describe: string;
  options: Readonly<Record<string, Option>>;
  /** Is what stands after `--` meant for another program, as the engine? */
  passesThrough?: boolean;
  /** Does the work and returns the exit code. */
  run(args: Arguments, streams: Streams): Promise<number>;
};

/** A date from `--as-of` or `PERPETUAL_AS_OF`, else today's in UTC. */
export function dateOf(value: unknown, env: NodeJS.ProcessEnv): string {
  const given = value ?? env.PERPETUAL_AS_OF;
  if (given === undefined || given === '') return new Date().toISOString().slice(0, 10);
  const text = String(given);
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (!parsed || Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(text))
    throw new UsageError(`"${text}" is not a date; expected YYYY-MM-DD`);
  return text;
}

/** For every command whose verdict depends on the day. */
export const asOfOption: Option = {
  type: 'string',
  describe: 'judge as on this day; default PERPETUAL_AS_OF, else today',
  placeholder: 'DATE',
};

/** For every command that takes "-". */
export const stdinOption: Option = {
  type: 'string',
  describe: 'the name of what comes from standard input',
  placeholder: 'FILE',
};

export const manyOf = (value: Arguments['values'][string]): string[] =>
  (Array.isArray(value) ? value : typeof value === 'string' ? [value] : [])
    .flatMap((each) => each.split(','))
    .filter(Boolean);

/** For every command that prices. */
export const frozenOption: Option = {
  type: 'boolean',
  describe: 'use the shipped prices only, not what "catalog update" fetched; also PERPETUAL_FROZEN=1',
};

export const frozenOf = ({ values }: Arguments, { env }: Streams): boolean => values.frozen === true || isFrozen(env);
