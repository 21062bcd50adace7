import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export type Outcome = { code: number | null; stdout: string; stderr: string };

// The test runner asks for colour on behalf of its own output.
const { FORCE_COLOR: _, NODE_OPTIONS: __, ...withoutRunner } = process.env;

/** Runs the built command line as a user's shell does. */
export async function perpetual(
  args: readonly string[],
  options: { cwd?: string; input?: string; env?: Record<string, string> } = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, [`${import.meta.dirname}/../../bin/perpetual.js`, ...args], {
    cwd: options.cwd ?? process.cwd(),
    env: { ...withoutRunner, ...options.env },
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, stdout, stderr };
}
