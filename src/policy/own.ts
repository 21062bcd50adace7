import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { display, nearestAbove, readText, reasonOf, UsageError } from '../files.ts';
import { faultOf } from './own-faults.ts';
import type { Finding, Policy } from './policy.ts';

/**
 * Policies of the user's own are code, so whoever runs a command names their folder, or the package does that the
 * command is run in. A spec never does: it may come from anybody.
 */
export function ownFolder(from: string, named: string | undefined): string | undefined {
  if (named !== undefined) return resolve(named);
  const manifest = nearestAbove(join(from, 'package.json'), 'package.json');
  const text = manifest === undefined ? '' : readText(manifest);
  // Nearly every package says nothing about us, and reading it takes time in every run.
  if (manifest === undefined || !text.includes('"perpetual"')) return undefined;
  const folder = folderIn(text, display(manifest));
  return folder === undefined ? undefined : resolve(dirname(manifest), folder);
}

function folderIn(text: string, file: string): string | undefined {
  let settings: unknown;
  try {
    settings = (JSON.parse(text) as { perpetual?: unknown }).perpetual;
  } catch {
    throw new UsageError(`can't read "${file}": it is not JSON`);
  }
  if (typeof settings !== 'object' || settings === null || !('policies' in settings)) return undefined;
  if (typeof settings.policies === 'string' && settings.policies !== '') return settings.policies;
  throw failure(`"perpetual.policies" in "${file}" is not the path of a folder`);
}

/** Every policy of a folder, in the order of their files; what is wrong with one is said with its file's name. */
export function ownPolicies(folder: string | undefined, builtIn: readonly Policy[]): readonly Policy[] {
  if (folder === undefined) return [];
  const taken = new Map(builtIn.map(({ id }) => [id, 'the package']));
  return filesIn(folder).map((name) => {
    const file = join(folder, name);
    const shown = display(file);
    const policy = load(file, shown);
    const fault = faultOf(policy);
    if (fault !== undefined) throw failure(`"${shown}" is not a policy: ${fault}`);
    const { id } = policy as Policy;
    const other = taken.get(id);
    if (other !== undefined) throw failure(`"${shown}" has the id "${id}", which ${other} has already`);
    taken.set(id, `"${shown}"`);
    return guarded(policy as Policy, shown);
  });
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.([mc]?js|m?ts)$/.test(name) && !/\.(d|test)\.m?ts$|\.test\.[mc]?js$/.test(name))
      .sort();
  } catch (error) {
    throw failure(`can't read the policies in "${display(folder)}": ${reasonOf(error)}`);
  }
}

/** At once and not as a promise, because the engine loads its pack so. */
function load(file: string, shown: string): unknown {
  const require = createRequire(file);
  const { extensions } = require;
  const compiler = extensions['.ts'];
  // The engine's hosts put a compiler of their own in there, with rules of its own; Node.js reads the file by itself.
  if (process.env.PULUMI_NODEJS_PROJECT !== undefined) delete extensions['.ts'];
  try {
    const loaded = require(file) as { default?: unknown };
    return loaded.default ?? loaded;
  } catch (error) {
    throw failure(`can't load the policy "${shown}": ${firstLine(error)}`);
  } finally {
    if (compiler) extensions['.ts'] = compiler;
  }
}

/** A policy that fails while it judges ends the run like one that can't be loaded. */
function guarded(policy: Policy, shown: string): Policy {
  const guard = <Parts extends unknown[]>(judge: (...parts: Parts) => Iterable<Finding>) =>
    function* (...parts: Parts): Generator<Finding> {
      let index = 0;
      try {
        for (const finding of judge.apply(policy, parts)) {
          if (typeof finding?.message !== 'string') throw new Error(`its finding ${index} has no message`);
          index++;
          yield finding;
        }
      } catch (error) {
        throw failure(`the policy "${shown}" fails: ${firstLine(error)}`);
      }
    };
  return {
    ...policy,
    ...(policy.resource && {
      resource: Object.fromEntries(Object.entries(policy.resource).map(([type, judge]) => [type, guard(judge)])),
    }),
    ...(policy.plan && { plan: guard(policy.plan) }),
  };
}

/** The engine prints the trace of an error in its place, and there is nothing in ours that helps. */
function failure(message: string): UsageError {
  const error = new UsageError(message);
  error.stack = message;
  return error;
}

const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
