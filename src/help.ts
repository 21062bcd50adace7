import yargs from 'yargs';
import { commands } from './cli.ts';

const manual = `Exit codes: 0 nothing at or above --fail-on · 1 errors in a spec · 2 wrong invocation or unreadable file · 3 not logged in · 4 a resource failed · 5 only policies are violated · 6 no such environment · 7 changes where none were expected · 8 cancelled · 9 timed out · 255 a bug`;

/** The manual of the program or of one command, from the same tables that parse the command line. */
export async function help(name?: string): Promise<string> {
  const program = yargs([]).scriptName('perpetual').version(false).help(false).wrap(100);
  if (name === undefined) {
    program.usage('perpetual COMMAND [OPTIONS]');
    for (const load of Object.values(commands)) {
      const { name: command, aliases = [], positional = '', describe } = await load();
      program.command(
        `${command} ${positional}`.trim(),
        describe,
        (builder) => builder,
        () => {},
      );
      for (const alias of aliases)
        program.command(
          `${alias} ${positional}`.trim(),
          `the same as "${command} --check"`,
          (builder) => builder,
          () => {},
        );
    }
  } else {
    const { positional = '', describe, options } = await (commands[name] as NonNullable<(typeof commands)[string]>)();
    program.usage(`perpetual ${name} ${positional}\n\n${describe}`);
    for (const [key, { alias, type, describe: about, choices }] of Object.entries(options)) {
      program.option(key, { type, describe: about, ...(alias && { alias }), ...(choices && { choices }) });
    }
  }
  return `${await program.epilogue(manual).getHelp()}\n`;
}
