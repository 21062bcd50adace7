import { existsSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { dirname, join } from 'node:path';
import type { Stack } from '@pulumi/pulumi/automation/index.js';
import { UsageError } from '../files.ts';
import { keptVariable } from '../pulumi/deployed-spec.ts';
import { packed } from '../pulumi/handed.ts';
import { packVariable } from '../pulumi/pack-marker.ts';
import { projectRoot } from '../pulumi/stack-spec.ts';
import { backendOf, requireRoom } from './backend.ts';
import { commandOf, EngineError, type Runner, runnerOf } from './command.ts';
import { automation, findEngine, requireAutomation } from './find.ts';
import type { Interrupt } from './interrupt.ts';
import { type State, stateOf } from './state.ts';
import { troubleOf } from './trouble.ts';

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

  function handleOf(environment: string): Handle {
    const flags: string[] = [];
    const run = runnerOf(engine, () => [...flags, ...passed], env, interrupt);
    const ask = async (...args: string[]) => (await run([...args, '--stack', environment], root, envVars)).stdout;
    const exported = ask('stack', 'export');
    // Nobody may ever ask what became of it.
    exported.catch(() => undefined);
    return { flags, run, ask, exported };
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
    const error: unknown = held.reason;
    if (!(error instanceof EngineError)) throw error;
    if (!/no stack named/.test(error.message)) throw troubleOf(error, environment);
    if (missing === 'refuse')
      throw new UsageError(`"${environment}" is not deployed: ${backend.where} has no such stack`, 6);
    try {
      const stack = await Stack.create(environment, workspace);
      return { stack, held: stateOf('{}'), env: workspace.envVars, flags, ask };
    } catch (error) {
      throw error instanceof EngineError ? troubleOf(error, environment) : error;
    }
  }
  return {
    ...{ root, ready: engine.version, where: backend.where, env },
    ...{ requireRoom: () => requireRoom(backend), readAhead, open },
  };
}

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
