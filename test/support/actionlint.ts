import { spawnSync } from 'node:child_process';

const module = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12';

type Program = readonly [command: string, ...before: string[]];

const starts = ([command, ...before]: Program): boolean =>
  spawnSync(command, [...before, '-version'], { stdio: 'ignore' }).status === 0;

/** What judges workflows: on PATH, else through Go, which builds it once and keeps it; undefined where neither is there. */
export const actionlint: Program | undefined = ([['actionlint'], ['go', 'run', module]] satisfies Program[]).find(
  starts,
);

/** What it finds wrong with a workflow; nothing when it is right. */
export function faultsOf(workflow: string): string {
  const [command, ...before] = actionlint as Program;
  // Without the linters of other languages, which may be here or not.
  const args = ['-no-color', '-shellcheck=', '-pyflakes=', '-'];
  const { stdout, stderr } = spawnSync(command, [...before, ...args], { input: workflow, encoding: 'utf8' });
  return stdout + stderr;
}
