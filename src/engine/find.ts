import { execFile } from 'node:child_process';
import { createRequire, Module } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../files.ts';
import { onPath } from '../on-path.ts';

export type Automation = typeof import('@pulumi/pulumi/automation/index.js');

/** How the engine is started: the program and what stands before its own arguments. */
export type Engine = {
  command: string;
  before: readonly string[];
  /** As it answers itself, which takes as long as any short command of it. */
  version(): Promise<string>;
};

/** The first that destroys what is protected for one time, which leaves nothing unprotected when it is interrupted. */
export const oldestEngine = '3.256.0';

/** The Automation API, an optional peer: who only checks specs has no use for it. */
export async function automation(): Promise<Automation> {
  const show = hide('./typescript-shim.js', '@npmcli/arborist');
  try {
    return await import('@pulumi/pulumi/automation/index.js');
  } finally {
    show();
  }
}

/**
 * Lets the SDK load without what it needs for turning functions into text, which nobody does here and which is most of what
 * it loads. Until the end, when others can load these again.
 */
function hide(...names: readonly string[]): () => void {
  const sdk = createRequire(createRequire(import.meta.url).resolve('@pulumi/pulumi/package.json'));
  const fileOf = (name: string): string[] => {
    try {
      return [sdk.resolve(name)];
    } catch {
      return [];
    }
  };
  const hidden = names.flatMap(fileOf).filter((file) => !(file in sdk.cache));
  for (const file of hidden) sdk.cache[file] = Object.assign(new Module(file), { loaded: true });
  return () => {
    for (const file of hidden) delete sdk.cache[file];
  };
}

/** Refuses to begin without it. */
export function requireAutomation(): void {
  try {
    createRequire(import.meta.url).resolve('@pulumi/pulumi/automation/index.js');
  } catch {
    const peers = ['pulumi', 'policy', 'azure-native', 'kubernetes'].map((name) => `@pulumi/${name}`);
    throw new UsageError(`deploying needs what is not installed here: npm install ${peers.join(' ')}`);
  }
}

/** The engine on PATH, else the one that npm installed in the project; its version fails where it is too old. */
export function findEngine(root: string, env: NodeJS.ProcessEnv): Engine {
  const engine = locateEngine(root, env);
  if (!engine)
    throw new UsageError(
      `the Pulumi engine is not on PATH: install ${oldestEngine} or newer (https://www.pulumi.com/docs/install), or "npm install pulumi"`,
    );
  let version: Promise<string> | undefined;
  return {
    ...engine,
    version() {
      version ??= engine.version().then(newEnough);
      return version;
    },
  };
}

/** Whatever version it is. */
export function locateEngine(root: string, env: NodeJS.ProcessEnv): Engine | undefined {
  const found = onPath('pulumi', env);
  // What npm puts on the PATH of Windows is started by a shell only.
  return found === undefined || found.endsWith('.cmd') ? fromNpm(root, env) : engineBy('pulumi', [], env);
}

function fromNpm(root: string, env: NodeJS.ProcessEnv): Engine | undefined {
  let folder: string;
  try {
    folder = dirname(createRequire(join(root, 'package.json')).resolve('pulumi/package.json'));
  } catch {
    return undefined;
  }
  return engineBy(process.execPath, [join(folder, 'run.js')], env);
}

const engineBy = (command: string, before: readonly string[], env: NodeJS.ProcessEnv): Engine => ({
  command,
  before,
  async version() {
    try {
      const answer = await promisify(execFile)(command, [...before, 'version'], {
        env: { ...env, PULUMI_SKIP_UPDATE_CHECK: 'true' },
      });
      return answer.stdout.trim().replace(/^v/, '');
    } catch (error) {
      throw new UsageError(`the Pulumi engine does not start: ${firstLine((error as Error).message)}`);
    }
  },
});

function newEnough(version: string): string {
  if (!isOlder(version, oldestEngine)) return version;
  throw new UsageError(`the Pulumi engine is ${version}, and ${oldestEngine} or newer is needed`);
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

/** Of versions as `3.256.0`. */
export function isOlder(version: string, than: string): boolean {
  const numbers = (text: string): number[] => text.split(/[.+-]/).slice(0, 3).map(Number);
  const [a, b] = [numbers(version), numbers(than)];
  const differing = a.findIndex((number, index) => number !== b[index]);
  return differing >= 0 && Number(a[differing]) < Number(b[differing]);
}
