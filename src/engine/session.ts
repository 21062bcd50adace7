import { existsSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { dirname, join } from 'node:path';
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { UsageError } from '../files.ts';
import { keptVariable } from '../pulumi/deployed-spec.ts';
import { packed } from '../pulumi/handed.ts';
import { packVariable } from '../pulumi/pack-marker.ts';
import { projectRoot } from '../pulumi/stack-spec.ts';
import { backendOf, folderOf, projectName, requireRoom } from './backend.ts';
import { commandOf, EngineError, type Runner, runnerOf } from './command.ts';
import { automation, findEngine, requireAutomation } from './find.ts';
import type { Interrupt } from './interrupt.ts';
import { isSettled, savesOf, sparing } from './saves.ts';
import { type State, stateOf } from './state.ts';
import { heldByAnother, isCutOff, troubleOf } from './trouble.ts';

/** What every command needs that works with the engine; nothing was started yet. */
export type Session = {
  root: string;
  /** Whether the engine is new enough, asked when something went wrong: without one that is, nothing else matters. */
  ready(): Promise<unknown>;
  /** Where the state is kept, for people. */
  where: string;
  env: NodeJS.ProcessEnv;
  /** Refuses what changes the state where that could not be written. */
  requireRoom(): void;
  /** Asks for what the stack holds while something else is done before it is opened. */
  readAhead(environment: string): void;
  /** The environment's stack; one that is missing is made, or is no environment that is there. */
  open(environment: string, missing: 'create' | 'refuse'): Promise<Opened>;
  /** Takes it away from a run that is gone. */
  free(environment: string): Promise<void>;
};

export type Opened = {
  stack: Stack;
  /** What it held when it was opened: secrets as ciphertext. */
  held: State;
  /** What the program is told besides, in its environment. */
  env: Record<string, string>;
  /** Stand on the command line of the next runs, before those that are passed on. */
  flags: string[];
  /** What the engine prints for a command of its own on this stack. */
  ask(...args: string[]): Promise<string>;
};

/** The engine at work on one stack, with its answer to what the stack holds. */
type Handle = Pick<Opened, 'flags' | 'ask'> & { run: Runner; exported: Promise<string> };

/** What we say ourselves, and a second time would mean something else. */
const ours = ['--stack', '-s', '--json', '-j', '--plan', '--save-plan', '--event-log', '--policy-pack', '--yes', '-y'];

export async function startSession(
  env: NodeJS.ProcessEnv,
  passed: readonly string[],
  interrupt: Interrupt,
  say: (line: string) => void,
): Promise<Session> {
  const root = projectRoot(process.cwd());
  if (!existsSync(join(root, 'Pulumi.yaml'))) throw new UsageError('there is no Pulumi.yaml here or in a folder above');
  if (!existsSync(join(root, 'policies', 'PulumiPolicy.yaml')))
    throw new UsageError(
      'there is no policies/PulumiPolicy.yaml beside Pulumi.yaml: nothing would judge the deployment',
    );
  const taken = passed.find((flag) => ours.includes(flag.split('=')[0] ?? ''));
  if (taken !== undefined) throw new UsageError(`"${taken}" is not passed to the engine: perpetual decides it`);
  requireAutomation();
  const engine = findEngine(root, env);
  const backend = await after(engine.version, () => backendOf(root, env));
  const envVars = {
    ...backend.env,
    [packVariable]: 'attached',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    ...compiledOnce(),
    // What shows the engine's events is hidden behind it.
    PULUMI_DEBUG_COMMANDS: 'true',
  };

  const ahead = new Map<string, Handle>();
  const readAhead = (environment: string): void => void ahead.set(environment, handleOf(environment));

  /** What the engine does for one stack, and what becomes of its state where there is no room to write it. */
  function engineFor(environment: string) {
    const flags: string[] = [];
    const bare = runnerOf(engine, () => [...flags, ...passed], env, interrupt);
    const folder = folderOf(root, backend);
    const saves = folder === undefined || isSettled(env) ? undefined : savesOf(folder, projectName(root), environment);
    const tell = (): void =>
      say(
        `${environment}: the state was cut off, as when the disk is full; nothing is lost: it is again what was saved last`,
      );
    const run = saves ? sparing(bare, saves, tell) : bare;
    const ask = async (...args: string[]) => (await run([...args, '--stack', environment], root, envVars)).stdout;
    /** What the stack holds, also where the last run had no room to write it down. */
    const read = async (): Promise<string> => {
      try {
        return await ask('stack', 'export');
      } catch (error) {
        if (!saves || !(error instanceof EngineError) || !isCutOff(error)) throw error;
        if (saves.isHeld()) throw heldByAnother(environment);
        if (!saves.mend()) throw error;
        tell();
        return ask('stack', 'export');
      }
    };
    /** Ends a run that is gone, and what it has left half written. */
    const free = async (): Promise<void> => {
      await ask('cancel', '--yes');
      if (saves?.mend()) tell();
    };
    return { flags, run, ask, read, free };
  }

  function handleOf(environment: string): Handle {
    const { read, ...rest } = engineFor(environment);
    const exported = read();
    // Nobody may ever ask what became of it.
    exported.catch(() => undefined);
    return { ...rest, exported };
  }

  async function open(environment: string, missing: 'create' | 'refuse'): Promise<Opened> {
    const { flags, run, ask, exported } = ahead.get(environment) ?? handleOf(environment);
    ahead.delete(environment);
    // The engine answers while the API is loaded.
    const [held, api] = await Promise.allSettled([exported, automation()]);
    if (api.status === 'rejected') throw api.reason;
    const { LocalWorkspace, Stack } = api.value;
    const pulumiCommand = commandOf(engine, run);
    const workspace = await LocalWorkspace.create({ workDir: root, envVars, pulumiCommand });
    if (held.status === 'fulfilled') {
      const { envVars: env } = workspace;
      const state = stateOf(held.value);
      env[keptVariable] = packed(state.kept);
      return { stack: await Stack.select(environment, workspace), held: state, env, flags, ask };
    }
    if (!isMissing(held.reason) || missing === 'refuse') throw refusal(environment, held.reason);
    try {
      const stack = await Stack.create(environment, workspace);
      return { stack, held: stateOf('{}'), env: workspace.envVars, flags, ask };
    } catch (error) {
      throw refusal(environment, error);
    }
  }
  async function free(environment: string): Promise<void> {
    try {
      await engineFor(environment).free();
    } catch (error) {
      throw refusal(environment, error);
    }
  }
  /** What keeps an environment from being opened, in our words. */
  function refusal(environment: string, error: unknown): unknown {
    if (isMissing(error))
      return new UsageError(`"${environment}" is not deployed: ${backend.where} has no such stack`, 6);
    return error instanceof EngineError ? troubleOf(error, environment) : error;
  }
  return {
    ...{ root, ready: engine.version, where: backend.where, env },
    ...{ requireRoom: () => requireRoom(root, backend), readAhead, open, free },
  };
}

const isMissing = (error: unknown): boolean => error instanceof EngineError && /no stack named/.test(error.message);

/** The engine's host of programs and its policy packs run on Node.js, too: what we have compiled, and they, is kept for all. */
function compiledOnce(): Record<string, string> {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}

/** Does something, and tells of its failure only where what it takes has not failed. */
export async function after<T>(ready: () => Promise<unknown>, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await ready();
    throw error;
  }
}
