import { basename, dirname } from 'node:path/posix';
import { aliases, commands } from './cli.ts';
import type { Command } from './commands/options.ts';
import { candidatesFor, type Known } from './completion/candidates.ts';
import { scriptFor, shells } from './completion/scripts.ts';
import { specFiles, UsageError } from './files.ts';

export const completionCommand: Command = {
  name: 'completion',
  positional: '[SHELL]',
  describe: `print what makes a shell complete commands, options and their values (${shells.join(', ')}); default $SHELL`,
  passesThrough: true,
  options: {},
  async run({ positional: [shell, second], passed }, { stdout, env }) {
    if (passed) {
      const { words, files } = await candidatesFor(passed, { commands, aliases, values });
      const lines = words.map(({ word, about = '' }) => `${word}\t${about}\n`);
      stdout.write([...lines, ...(files ? [':files\n'] : [])].join(''));
      return 0;
    }
    if (second !== undefined) throw new UsageError(`"completion" takes one shell, and "${second}" is a second one`);
    const wanted = shell ?? basename(env.SHELL ?? '');
    if (!shells.includes(wanted))
      throw new UsageError(
        wanted === ''
          ? `name a shell: ${shells.join(', ')}`
          : `"${wanted}" is not a shell that can be completed for; expected one of ${shells.join(', ')}`,
      );
    stdout.write(scriptFor(wanted));
    return 0;
  },
};

const values: Known['values'] = {
  ENV: async () => environments(),
  CODE: async () => {
    const { codes } = await import('./explain/explain.ts');
    return codes();
  },
  FIELD: async () => (await import('./explain/explain.ts')).fields(),
  REGION: async () => (await import('./catalog/regions.ts')).regionNames(),
  SHELL: async () => shells,
};

/** The folders below specs/ are called like their environments. */
function environments(): string[] {
  try {
    return specFiles('specs').map((file) => basename(dirname(file)));
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}
