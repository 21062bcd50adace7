import { existsSync } from 'node:fs';
import { decode, display, readText, specFiles, UsageError } from '../files.ts';
import type { Arguments, Streams } from './options.ts';

export type Input = { file: string; text: string };

/** One text at a time: a thousand specs are never in memory together. */
export async function* inputsOf({ positional, values }: Arguments, streams: Streams): AsyncGenerator<Input> {
  if (positional.includes('-')) {
    if (positional.length > 1) throw new UsageError('"-" stands for the only spec: name no other beside it');
    const file = display(String(values['stdin-filename'] ?? '<stdin>'));
    yield { file, text: decode(await (await import('node:stream/consumers')).buffer(streams.stdin), file) };
    return;
  }
  const files = positional.length > 0 ? await filesOf(positional) : defaultFiles();
  for (const file of new Set(files)) yield { file, text: readText(file) };
}

/** Files, folders, and patterns such as `specs/*` that the shell left alone. */
async function filesOf(positional: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const argument of positional) {
    if (!/[*?[\]{}]/.test(argument) || existsSync(argument)) {
      files.push(...specFiles(argument));
      continue;
    }
    const { glob } = await import('tinyglobby');
    const matches = await glob(argument, { onlyFiles: false, expandDirectories: false });
    if (matches.length === 0) throw new UsageError(`nothing is called like "${argument}"`);
    files.push(...matches.sort().flatMap(specFiles));
  }
  return files;
}

function defaultFiles(): string[] {
  try {
    return specFiles('specs');
  } catch (error) {
    if (error instanceof UsageError)
      throw new UsageError('there is no specs/**/perpetual-node.yaml here; name a spec, or a folder with specs');
    throw error;
  }
}
