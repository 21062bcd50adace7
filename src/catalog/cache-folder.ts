import { posix, win32 } from 'node:path';

export type Machine = { env: NodeJS.ProcessEnv; platform: NodeJS.Platform; home: () => string };

/** Where this user's copy of the price list lies; undefined for a user without a home, as in many containers. */
export function cacheFolder({ env, platform, home }: Machine): string | undefined {
  if (env.PERPETUAL_CACHE) return env.PERPETUAL_CACHE;
  const { join, isAbsolute } = platform === 'win32' ? win32 : posix;
  // A relative folder would be another one in each working directory; the XDG specification has them ignored, too.
  const given = platform === 'win32' ? env.LOCALAPPDATA : platform === 'darwin' ? undefined : env.XDG_CACHE_HOME;
  if (given && isAbsolute(given)) return join(given, 'perpetual');
  const own = homeOf(home);
  if (!isAbsolute(own)) return undefined;
  const parts =
    platform === 'win32' ? ['AppData', 'Local'] : platform === 'darwin' ? ['Library', 'Caches'] : ['.cache'];
  return join(own, ...parts, 'perpetual');
}

/** The system throws when it does not know the user at all. */
function homeOf(home: () => string): string {
  try {
    return home();
  } catch {
    return '';
  }
}
