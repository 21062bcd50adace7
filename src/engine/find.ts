import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../files.ts';

export type Automation = typeof import('@pulumi/pulumi/automation/index.js');

/** How the engine is started: the program and what stands before its own arguments. */
export type Engine = {
  command: string;
  before: readonly string[];
  /** As it answers itself, which takes a while. */
  version: Promise<string>;
};

/** The first that destroys what is protected for one time, which leaves nothing unprotected when it is interrupted. */
export const oldestEngine = '3.256.0';

/** The Automation API, an optional peer: who only checks specs has no use for it. It takes as long as a short command of the engine. */
export const automation = (): Promise<Automation> => import('@pulumi/pulumi/automation/index.js');

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
export async function findEngine(root: string, env: NodeJS.ProcessEnv): Promise<Engine> {
  const engine = await locateEngine(root, env);
  if (!engine)
    throw new UsageError(
      `the Pulumi engine is not on PATH: install ${oldestEngine} or newer (https://www.pulumi.com/docs/install), or "npm install pulumi"`,
    );
  const version = engine.version.then(newEnough);
  // Whoever waits for it hears of it; until then nobody does.
  version.catch(() => undefined);
  return { ...engine, version };
}

/** Whatever version it is. */
export const locateEngine = async (root: string, env: NodeJS.ProcessEnv): Promise<Engine | undefined> =>
  (await started('pulumi', [], env)) ?? (await fromNpm(root, env));

async function fromNpm(root: string, env: NodeJS.ProcessEnv): Promise<Engine | undefined> {
  let folder: string;
  try {
    folder = dirname(createRequire(join(root, 'package.json')).resolve('pulumi/package.json'));
  } catch {
    return undefined;
  }
  return started(process.execPath, [join(folder, 'run.js')], env);
}

/** Asks for the version, and waits no longer than it takes to know that there is such a program. */
async function started(
  command: string,
  before: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Engine | undefined> {
  const asked = promisify(execFile)(command, [...before, 'version'], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: 'true' },
  });
  const version = asked.then(
    ({ stdout }) => stdout.trim().replace(/^v/, ''),
    (error: Error) => {
      throw new UsageError(`the Pulumi engine does not start: ${firstLine(error.message)}`);
    },
  );
  version.catch(() => undefined);
  try {
    await once(asked.child, 'spawn');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  }
  return { command, before, version };
}

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
