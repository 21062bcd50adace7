import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { UsageError } from '../files.ts';

/** Where the state of the stacks is kept: as it is said to people, and what tells the engine. */
export type Backend = { where: string; env: Record<string, string> };

const own = '.perpetual';
/** Said of it where its address is not. */
const cloud = 'Pulumi Cloud';

/** Its place without its making: a folder of the project's own is made by whoever needs it. */
export type Place = { where: string; isOwn: boolean };

/** The state's place, and what is needed to use it, made where it is the project's own. */
export function backendOf(root: string, env: NodeJS.ProcessEnv): Backend {
  const { where, isOwn } = placeOf(root, env);
  return isOwn ? embedded(root, env) : { where, env: {} };
}

/**
 * What is asked for comes first; then a state that is here already, because a login made since must not start a second
 * one; then a login; and without any of them a folder of the project's own, with which nothing has to be set up.
 */
export function placeOf(root: string, env: NodeJS.ProcessEnv): Place {
  const given = env.PULUMI_BACKEND_URL || projectsOwn(root);
  if (given) return { where: given, isOwn: false };
  if (env.PULUMI_ACCESS_TOKEN) return { where: cloud, isOwn: false };
  const isCi = !['', '0', 'false'].includes(env.CI ?? '');
  const login = loggedInTo(env);
  if (login && (isCi || !existsSync(join(root, own, 'state')))) return { where: login, isOwn: false };
  if (isCi)
    throw new UsageError(
      'the state would be lost with this runner: set PULUMI_ACCESS_TOKEN, or PULUMI_BACKEND_URL to a store such as azblob://CONTAINER',
      3,
    );
  return { where: `${own}/state`, isOwn: true };
}

/** Files below the project, encrypted with a passphrase that is made once. */
function embedded(root: string, env: NodeJS.ProcessEnv): Backend {
  const folder = join(root, own);
  const state = join(folder, 'state');
  const passphrase = join(folder, 'passphrase');
  const isGiven = isPassphraseGiven(env);
  if (isPassphraseLost(root, env))
    throw new UsageError(
      `${own}/passphrase is gone, and ${own}/state is encrypted with it: bring it back, or set PULUMI_CONFIG_PASSPHRASE`,
      3,
    );
  mkdirSync(state, { recursive: true, mode: 0o700 });
  clearUp(state);
  // The project may not be ours, with an ignore file of its own.
  if (!existsSync(join(folder, '.gitignore'))) writeFileSync(join(folder, '.gitignore'), '*\n');
  if (!isGiven && !existsSync(passphrase)) keep(passphrase, randomBytes(32).toString('base64url'));
  return {
    where: `${own}/state`,
    env: {
      // Nothing is written beside the files: it would be a second thing to be cut off.
      PULUMI_BACKEND_URL: `file://${state}?metadata=skip`,
      ...(!isGiven && { PULUMI_CONFIG_PASSPHRASE_FILE: passphrase }),
    },
  };
}

/** Of that size are the histories of years; a state alone is a hundredth of it. */
const leastRoom = 16 * 2 ** 20;

/** The folder that the state is in, if it is in one of this machine. */
export function folderOf(root: string, { where, env }: Backend): string | undefined {
  const [, path] = /^file:\/\/([^?]*)/.exec(env.PULUMI_BACKEND_URL ?? where) ?? [];
  if (!path) return undefined;
  const folder = resolve(root, path.replace(/^~(?=$|\/)/, homedir()));
  return existsSync(folder) ? folder : undefined;
}

/** The engine can't save what it has no room for: nothing is begun without. Elsewhere than in a folder there is. */
export function requireRoom(root: string, backend: Backend): void {
  const folder = folderOf(root, backend);
  if (folder === undefined) return;
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= leastRoom) return;
  const mebibytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`;
  throw new UsageError(
    `no room is left where the state is kept: ${mebibytes(bavail * bsize)} in ${backend.env.PULUMI_BACKEND_URL ? backend.where : folder}, and ${mebibytes(leastRoom)} are needed; nothing was begun`,
    4,
  );
}

/** What a killed run has begun to write beside its files says nothing, and the engine refuses to read the file for it. */
function clearUp(state: string): void {
  for (const room of ['stacks', 'locks']) {
    const folder = join(state, '.pulumi', room);
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('.attrs') && statSync(join(folder, name)).size === 0)
        rmSync(join(folder, name), { force: true });
  }
}

export const isPassphraseGiven = (env: NodeJS.ProcessEnv): boolean =>
  env.PULUMI_CONFIG_PASSPHRASE !== undefined || env.PULUMI_CONFIG_PASSPHRASE_FILE !== undefined;

/** Is the project's own state there without what it is encrypted with? */
export const isPassphraseLost = (root: string, env: NodeJS.ProcessEnv): boolean =>
  !isPassphraseGiven(env) &&
  existsSync(join(root, own, 'state', '.pulumi')) &&
  !existsSync(join(root, own, 'passphrase'));

/** Two runs that start together must agree on one. */
function keep(file: string, secret: string): void {
  try {
    writeFileSync(file, `${secret}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function projectsOwn(root: string): string | undefined {
  const url: unknown = projectIn(root)?.backend?.url;
  return typeof url === 'string' ? url : undefined;
}

const projectIn = (root: string) => parse(readFileSync(join(root, 'Pulumi.yaml'), 'utf8'));

/** As the engine names its folders for it. */
export const projectName = (root: string): string => String(projectIn(root)?.name ?? '');

/** What `pulumi login` left behind. */
function loggedInTo(env: NodeJS.ProcessEnv): string | undefined {
  try {
    const file = join(env.PULUMI_HOME || join(homedir(), '.pulumi'), 'credentials.json');
    const current: unknown = JSON.parse(readFileSync(file, 'utf8')).current;
    return typeof current === 'string' && current !== '' ? current : undefined;
  } catch {
    return undefined;
  }
}
