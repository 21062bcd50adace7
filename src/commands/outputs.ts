import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { appendText, display, UsageError, writeWhole } from '../files.ts';
import type { Drawing } from '../report/formats.ts';
import type { Arguments, Option, Streams } from './options.ts';

/** Of commands that have more to say than what is wrong at which line. */
export const pageFormats = ['pretty', 'json', 'markdown'] as const;

/** Where a command prints what. */
export type Output<F extends string> = { format: F; file?: string };

export const outputOptions = (formats: readonly string[]): Readonly<Record<'format' | 'color', Option>> => ({
  format: {
    type: 'string',
    alias: 'f',
    describe: `how to print, to a file with =FILE: ${formats.join(', ')}`,
    repeatable: true,
    placeholder: 'FMT[=FILE]',
    suggests: formats,
  },
  color: { type: 'string', describe: 'whether to use colour', choices: ['auto', 'always', 'never'] },
});

/** Formats to files, and at most one to standard output. */
export function outputsOf<F extends string>(value: Arguments['values'][string], formats: readonly F[]): Output<F>[] {
  const given = Array.isArray(value) ? value : typeof value === 'string' ? [value] : ['pretty'];
  const outputs = given.map((each) => {
    const [name = '', ...rest] = each.split('=');
    const format = formats.find((known) => known === name);
    if (format === undefined)
      throw new UsageError(`there is no format "${name}" here; expected one of ${formats.join(', ')}`);
    if (rest.length > 0 && rest.join('') === '')
      throw new UsageError(`"${each}" names no file; "${name}" alone is for standard output`);
    return { format, ...(rest.length > 0 && { file: rest.join('=') }) };
  });
  if (outputs.filter(({ file }) => file === undefined).length > 1)
    throw new UsageError('only one format can go to standard output: give the others a file, as in json=report.json');
  const files = outputs.flatMap(({ file }) => (file === undefined ? [] : [resolve(file)]));
  const twice = files.find((file, index) => files.indexOf(file) < index);
  if (twice !== undefined) throw new UsageError(`two formats can't go to one file, "${display(twice)}"`);
  return outputs;
}

export function useColor(value: unknown, { stdout, env }: Streams): boolean {
  if (value === 'always' || value === 'never') return value === 'always';
  if (env.NO_COLOR) return false;
  return env.FORCE_COLOR ? env.FORCE_COLOR !== '0' : stdout.isTTY === true && env.TERM !== 'dumb';
}

/** Makes each output and sends it where it goes: files whole, and standard output once. */
export async function print<F extends string>(
  outputs: readonly Output<F>[],
  make: (format: F, drawing: Drawing & { color: boolean }) => Promise<string>,
  values: Arguments['values'],
  streams: Streams,
): Promise<void> {
  const { stdout, env } = streams;
  const color = useColor(values.color, streams);
  const fromRoot = rootedIn(env.GITHUB_WORKSPACE);
  for (const { format, file } of outputs) {
    if (file === undefined)
      stdout.write(
        await make(format, { color, fromRoot, ...(stdout.columns !== undefined && { width: stdout.columns }) }),
      );
    else {
      const text = await make(format, { color: false, fromRoot });
      // GitHub gives each step a page to add to, and other commands of the step may have.
      if (env.GITHUB_STEP_SUMMARY && resolve(file) === resolve(env.GITHUB_STEP_SUMMARY)) appendText(file, `\n${text}`);
      else writeWhole(file, text);
    }
  }
}

/** GitHub knows files by their path in the repository, which is longer than ours where a step runs in a folder of it. */
function rootedIn(workspace: string | undefined): (file: string) => string {
  if (!workspace || !existsSync(workspace)) return (file) => file;
  const [root, here] = [realpathSync(workspace), realpathSync('.')];
  return (file) => {
    const path = relative(root, resolve(here, file));
    return path.startsWith('..') || isAbsolute(path) ? file : path.split(sep).join('/');
  };
}
