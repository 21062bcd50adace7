import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Engine, isOlder, locateEngine, oldestEngine } from '../engine/find.ts';
import { UsageError } from '../files.ts';
import { isProgram, onPath } from '../on-path.ts';
import { packageFolder } from '../version.ts';
import type { Line, Surroundings } from './line.ts';

type Package = {
  version: string;
  peerDependencies?: Record<string, string>;
  pulumi?: { resource?: boolean; name?: string; version?: string };
};

/** What the engine's verbs need: the engine, the SDK, the host of our program's language and the providers. */
export async function partLines({ root, env }: Surroundings): Promise<Line[]> {
  const { line, engine } = await engineLine(root, env);
  return [line, ...(engine ? [hostLine(engine, env)] : []), ...peersOf().flatMap((peer) => peerLines(peer, env))];
}

const install = 'https://www.pulumi.com/docs/install';

async function engineLine(root: string, env: NodeJS.ProcessEnv): Promise<{ line: Line; engine?: Engine }> {
  const about = { for: 'deploying', what: 'Pulumi engine' } as const;
  const wanted = `install ${oldestEngine} or newer (${install}), or "npm install pulumi"`;
  try {
    const engine = locateEngine(root, env);
    if (!engine) return { line: { ...about, state: 'missing', found: 'not on PATH', fix: wanted, exitCode: 2 } };
    const version = await engine.version();
    const found = `${version}${engine.before.length > 0 ? ', by npm' : ''}`;
    return isOlder(version, oldestEngine)
      ? { line: { ...about, state: 'too old', found, fix: wanted, exitCode: 2 }, engine }
      : { line: { ...about, state: 'ok', found }, engine };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { line: { ...about, state: 'missing', found: error.message, fix: wanted, exitCode: 2 } };
  }
}

/** It comes with the engine and lies beside it; npm's engine brings its own along. */
function hostLine({ command, before }: Engine, env: NodeJS.ProcessEnv): Line {
  const about = { for: 'deploying', what: 'Node.js host of the engine' } as const;
  if (before.length > 0) return { ...about, state: 'note', found: "by npm, with the engine's first run" };
  const name = 'pulumi-language-nodejs';
  const engine = onPath(command, env);
  const beside = engine && join(dirname(realpathSync(engine)), name);
  const found = onPath(name, env) ?? (beside && isProgram(beside) ? beside : undefined);
  return found === undefined
    ? {
        ...about,
        state: 'missing',
        found: `no ${name} on PATH`,
        fix: `install the engine anew (${install})`,
        exitCode: 2,
      }
    : { ...about, state: 'ok', found };
}

type Peer = { name: string; range: string; manifest: Package | undefined };

/** What the package leaves to whoever deploys, as it is installed here. */
function peersOf(): Peer[] {
  const file = join(packageFolder, 'package.json');
  const { peerDependencies = {} } = readPackage(file) as Package;
  const from = createRequire(file);
  return Object.entries(peerDependencies).map(([name, range]) => ({ name, range, manifest: manifestOf(from, name) }));
}

function manifestOf(from: NodeJS.Require, name: string): Package | undefined {
  for (const folder of from.resolve.paths(name) ?? []) {
    const file = join(folder, name, 'package.json');
    if (existsSync(file)) return readPackage(file);
  }
  return undefined;
}

const readPackage = (file: string): Package => JSON.parse(readFileSync(file, 'utf8')) as Package;

function peerLines({ name, range, manifest }: Peer, env: NodeJS.ProcessEnv): Line[] {
  const about = { for: 'deploying', what: name } as const;
  const fix = `npm install ${name}@${range}`;
  if (!manifest) return [{ ...about, state: 'missing', found: 'not installed', fix, exitCode: 2 }];
  const [oldest, version] = [range, manifest.version].map((each) => each.replace(/^[\^v]/, '')) as [string, string];
  if (isOlder(version, oldest))
    return [{ ...about, state: 'too old', found: `${version}, and ${range} is needed`, fix, exitCode: 2 }];
  const isTried = version.split('.')[0] === oldest.split('.')[0];
  const line: Line = isTried
    ? { ...about, state: 'ok', found: version }
    : { ...about, state: 'note', found: `${version}, newer than what was tried (${range})`, fix };
  return manifest.pulumi?.resource ? [line, pluginLine(manifest.pulumi, env)] : [line];
}

/** The engine takes a provider from PATH before its own folder, and fetches what is in neither. */
function pluginLine({ name, version }: NonNullable<Package['pulumi']>, env: NodeJS.ProcessEnv): Line {
  const about = { for: 'deploying', what: `provider ${name}` } as const;
  const onItsPath = onPath(`pulumi-resource-${name}`, env);
  if (onItsPath !== undefined)
    return { ...about, state: 'note', found: `${onItsPath}, on PATH, is taken instead of ${version}` };
  const folder = join(env.PULUMI_HOME || join(homedir(), '.pulumi'), 'plugins', `resource-${name}-v${version}`);
  if (existsSync(folder)) return { ...about, state: 'ok', found: `${version}` };
  const fix = `pulumi plugin install resource ${name} ${version}`;
  const isFetched = env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION !== 'true';
  return isFetched
    ? { ...about, state: 'note', found: `${version} is not here yet: the engine fetches it`, fix }
    : {
        ...about,
        state: 'missing',
        found: `${version} is not here, and the engine may not fetch it`,
        fix,
        exitCode: 4,
      };
}
