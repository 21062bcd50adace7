import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The engine does not tell a program whether policies are judged beside it. Both processes are children of the same
 * language host, so the pack leaves a note under that name while it runs. A note whose writer is gone counts as none:
 * in doubt the program refuses by itself.
 */
const prefix = 'perpetual-pack-';
const isNote = new RegExp(`^${prefix}\\d+$`);
const file = (): string => join(tmpdir(), prefix + process.ppid);

export function markPack(): void {
  try {
    writeFileSync(file(), String(process.pid), { mode: 0o600 });
    removeStale();
  } catch {
    // Without the note the program refuses by itself, which is as strict.
  }
}

/** Who starts the engine with the pack may say so: the two start side by side, and the program may be first. */
export const packVariable = 'PERPETUAL_POLICY_PACK';

export const isPackRunning = (): boolean => process.env[packVariable] === 'attached' || isWriterAlive(file());

/** The engine ends a pack without asking, so each clears away what those before it left. */
function removeStale(): void {
  for (const name of readdirSync(tmpdir())) {
    const note = join(tmpdir(), name);
    if (isNote.test(name) && !isWriterAlive(note)) rmSync(note, { force: true });
  }
}

function isWriterAlive(note: string): boolean {
  try {
    process.kill(Number(readFileSync(note, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}
