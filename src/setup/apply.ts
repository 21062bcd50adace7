import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { UsageError } from '../files.ts';
import type { Step } from './step.ts';

export type Done = 'done' | 'was there' | 'left out';

/**
 * Runs the steps in their order and tells of each. The first that fails ends it: what is done stays, and the next run
 * goes on from there. `env` holds the secrets; none of them becomes an argument.
 */
export async function applySteps(
  steps: readonly Step[],
  env: NodeJS.ProcessEnv,
  tell: (title: string, done: Done, why?: string) => void,
): Promise<void> {
  const missing = [...new Set(steps.flatMap(({ stdin }) => (stdin && !env[stdin] ? [stdin] : [])))];
  if (missing.length > 0)
    throw new UsageError(
      `the setup needs the ${missing.length === 1 ? 'variable' : 'variables'} ${missing.join(', ')}, whose values become secrets of GitHub`,
    );
  const outputs = new Map<string, string>();
  const filled = (word: string): string => word.replace(/\$\{(\w+)\}/g, (_, name: string) => outputs.get(name) ?? '');
  for (const step of steps) {
    const { title, probe, captures, stdin, input, optional } = step;
    const found = probe && (await run(probe.map(filled), '', env));
    const isThere = found?.code === 0 && found.stdout.trim() !== '';
    const command = isThere ? step.whenThere : step.command;
    if (!command) {
      tell(title, 'was there');
      continue;
    }
    const given = stdin === undefined ? filled(input ?? '') : (env[stdin] as string);
    const { code, stdout, stderr } = await run(command.map(filled), given, env);
    const said = (what: string): UsageError =>
      new UsageError(`${title}: "${command.slice(0, 4).join(' ')}" says ${what}; run it again, what is done stays`, 4);
    if (code !== 0 && optional === undefined) throw said(`"${firstLine(stderr)}"`);
    if (captures === undefined) tell(title, code === 0 ? 'done' : 'left out', code === 0 ? undefined : optional);
    else if (stdout.trim() === '') throw said('nothing');
    else outputs.set(captures, stdout.trim());
  }
}

async function run([command = '', ...args]: readonly string[], input: string, env: NodeJS.ProcessEnv) {
  const child = spawn(command, args, { env });
  const closed = new Promise<number>((resolve, reject) => {
    child.on('close', (code) => resolve(code ?? 1));
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        new UsageError(
          error.code === 'ENOENT' ? `"${command}" is not on PATH` : `can't run "${command}": ${error.code}`,
        ),
      ),
    );
  });
  // Whoever does not read it has ended already, and says why.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code, stdout, stderr] = await Promise.all([closed, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

const firstLine = (output: string): string =>
  output
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('WARNING')) ?? 'nothing';
