import { type Track, type View, words } from './progress.ts';
import { waitingFor } from './waiting.ts';

type Terminal = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

export const viewFor = (stream: Terminal, env: NodeJS.ProcessEnv): View =>
  stream.isTTY === true && env.TERM !== 'dumb' && !env.CI ? live(stream) : plain(stream);

/** How long, as people say it. */
export const elapsed = (seconds: number): string =>
  seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;

const doing = ({ verb, environment }: Track): string =>
  `${environment}: ${{ preview: 'previewing', up: 'deploying', destroy: 'destroying', refresh: 'reading what is there' }[verb]}`;

/** What is being done now, and who waits for it. */
const runningIn = (track: Track): string[] =>
  [...track.running].map(([name, { operation, since }]) => {
    const waiting = waitingFor(name, track.users, track.done);
    const time = elapsed(Math.round((Date.now() - since) / 1000));
    return `${words[operation]?.[0]} ${name} ${time}${waiting > 0 ? `, ${waiting} wait for it` : ''}`;
  });

/** A line for each thing that is done, and every minute one for each that takes long. */
function plain(stream: Terminal): View {
  const tracks = new Set<Track>();
  const write = (line: string): void => void stream.write(`${line}\n`);
  const reminder = setInterval(() => {
    for (const track of tracks) for (const line of runningIn(track)) write(`${track.environment}: ${line}`);
  }, 60_000);
  reminder.unref();
  return {
    begin: (track) => {
      tracks.add(track);
      write(doing(track));
    },
    step: (track, { state, operation, name, seconds }) => {
      const [present, past] = words[operation] ?? [operation, operation];
      if (track.verb === 'preview' || operation === 'refresh') return;
      if (state === 'failed') write(`${track.environment}: ${name} failed after ${elapsed(seconds)} of ${present}`);
      else if (state === 'done') write(`${track.environment}: ${past} ${name} (${elapsed(seconds)})`);
    },
    end: (track) => void tracks.delete(track),
    say: write,
    close: () => clearInterval(reminder),
  };
}

/** What is done scrolls by; below it stands what goes on, drawn anew every second. */
function live(stream: Terminal): View {
  const tracks = new Set<Track>();
  let drawn = 0;
  const erase = (): string => (drawn > 0 ? `\x1b[${drawn}A\x1b[J` : '');
  const draw = (above: readonly string[] = []): void => {
    // Some terminals say that they have no width.
    const width = Math.max((stream.columns || 80) - 1, 20);
    const below = [...tracks].flatMap((track) => [
      `${doing(track)}, ${track.done.size} done`,
      ...runningIn(track).map((line) => `  ${line}`),
    ]);
    // A line that wraps would be erased as one.
    const text = [...above, ...below.map((line) => line.slice(0, width))].map((line) => `${line}\n`).join('');
    stream.write(`${erase()}${text}`);
    drawn = below.length;
  };
  const clock = setInterval(() => tracks.size > 0 && draw(), 1000);
  clock.unref();
  return {
    begin: (track) => {
      tracks.add(track);
      draw();
    },
    step: (track, { state, operation, name, seconds }) => {
      const past = words[operation]?.[1] ?? operation;
      const isShown = state !== 'started' && track.verb !== 'preview' && operation !== 'refresh';
      const line =
        state === 'failed' ? `${name} failed (${elapsed(seconds)})` : `${past} ${name} (${elapsed(seconds)})`;
      draw(isShown ? [`${track.environment}: ${line}`] : []);
    },
    end: (track) => {
      tracks.delete(track);
      draw();
    },
    say: (line) => draw([line]),
    close: () => clearInterval(clock),
  };
}
