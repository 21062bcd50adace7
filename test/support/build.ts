import { execFileSync } from 'node:child_process';

/** Tests of the command line and the pack run what a user runs: the build, made from the sources as they are now. */
export default function setup(): void {
  execFileSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' });
}
