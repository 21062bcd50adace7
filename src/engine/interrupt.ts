import type { ChildProcess } from 'node:child_process';

/** Thrown where work stops because somebody asked to. */
export class Cancelled extends Error {}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Ctrl-C while the engine works. The engine runs in a group of its own, so it hears of it from here and once: the first
 * time it finishes what it has begun, the second time it stops at once, the third time it is ended.
 */
export class Interrupt {
  readonly #running = new Set<ChildProcess>();
  readonly #abort = new AbortController();
  readonly #say: (line: string) => void;
  readonly #listener = (): void => this.#ask();
  #asked = 0;

  constructor(say: (line: string) => void) {
    this.#say = say;
    for (const signal of signals) process.on(signal, this.#listener);
  }

  /** Aborted by the first one. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Throws when nothing more is to be started. */
  check(): void {
    if (this.#asked > 0) throw new Cancelled('cancelled');
  }

  /** From now on the child hears of it, too. */
  watch(child: ChildProcess): void {
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
  }

  close(): void {
    for (const signal of signals) process.off(signal, this.#listener);
  }

  #ask(): void {
    this.#asked++;
    if (this.#asked === 1 && this.#running.size > 0)
      this.#say(
        'cancelling: what has begun is finished first; once more stops at once, and may leave things half made',
      );
    for (const { pid } of this.#running) tell(pid, this.#asked < 3 ? 'SIGINT' : 'SIGKILL');
    this.#abort.abort();
  }
}

function tell(group: number | undefined, signal: NodeJS.Signals): void {
  if (group === undefined) return;
  try {
    process.kill(-group, signal);
  } catch {
    // It has just ended by itself.
  }
}
