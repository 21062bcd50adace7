import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Tests of the command line and the pack run what a user runs: the build, made from the sources as they are now. What they
 * leave in the folder for temporary files goes with it.
 */
export default function setup(): () => void {
  execFileSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' });
  const folder = mkdtempSync(join(tmpdir(), 'perpetual-test-'));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
