import {
  copyFileSync,
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  watch,
} from 'node:fs';
import { join } from 'node:path';
import { cannotWrite, UsageError } from '../files.ts';
import type { Runner } from './command.ts';

/**
 * What the engine has saved of one environment, where that is a folder. A save that finds no room leaves half a file
 * under the state's own name, and the next one copies that over what was kept from before. So while it works the engine
 * keeps each save under a name of its own, too: nothing is begun before a whole one says so.
 */
export type Saves = {
  /** Brings back the newest whole one if the state is cut off; says whether it did. */
  mend(): boolean;
  /** Lets go of those before the newest whole one, once they are many. */
  thin(): void;
  /** The run is over: what is whole needs no other. */
  forget(): void;
  /** Is somebody writing, or was, and is gone? */
  isHeld(): boolean;
  /** Where they lie. */
  folder: string;
};

/** Tells the engine to keep each save. */
const retaining = { PULUMI_DIY_BACKEND_RETAIN_CHECKPOINTS: 'true' };
/** Those of its commands that save. */
const saving = ['up', 'destroy', 'refresh', 'import'];

/** Whoever has settled this for himself keeps it his way: what is compressed is not looked into. */
const settled = /^PULUMI_(DIY_BACKEND|SELF_MANAGED_STATE)_(GZIP|ZSTD|RETAIN_CHECKPOINTS)$|^PULUMI_RETAIN_CHECKPOINTS$/;

export const isSettled = (env: NodeJS.ProcessEnv): boolean => Object.keys(env).some((name) => settled.test(name));

/** Runs the engine so that nothing is lost where there was no room for a save; `tell` hears that it was so. */
export function sparing(run: Runner, saves: Saves, tell: () => void): Runner {
  return async (args, cwd, env) => {
    const verb = args.find((each) => !each.startsWith('-')) ?? '';
    if (!saving.includes(verb) || args.includes('--preview-only')) return run(args, cwd, env);
    const stop = thinning(saves);
    try {
      return await run(args, cwd, { ...env, ...retaining });
    } finally {
      stop();
      settle(saves, tell);
    }
  };
}

/** What the run itself has to say comes first: that nothing can be put back the next command says, too. */
function settle(saves: Saves, tell: () => void): void {
  try {
    if (saves.mend()) tell();
    saves.forget();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
  }
}

/** Thins the saves as they come, until what comes back is called. */
function thinning(saves: Saves): () => void {
  try {
    const watcher = watch(saves.folder, { persistent: false }, () => saves.thin());
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    // Where nothing can be watched they are let go together in the end.
    return () => undefined;
  }
}

/** So many may lie there before one looks which of them can go. */
const many = 8;

/** The saves of an environment's stack; `folder` is where the states are. */
export function savesOf(folder: string, project: string, environment: string): Saves {
  const stacks = join(folder, '.pulumi', 'stacks', project);
  const history = join(folder, '.pulumi', 'history', project, environment);
  const locks = join(folder, '.pulumi', 'locks', 'organization', project, environment);
  const state = join(stacks, `${environment}.json`);

  /** The newest first: they are named by when they were made. */
  const kept = (): string[] =>
    list(stacks)
      .filter((name) => name.startsWith(`${environment}.json.`) && /\.\d+$/.test(name))
      .sort()
      .reverse()
      .map((name) => join(stacks, name));
  const drop = (files: readonly string[]): void => {
    for (const file of files) for (const each of [file, `${file}.attrs`]) rmSync(each, { force: true });
  };
  const isHeld = (): boolean => list(locks).some((name) => name.endsWith('.json'));

  return {
    ...{ folder: stacks, isHeld },
    mend() {
      if (isHeld()) return false;
      // The last run, if it is half written down, would keep all others from being told.
      const last = list(history).filter(isEntry).sort().at(-1);
      if (last !== undefined && !isWhole(join(history, last))) drop([join(history, last)]);
      if (!existsSync(state) || isWhole(state)) return false;
      // What the engine keeps by itself is the newest where somebody has worked with the engine alone.
      const found = [`${state}.bak`, ...kept()].filter(existsSync).sort(byTime).find(isWhole);
      if (found !== undefined) putInPlace(found, state);
      return found !== undefined;
    },
    thin() {
      const files = kept();
      if (files.length > many) drop(files.slice(files.findIndex(isWhole) + 1 || files.length));
    },
    forget() {
      // Listed first: whoever begins now keeps his own.
      const files = kept();
      if (!isHeld() && isWhole(state)) drop(files);
    },
  };
}

const list = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
const isEntry = (name: string): boolean => name.endsWith('.history.json');
const byTime = (a: string, b: string): number => statSync(b).mtimeMs - statSync(a).mtimeMs;

function isWhole(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return true;
  } catch {
    return false;
  }
}

/** A second name takes no room, which there may be none of. What is found stays until it is forgotten. */
function putInPlace(found: string, state: string): void {
  const temporary = `${state}.${process.pid}.tmp`;
  try {
    rmSync(temporary, { force: true });
    link(found, temporary);
    renameSync(temporary, state);
  } catch (error) {
    throw cannotWrite(state, error);
  }
}

/** Not every file system has second names. */
function link(found: string, name: string): void {
  try {
    linkSync(found, name);
  } catch {
    copyFileSync(found, name);
  }
}
