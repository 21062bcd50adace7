import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isOlder } from '../engine/find.ts';
import { onPath } from '../on-path.ts';
import { packageFolder } from '../version.ts';
import type { Line, Surroundings } from './line.ts';

/** Node.js by what the package asks for, and programs that one command or another runs. */
export async function programLines({ env }: Surroundings): Promise<Line[]> {
  const line = async (program: string, args: readonly string[], why: string, fix: string): Promise<Line> => {
    const version = await versionOf(program, args, env);
    return version === undefined
      ? { for: 'other', what: program, state: 'missing', found: why, fix }
      : { for: 'other', what: program, state: 'ok', found: version };
  };
  return [
    nodeLine(),
    ...(await Promise.all([
      line('git', ['--version'], 'needed for "--against" and by "init"', 'https://git-scm.com/downloads'),
      line('az', ['version', '--output', 'json'], 'needed for "az login" and "setup azure --apply"', azInstall),
      line('gh', ['--version'], 'needed for "setup azure --apply"', 'https://cli.github.com'),
      line('kubectl', ['version', '--client'], 'needed to look into the cluster', 'az aks install-cli'),
    ])),
  ];
}

export const azInstall = 'https://learn.microsoft.com/cli/azure/install-azure-cli';

function nodeLine(): Line {
  const engines: unknown = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).engines?.node;
  const oldest = String(engines).replace(/^>=/, '');
  const found = process.versions.node;
  // Without the patch that the range leaves out.
  if (!isOlder(found, oldest)) return { for: 'checking', what: 'Node.js', state: 'ok', found };
  const fix = `install ${oldest} or newer (https://nodejs.org)`;
  return { for: 'checking', what: 'Node.js', state: 'too old', found, fix, exitCode: 2 };
}

/** The first version in what a program prints; undefined where it is not, and words where it does not start. */
async function versionOf(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const file = onPath(program, env);
  if (file === undefined) return undefined;
  try {
    const { stdout } = await promisify(execFile)(file, [...args], { env, timeout: 20_000 });
    return /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? 'there';
  } catch {
    return 'there, and does not say its version';
  }
}
