import type { Streams } from './options.ts';

export type Progress = { tell(done: number, total: number, what: string): void; stop(): void };

/** A bar where somebody looks at it, else a line for each step: both on standard error, which is for talk. */
export async function progressOn(stderr: Streams['stderr']): Promise<Progress> {
  if (!stderr.isTTY)
    return {
      tell: (done, total, what) => {
        if (done < total) stderr.write(`perpetual: ${done + 1} of ${total}: ${what}\n`);
      },
      stop: () => {},
    };
  const { default: progress } = await import('cli-progress');
  const bar = new progress.SingleBar(
    // The cursor stays, because who cancels would be left without one.
    { stream: stderr, format: '{bar} {value} of {total}  {what}', hideCursor: false, clearOnComplete: true },
    progress.Presets.shades_classic,
  );
  return {
    tell: (done, total, what) => (bar.isActive ? bar.update(done, { what }) : bar.start(total, done, { what })),
    stop: () => bar.stop(),
  };
}
