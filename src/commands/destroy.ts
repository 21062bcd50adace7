import { ask, canAsk } from '../engine/ask.ts';
import { destroyAll, destruction } from '../engine/destroy.ts';
import { guarded } from '../engine/result.ts';
import type { Held } from '../engine/state.ts';
import { documentOf, doneSummary } from '../engine/summary.ts';
import { unprotecting } from '../engine/update.ts';
import { UsageError } from '../files.ts';
import { didYouMean, nearestName } from '../spec/nearest-name.ts';
import { type EngineWork, engineOptions, environmentOf, withEngine } from './engine.ts';
import { type Arguments, type Command, dateOf, manyOf } from './options.ts';

export const destroyCommand: Command = {
  name: 'destroy',
  positional: 'ENV [-- ENGINE FLAGS]',
  describe: 'deletes everything of an environment; what is protected only by name',
  passesThrough: true,
  options: {
    ...engineOptions,
    yes: { type: 'boolean', alias: 'y', describe: "don't ask, but for what is protected" },
    unprotect: {
      type: 'string',
      describe: 'delete this one although it is protected',
      repeatable: true,
      placeholder: 'NAME',
    },
  },
  run: (args, streams) => withEngine(args, streams, (engine) => destroy(engine, args)),
};

async function destroy({ session, streams, ...work }: EngineWork, args: Arguments): Promise<number> {
  const environment = environmentOf(session, args, 'destroy');
  const opened = await session.open(environment, 'refuse');
  const state = opened.held;
  const { resources } = state;
  const guardedOnes = resources.filter(({ isProtected }) => isProtected);
  const named = manyOf(args.values.unprotect);
  const stranger = named.find((name) => !guardedOnes.some((each) => each.name === name));
  if (stranger !== undefined) {
    const near = nearestName(
      stranger,
      guardedOnes.map(({ name }) => name),
    );
    throw new UsageError(`"${stranger}" is nothing that is protected in "${environment}"${didYouMean(near)}`);
  }
  streams.stderr.write(destruction(environment, resources));
  if (resources.length > 0) {
    const unnamed = guardedOnes.filter(({ name }) => !named.includes(name));
    if (!(await isWanted(unnamed))) {
      streams.stderr.write('perpetual: nothing was deleted\n');
      return 8;
    }
  }
  // For this one time: whatever is left when it is interrupted is as protected as before.
  if (guardedOnes.length > 0) opened.flags.push(unprotecting);
  const result = await guarded(session, environment, 'destroy', () =>
    destroyAll(session, work, environment, opened, state),
  );
  streams.stdout.write(
    args.values.json === true ? documentOf([result], dateOf(undefined, streams.env)) : await doneSummary(result),
  );
  return result.exitCode;

  /** Each protected resource has its own question, and the environment one. */
  async function isWanted(unnamed: readonly Held[]): Promise<boolean> {
    const isAsking = args.values.yes !== true;
    if (unnamed.length > 0 && (!isAsking || !canAsk(streams)))
      throw new UsageError(
        `protected: ${unnamed.map(({ name }) => `--unprotect ${name}`).join(' ')} deletes them, too; nothing was deleted`,
      );
    if (isAsking && !canAsk(streams)) throw new UsageError('nobody can be asked here: "--yes" deletes');
    for (const { name } of unnamed)
      if ((await ask(streams, work.interrupt, `"${name}" is protected; its name deletes it: `)) !== name) return false;
    if (!isAsking) return true;
    return (await ask(streams, work.interrupt, `the name of the environment deletes all of it: `)) === environment;
  }
}
