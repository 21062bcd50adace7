import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../files.ts';

export type Automation = typeof import('@pulumi/pulumi/automation/index.js');

/** How the engine is started: the program and what stands before its own arguments. */
export type Engine = { command: string; before: readonly string[]; version: string };

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

/** The engine on PATH, else the one that npm installed in the project. */
export async function findEngine(root: string, env: NodeJS.ProcessEnv): Promise<Engine> {
  const engine = await locateEngine(root, env);
  if (!engine)
    throw new UsageError(
      `the Pulumi engine is not on PATH: install ${oldestEngine} or newer (https://www.pulumi.com/docs/install), or "npm install pulumi"`,
    );
  if (isOlder(engine.version, oldestEngine))
    throw new UsageError(`the Pulumi engine is ${engine.version}, and ${oldestEngine} or newer is needed`);
  return engine;
}

/** Whatever version it is. */
export const locateEngine = async (root: string, env: NodeJS.ProcessEnv): Promise<Engine | undefined> =>
  (await versionOf('pulumi', [], env)) ?? (await fromNpm(root, env));

async function fromNpm(root: string, env: NodeJS.ProcessEnv): Promise<Engine | undefined> {
  let folder: string;
  try {
    folder = dirname(createRequire(join(root, 'package.json')).resolve('pulumi/package.json'));
  } catch {
    return undefined;
  }
  return versionOf(process.execPath, [join(folder, 'run.js')], env);
}

async function versionOf(
  command: string,
  before: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Engine | undefined> {
  try {
    const { stdout } = await promisify(execFile)(command, [...before, 'version'], {
      env: { ...env, PULUMI_SKIP_UPDATE_CHECK: 'true' },
    });
    return { command, before, version: stdout.trim().replace(/^v/, '') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UsageError(`the Pulumi engine does not start: ${firstLine((error as Error).message)}`);
  }
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? '';

/** Of versions as `3.256.0`. */
export function isOlder(version: string, than: string): boolean {
  const numbers = (text: string): number[] => text.split(/[.+-]/).slice(0, 3).map(Number);
  const [a, b] = [numbers(version), numbers(than)];
  const differing = a.findIndex((number, index) => number !== b[index]);
  return differing >= 0 && Number(a[differing]) < Number(b[differing]);
}
