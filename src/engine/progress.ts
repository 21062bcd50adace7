import { appendFileSync } from 'node:fs';
import type { EngineEvent } from '@pulumi/pulumi/automation/index.js';
import { reasonOf, UsageError, writeWhole } from '../files.ts';
import { isStack, nameOf } from './outcome.ts';
import type { Redact } from './redact.ts';
import { type Users, waitingFor } from './waiting.ts';

export type Verb = 'preview' | 'up' | 'destroy' | 'refresh';

/** One run of the engine on one environment, as far as it has come. */
export type Track = {
  readonly environment: string;
  readonly verb: Verb;
  readonly users: Users;
  readonly redact: Redact;
  readonly running: Map<string, { operation: string; since: number }>;
  readonly done: Set<string>;
};

/** A resource that begins, ends or fails; `seconds` since it began. */
export type Step = {
  state: 'started' | 'done' | 'failed';
  operation: string;
  type: string;
  name: string;
  seconds: number;
};

/** Where progress is shown: on a terminal, in plain lines. */
export type View = {
  begin(track: Track): void;
  step(track: Track, step: Step): void;
  end(track: Track): void;
  /** A line of ours, in between. */
  say(line: string): void;
  close(): void;
};

/** Operations in words: while it goes on and when it is done; what is not here happens in the engine alone. */
export const words: Readonly<Record<string, readonly [string, string]>> = {
  create: ['creating', 'created'],
  update: ['updating', 'updated'],
  delete: ['deleting', 'deleted'],
  replace: ['replacing', 'replaced'],
  'create-replacement': ['creating anew', 'created anew'],
  'delete-replaced': ['deleting the old', 'deleted the old'],
  import: ['importing', 'imported'],
  refresh: ['reading', 'read'],
};

/** Follows the engine's events, and tells the view and the events file. */
export class Progress {
  readonly #view: View;
  readonly #file: string | undefined;

  constructor(view: View, file: string | undefined) {
    this.#view = view;
    this.#file = file;
    // A file that can't be written is refused now, not in the middle of a deployment.
    if (file !== undefined) writeWhole(file, '');
  }

  /** Begins a run; what comes back takes its events, until it is told that there are no more. */
  begin(track: Pick<Track, 'environment' | 'verb' | 'users' | 'redact'>): {
    take(event: EngineEvent): void;
    end(exitCode: number): void;
  } {
    const whole: Track = { ...track, running: new Map(), done: new Set() };
    this.#view.begin(whole);
    this.#write(whole, { event: 'begin' });
    return {
      take: (event) => this.#take(whole, event),
      end: (exitCode) => {
        this.#view.end(whole);
        this.#write(whole, { event: 'end', exitCode });
      },
    };
  }

  say(line: string): void {
    this.#view.say(line);
  }

  close(): void {
    this.#view.close();
  }

  #take(track: Track, event: EngineEvent): void {
    const step = stepOf(track, event);
    if (step) {
      this.#view.step(track, step);
      this.#write(track, { event: step.state, ...step, waiting: waitingFor(step.name, track.users, track.done) });
    }
    const { diagnosticEvent: said, policyEvent: found } = event;
    if (said && (said.severity === 'error' || said.severity === 'warning'))
      this.#write(track, {
        event: said.severity,
        ...(said.urn && { name: nameOf(said.urn) }),
        message: track.redact(said.message.trim()),
      });
    if (found)
      this.#write(track, {
        event: 'policy',
        policy: found.policyName,
        level: found.enforcementLevel,
        ...(found.resourceUrn && { name: nameOf(found.resourceUrn) }),
        message: track.redact(found.message.trim()),
      });
  }

  #write({ environment, verb }: Track, { state: _, ...fields }: Record<string, unknown>): void {
    if (this.#file === undefined) return;
    append(this.#file, `${JSON.stringify({ time: new Date().toISOString(), environment, verb, ...fields })}\n`);
  }
}

/** Written at once, line by line: whoever follows the file sees what has happened even when the run is killed. */
function append(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (error) {
    throw new UsageError(`can't write "${file}": ${reasonOf(error)}`);
  }
}

function stepOf(track: Track, event: EngineEvent): Step | undefined {
  const state = event.resourcePreEvent ? 'started' : event.resOpFailedEvent ? 'failed' : 'done';
  const metadata = (event.resourcePreEvent ?? event.resOutputsEvent ?? event.resOpFailedEvent)?.metadata;
  if (!metadata || isStack(metadata.type)) return undefined;
  const { op, type, urn } = metadata;
  const name = nameOf(urn);
  const begun = track.running.get(name);
  if (state !== 'started') {
    track.running.delete(name);
    track.done.add(name);
  } else if (op in words) track.running.set(name, { operation: op, since: Date.now() });
  // A refresh ends as what it found: unchanged, gone or different.
  const operation = op === 'same' && begun?.operation === 'refresh' ? 'refresh' : op;
  if (!(operation in words)) return undefined;
  return { state, operation, type, name, seconds: begun ? Math.round((Date.now() - begun.since) / 1000) : 0 };
}
