import { closeSync, linkSync, mkdirSync, openSync, readdirSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Cloud } from './cloud.ts';

export type Operation = 'check' | 'diff' | 'create' | 'read' | 'update' | 'delete' | 'invoke';

/**
 * A fault to inject. `error` refuses before anything happened; `partial` lets the resource come into being and then
 * reports that it did not come up, because of `pod` where it is a workload; `crash` kills the provider, `lost` the engine
 * with it, both `after` the work is done unless told `before`: then the resource exists and nobody knows. `full` fills the
 * disk with `file`, and the work goes on. Each strikes `times` (once) over all runs against the same cloud. A provider that asks again meets it again.
 */
export type Fault = {
  /** `write` is whatever changes something. */
  on: Operation | 'write';
  type?: string;
  name?: string;
  /** How many it lets pass before. */
  spare?: number;
  times?: number;
  kind?: 'error' | 'partial' | 'crash' | 'lost' | 'full';
  file?: string;
  when?: 'before' | 'after';
  code?: string;
  status?: number;
  message?: string;
  /** Seconds after which Azure wants to be asked again. */
  retryAfter?: number;
  /** What keeps the pod of a workload from running. */
  pod?: UnreadyPod;
};

/** A container that does not run: what the kubelet says of it, and what it wrote last before it ended. */
export type UnreadyPod = {
  container: string;
  reason: string;
  message: string;
  ended?: { reason: string; exitCode: number; lastLines: string };
};

export type Faults = {
  /** The fault that strikes now at this point of an operation, if any; asking counts it, and one may end the process. */
  strike(on: Operation, when: 'before' | 'after', asked: { type: string; name?: string }): Fault | undefined;
};

/** The faults listed in `PERPETUAL_STANDIN_FAULTS`, a JSON array; `end` ends the process like a crash would. */
export function faultsOf(cloud: Cloud, listed: readonly Fault[], end: (kind: Fault['kind']) => never = kill): Faults {
  return {
    strike(on, when, asked) {
      for (const [index, fault] of listed.entries()) {
        if (!(fault.on === 'write' ? writes : [fault.on]).includes(on) || momentOf(fault) !== when) continue;
        if (fault.type !== undefined && fault.type !== asked.type) continue;
        if (fault.name !== undefined && fault.name !== asked.name) continue;
        const strikes = cloud.change((state) => {
          const key = `${index} ${JSON.stringify(fault)}`;
          const { spare = 0, times = 1 } = fault;
          const met = (state.struck[key] ?? -spare) + 1;
          if (met <= times) state.struck[key] = met;
          return met > 0 && met <= times;
        });
        if (strikes && isDeadly(fault)) end(fault.kind);
        if (strikes && fault.kind === 'full') fill(fault.file ?? 'filler');
        else if (strikes) return fault;
      }
      return undefined;
    },
  };
}

const writes: readonly Operation[] = ['create', 'update', 'delete'];

function momentOf(fault: Fault): 'before' | 'after' {
  if (fault.kind === 'partial') return 'after';
  return fault.when ?? (isDeadly(fault) ? 'after' : 'before');
}

const isDeadly = ({ kind }: Fault): boolean => kind === 'crash' || kind === 'lost';

/** Until nothing more fits, as a log does that nobody looks after; and what is replaced makes no room, as with snapshots. */
export function fill(file: string): void {
  const folder = dirname(file);
  const lying = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  mkdirSync(`${file}.held`);
  for (const [index, { parentPath, name }] of lying.entries())
    linkSync(join(parentPath, name), join(`${file}.held`, String(index)));
  const opened = openSync(file, 'a');
  const zeros = Buffer.alloc(4096);
  try {
    for (;;) writeSync(opened, zeros);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(opened);
  }
}

export function parseFaults(text: string | undefined): Fault[] {
  const listed: unknown = text ? JSON.parse(text) : [];
  if (!Array.isArray(listed)) throw new Error('PERPETUAL_STANDIN_FAULTS must be a JSON array');
  return listed;
}

/** The engine goes first: it must not be told that its provider is gone. */
function kill(kind: Fault['kind']): never {
  if (kind === 'lost') process.kill(process.ppid, 'SIGKILL');
  process.kill(process.pid, 'SIGKILL');
  throw new Error('crashing');
}
