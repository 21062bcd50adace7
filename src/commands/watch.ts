import { join } from 'node:path';
import { watch } from 'chokidar';
import { nearestAbove, UsageError } from '../files.ts';
import { lockName } from '../lock.ts';
import type { Arguments, Streams } from './options.ts';

/**
 * Runs a check again whenever a spec, the owners' settings or the lock changes, until somebody has had enough. A file
 * that can't be read in the middle of being saved is told of and waited for.
 */
export async function watching(args: Arguments, streams: Streams, check: () => Promise<number>): Promise<number> {
  if (args.positional.includes('-')) throw new UsageError("standard input can't be watched: name files or folders");
  const places = args.positional.length > 0 ? args.positional : ['specs'];
  const besides = places.flatMap((place) =>
    [join('policies', 'config.yaml'), lockName].flatMap((name) => nearestAbove(place, name) ?? []),
  );
  const watcher = watch([...new Set([...places, ...besides])], {
    ignoreInitial: true,
    ignored: (path, stats) => stats?.isFile() === true && !/\.(ya?ml|json)$/.test(path),
  });
  let wanted = true;
  let wake = (): void => {};
  const stopped = new Promise<'stopped'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('stopped'));
  });
  watcher.on('all', () => {
    wanted = true;
    wake();
  });
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  let code = 0;
  for (;;) {
    if (wanted) {
      wanted = false;
      if (streams.stdout.isTTY) streams.stdout.write('\x1b[2J\x1b[3J\x1b[H');
      code = await checked(check, streams);
      streams.stderr.write('perpetual: waiting for a change; Ctrl-C ends it\n');
    }
    const change = new Promise<'changed'>((resolve) => {
      wake = () => resolve('changed');
    });
    if (wanted) continue;
    if ((await Promise.race([change, stopped])) === 'stopped') break;
  }
  await watcher.close();
  return code;
}

async function checked(check: () => Promise<number>, { stderr }: Streams): Promise<number> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`perpetual: ${error.message}\n`);
    return error.exitCode;
  }
}
