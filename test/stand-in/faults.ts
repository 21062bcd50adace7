import type { Cloud } from './cloud.ts';

export type Operation = 'check' | 'diff' | 'create' | 'read' | 'update' | 'delete' | 'invoke';

/**
 * A fault to inject. `error` refuses before anything happened; `partial` lets the resource come into being and then
 * reports that it did not come up; `crash` kills the provider, `after` the work is done unless told `before`: then the
 * resource exists and nobody knows. Each strikes `times` (once) over all runs against the same cloud.
 */
export type Fault = {
  on: Operation;
  type?: string;
  name?: string;
  times?: number;
  kind?: 'error' | 'partial' | 'crash';
  when?: 'before' | 'after';
  code?: string;
  status?: number;
  message?: string;
};

export type Faults = {
  /** The fault that strikes now at this point of an operation, if any; asking counts it. */
  strike(on: Operation, when: 'before' | 'after', asked: { type: string; name?: string }): Fault | undefined;
  /** Ends the process like a crash would. */
  crash(): never;
};

/** The faults listed in `PERPETUAL_STANDIN_FAULTS`, a JSON array. */
export function faultsOf(cloud: Cloud, listed: readonly Fault[], crash: () => never = killSelf): Faults {
  return {
    crash,
    strike(on, when, asked) {
      for (const [index, fault] of listed.entries()) {
        if (fault.on !== on || momentOf(fault) !== when) continue;
        if (fault.type !== undefined && fault.type !== asked.type) continue;
        if (fault.name !== undefined && fault.name !== asked.name) continue;
        const strikes = cloud.change((state) => {
          const key = `${index} ${JSON.stringify(fault)}`;
          const before = state.struck[key] ?? 0;
          if (before < (fault.times ?? 1)) state.struck[key] = before + 1;
          return before < (fault.times ?? 1);
        });
        if (strikes) return fault;
      }
      return undefined;
    },
  };
}

function momentOf(fault: Fault): 'before' | 'after' {
  if (fault.kind === 'partial') return 'after';
  return fault.when ?? (fault.kind === 'crash' ? 'after' : 'before');
}

export function parseFaults(text: string | undefined): Fault[] {
  const listed: unknown = text ? JSON.parse(text) : [];
  if (!Array.isArray(listed)) throw new Error('PERPETUAL_STANDIN_FAULTS must be a JSON array');
  return listed;
}

function killSelf(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('crashing');
}
