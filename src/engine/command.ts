import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { PulumiCommand } from '@pulumi/pulumi/automation/index.js';
import { type Engine, oldestEngine } from './find.ts';
import type { Interrupt } from './interrupt.ts';

/** What the engine says when it does not succeed. */
export class EngineError extends Error {
  readonly code: number;
  /** Somebody ended it: it had no time to say anything, and what it held it still holds. */
  readonly isKilled: boolean;
  constructor(stderr: string, code: number, isKilled = false) {
    super(stderr.trim());
    this.code = code;
    this.isKilled = isKilled;
  }
}

export type Runner = (
  args: readonly string[],
  cwd: string,
  env: Record<string, string | undefined>,
) => Promise<Printed>;
type Printed = { stdout: string; stderr: string; code: number };

/** Those of the engine's commands that take what stands after `--`. */
const verbs = ['preview', 'up', 'destroy', 'refresh'];

/** Such a command may begin before the engine was asked how old it is; a preview fails in one that is too old. */
const changesNothing = ([verb, what]: readonly string[]): boolean =>
  verb === 'preview' || (verb === 'stack' && what === 'export');

/** Starts the engine in a group of its own, so that a terminal's Ctrl-C reaches it through us only. */
export function runnerOf(
  engine: Engine,
  passed: () => readonly string[],
  inherited: NodeJS.ProcessEnv,
  interrupt: Interrupt,
): Runner {
  return async (args, cwd, env) => {
    interrupt.check();
    // Whoever opens a stack has found it already, and a bare `pulumi` beside us keeps the one its user selected.
    if (args[0] === 'stack' && args[1] === 'select') return { stdout: '', stderr: '', code: 0 };
    if (!changesNothing(args)) await engine.version();
    const isInit = args[0] === 'stack' && args[1] === 'init';
    const flags = isInit ? ['--no-select'] : verbs.includes(args[0] ?? '') ? passed() : [];
    const child = spawn(engine.command, [...engine.before, ...args, ...flags, '--non-interactive'], {
      cwd,
      env: { ...inherited, ...env, PULUMI_AUTOMATION_API: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    interrupt.watch(child);
    const closed = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    if (code !== 0) throw new EngineError(stderr, code ?? -1, code === null);
    return { stdout, stderr, code };
  };
}

/** In the shape of the API's own command, which has no room for flags it does not know and shares our process group. */
export const commandOf = ({ command }: Engine, run: Runner): PulumiCommand =>
  ({ command, version: oldestEngine, run }) as unknown as PulumiCommand;
