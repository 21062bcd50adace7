import { elapsed } from '../engine/views.ts';
import { engineOptions, environmentOf, withEngine } from './engine.ts';
import type { Command } from './options.ts';

type Entry = {
  kind: string;
  startTime: string;
  endTime: string;
  result: string;
  message: string;
  resourceChanges?: Record<string, number>;
};

export const historyCommand: Command = {
  name: 'history',
  positional: 'ENV',
  describe: 'what was done to an environment, the latest first',
  options: { env: engineOptions.env, json: engineOptions.json },
  run: (args, streams) =>
    withEngine(args, streams, async ({ session }) => {
      const { ask } = await session.open(environmentOf(session, args, 'history'), 'refuse');
      const printed = await ask('stack', 'history', '--json');
      const entries = (printed.trim() === '' ? [] : JSON.parse(printed)) as Entry[];
      // Not its settings and surroundings: they are long, and may be confidential.
      const shown = entries.map(({ kind, startTime, endTime, result, message, resourceChanges = {} }) => ({
        ...{ kind, result, startTime, endTime, message, changes: resourceChanges },
      }));
      streams.stdout.write(
        args.values.json === true ? `${JSON.stringify(shown, null, 2)}\n` : shown.map(lineOf).join(''),
      );
      return 0;
    }),
};

function lineOf({
  kind,
  result,
  startTime,
  endTime,
  message,
  changes,
}: Omit<Entry, 'resourceChanges'> & { changes: Record<string, number> }): string {
  const seconds = Math.round((Date.parse(endTime) - Date.parse(startTime)) / 1000);
  const counts = Object.entries(changes)
    .filter(([operation]) => operation !== 'same')
    .map(([operation, count]) => `${count} ${operation}`);
  return `${startTime.replace(/\.\d+Z$/, 'Z')}  ${kind.padEnd(8)} ${result.padEnd(10)} ${elapsed(seconds).padStart(6)}  ${[counts.join(', ') || 'no changes', message].filter(Boolean).join('; ')}\n`;
}
