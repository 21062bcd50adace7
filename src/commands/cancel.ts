import { engineOptions, environmentOf, withEngine } from './engine.ts';
import type { Command } from './options.ts';

export const cancelCommand: Command = {
  name: 'cancel',
  positional: 'ENV',
  describe: 'frees an environment whose update was killed; what it was doing may be half done',
  options: { env: engineOptions.env },
  run: (args, streams) =>
    withEngine(args, streams, async ({ session }) => {
      const environment = environmentOf(session, args, 'cancel');
      await session.free(environment);
      streams.stderr.write(
        `perpetual: ${environment} is free; "perpetual refresh ${environment}" says what is there\n`,
      );
      return 0;
    }),
};
