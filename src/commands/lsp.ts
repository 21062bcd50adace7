import { serve } from '../lsp/server.ts';
import { asOfOption, type Command, dateOf } from './options.ts';
import { policiesOf, policiesOption } from './owners.ts';

export const lspCommand: Command = {
  name: 'lsp',
  describe: 'serve an editor by the language server protocol, on standard input and output',
  options: {
    stdio: { type: 'boolean', describe: 'accepted because editors say it; there is no other way' },
    'as-of': asOfOption,
    policies: policiesOption,
  },
  async run(args, { stdin, stdout, env }) {
    const code = await serve({ input: stdin, output: stdout }, policiesOf(args), () =>
      dateOf(args.values['as-of'], env),
    );
    // The protocol's library looks for the editor's process every few seconds, and would keep this one for it.
    process.exit(code);
  },
};
