import { type SpawnOptions, spawn } from 'node:child_process';
import type { RequestOptions } from 'node:https';
import { basename } from 'node:path';
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js';
import { Unanswered } from './unanswered.ts';

type User = Parameters<ExecAuth['applyAuthentication']>[0];

/**
 * Logs in with the program that the kubeconfig names, as kubelogin. The library waits for it for ever, so that it is
 * started in a group of its own, which ends with the signal. What it says itself may hold anything and is not repeated.
 */
export async function logIn(user: User, options: RequestOptions, signal: AbortSignal): Promise<void> {
  const login = new ExecAuth();
  const execFn = (command: string, args: readonly string[] | null, given: SpawnOptions) => {
    const child = spawn(command, args ?? [], { ...given, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const end = (): void => endGroup(child.pid);
    signal.addEventListener('abort', end, { once: true });
    child.once('close', () => signal.removeEventListener('abort', end));
    if (signal.aborted) end();
    return child;
  };
  try {
    Object.assign<object, object>(login, { execFn });
    await login.applyAuthentication(user, options);
  } catch (error) {
    const name = basename(String(user.exec.command));
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Unanswered(
      isAbsent ? `"${name}", with which one logs in, is not here` : `"${name}" does not log in here`,
    );
  }
}

function endGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
